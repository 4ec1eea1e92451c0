import type { ExportProfile, ExportReport, ExportSeparator } from "#contracts/export-names.ts";
import type { Book } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

/** A file somebody asks for. Book dates, both included. */
export interface NewExport {
  readonly report: ExportReport;
  readonly tenantId: number;
  readonly book: Book;
  readonly fromDate: string;
  readonly toDate: string;
  readonly profile: ExportProfile;
  readonly separator: ExportSeparator;
  readonly timeZone: string;
}

export type ExportRefusal = {
  readonly code: "NO_PERSON" | "TOO_MANY_EXPORTS" | "NOT_IN_THIS_STATE";
  readonly field?: string;
};

/** So many of one person may wait at once: a click too many must not keep the others waiting. */
const waitingMax = 10;

/** Puts it into the queue. Who asked for what is in the audit log. */
export async function requestExport(
  work: Work,
  actor: Actor,
  wanted: NewExport,
): Promise<Result<{ id: string }, ExportRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const [waiting] = await work
    .db("exports")
    .where({ requested_by_id: actor.id })
    .whereIn("state", ["queued", "running"])
    .count({ total: "*" });
  if (Number(waiting?.total) >= waitingMax) return refuse({ code: "TOO_MANY_EXPORTS" });
  const id = newId();
  const { report, tenantId, book, fromDate, toDate, profile, separator, timeZone } = wanted;
  await work.db("exports").insert({
    ...{ id, tenant_id: tenantId, report, book, from_date: fromDate, to_date: toDate, profile, separator },
    ...{ time_zone: timeZone, requested_by_id: actor.id, requested_by: actor.name },
  });
  work.audit({ action: "request", resource: "exports", objectId: id, tenantId, after: { ...wanted } });
  return ok({ id });
}

/** Takes it back while it waits or is being made; a maker under way finds out at its next look. */
export async function cancelExport(work: Work, id: string): Promise<Result<null, ExportRefusal>> {
  const cancelled = await work
    .db("exports")
    .where({ id })
    .whereIn("state", ["queued", "running"])
    .update({ state: "cancelled", finished_at: work.db.raw("clock_timestamp()") })
    .returning("tenant_id");
  if (cancelled.length === 0) return refuse({ code: "NOT_IN_THIS_STATE" });
  work.audit({ action: "cancel", resource: "exports", objectId: id, tenantId: cancelled[0].tenant_id });
  return ok(null);
}
