import type { RequestHandler, Router } from "express";
import { assert } from "#core/result.ts";
import { breachPreview, type PreviewDeps } from "../capabilities/breach-preview/index.ts";
import { changeSheet } from "../capabilities/risk/index.ts";
import { busy } from "../platform/http/problem.ts";
import { riskChangeRoutes } from "../platform/http/risk-change-routes.ts";
import { demandReadable, type Resources } from "../resources/index.ts";

/** What the workbench of a change of the risk table asks besides the record. */
export function openRiskChangePages(deps: PreviewDeps, resources: Resources, requireStaff: RequestHandler): Router {
  const { db: readDb } = deps;
  const preview = breachPreview(deps);
  const readable = demandReadable(readDb, resources, "risk-changes");
  return riskChangeRoutes({
    requireStaff,
    sheet: async (staff, id) => {
      await readable(staff, id);
      const sheet = await changeSheet(readDb, id, staff.staffId);
      assert(sheet !== null, `risk change ${id} can be read and is not there`);
      return sheet;
    },
    breaches: async (staff, id, { book }) => {
      await readable(staff, id);
      const reply = await preview(id, book);
      if (reply === null) throw busy();
      return reply;
    },
  });
}
