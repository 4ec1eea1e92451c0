import type { RequestHandler, Router } from "express";
import { assert } from "#core/result.ts";
import { changeSheet } from "../capabilities/risk/index.ts";
import { riskChangeRoutes } from "../platform/http/risk-change-routes.ts";
import { demandReadable, type Resources } from "../resources/index.ts";
import type { Shared } from "./shared.ts";

/** What the workbench of a change of the risk table asks besides the record. */
export function openRiskChangePages({ readDb }: Shared, resources: Resources, requireStaff: RequestHandler): Router {
  const readable = demandReadable(readDb, resources, "risk-changes");
  return riskChangeRoutes({
    requireStaff,
    sheet: async (staff, id) => {
      await readable(staff, id);
      const sheet = await changeSheet(readDb, id, staff.staffId);
      assert(sheet !== null, `risk change ${id} can be read and is not there`);
      return sheet;
    },
  });
}
