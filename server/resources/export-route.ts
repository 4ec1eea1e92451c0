import type { RequestHandler } from "express";
import { systemClock } from "../platform/clock.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { streamCsv } from "./csv.ts";
import { says } from "./messages.ts";
import type { Resource } from "./model.ts";
import { demand, masksOf } from "./permissions.ts";
import type { AdminPorts } from "./ports.ts";
import { parseExportRequest } from "./query.ts";
import { actorOf, staffOf } from "./request-identity.ts";

/** Exports running at once in this process; each holds a connection for as long as the reader takes. */
const exportsMax = 4;
const retryAfterSeconds = 5;
const byteOrderMark = "\u{feff}";

/** How many exports run now; one for all resources. */
export interface ExportSlots {
  running: number;
}

export const exportSlots = (): ExportSlots => ({ running: 0 });

/** GET /<resource>/export.csv?filter&sort&profile: everything that matches, not a page. Each export is in the audit log. */
export function exportRoute(ports: AdminPorts, slots: ExportSlots, resource: Resource): RequestHandler {
  return async (request, response) => {
    const staff = staffOf(response);
    demand(staff, resource, "export");
    const asked = parseExportRequest(resource, request.query, {
      locale: staff.locale,
      masks: masksOf(staff, resource),
    });
    if (slots.running >= exportsMax)
      throw new ProblemError(503, "EXPORTS_BUSY", says("exportsBusy", staff.locale), {
        headers: { "Retry-After": String(retryAfterSeconds) },
      });
    slots.running++;
    try {
      await ports.transact(actorOf(staff, request, response), async ({ audit }) =>
        audit({ action: "export", resource: resource.name, objectId: null, after: { ...request.query } }),
      );
      await streamCsv(ports.readDb, resource, staff, asked, () => {
        response.set({
          "Content-Type": "text/csv; charset=utf-8",
          "Content-Disposition": `attachment; filename="${fileName(resource, systemClock.now())}"`,
          "X-Content-Type-Options": "nosniff",
          "Cache-Control": "no-store",
        });
        if (asked.profile === "excel") response.write(byteOrderMark);
        return response;
      });
    } catch (error) {
      if (!response.headersSent) throw error;
      // Half a file is out: cutting the connection is the only way left to say that it is not whole.
      response.destroy();
    } finally {
      slots.running--;
    }
  };
}

/** truewick_orders_20261122T180000Z.csv */
const fileName = (resource: Resource, at: Date): string =>
  `truewick_${resource.name}_${at.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z.csv`;
