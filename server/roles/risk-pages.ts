import type { RequestHandler, Router } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { EffectiveQuery } from "#contracts/risk-api.ts";
import type { RiskObject } from "#core/risk-table.ts";
import { loadRiskTable, riskPath, toldSettings } from "../capabilities/risk/index.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { riskRoutes } from "../platform/http/risk-routes.ts";
import { demandReadable, forbidden, type Resources } from "../resources/index.ts";
import type { Shared } from "./shared.ts";

/** The risk table's pages beside its records. Who may read its lines and the trader may read what holds for him. */
export function openRiskPages({ readDb, catalog }: Shared, resources: Resources, requireStaff: RequestHandler): Router {
  const traderReadable = demandReadable(readDb, resources, "traders");
  const readers = resources.get("risk-limits")?.declaration.operations.read ?? [];
  const aboutOf = async (staff: StaffIdentity, { trader, instrument }: EffectiveQuery): Promise<RiskObject | null> => {
    if (!readers.includes(staff.role)) throw forbidden(staff);
    await traderReadable(staff, trader);
    if (instrument === undefined) return null;
    const about = catalog.get(instrument);
    if (about === undefined) throw wrong("UNKNOWN_INSTRUMENT", "instrument", "There is no such instrument.");
    return { id: about.id, assetClass: about.assetClass };
  };
  return riskRoutes({
    requireStaff,
    effective: async (staff, asked) => {
      const about = await aboutOf(staff, asked);
      const found = (await loadRiskTable(readDb, [asked.trader])).of(asked.trader, about);
      return { trader: asked.trader, instrument: about?.id ?? null, settings: toldSettings(found) };
    },
    path: async (staff, asked) => {
      const about = await aboutOf(staff, asked);
      const { object } = asked;
      if (about === null && object !== "everything")
        throw wrong("INSTRUMENT_MISSING", "object", "Name the instrument whose lines are asked for.");
      const instrumentId = object === "instrument" ? (about?.id ?? null) : null;
      const assetClass = object === "class" ? (about?.assetClass ?? null) : null;
      const levels = (await riskPath(readDb, asked.trader, about, { instrumentId, assetClass })) ?? [];
      return { trader: asked.trader, instrument: about?.id ?? null, levels };
    },
  });
}

const wrong = (code: string, field: string, says: string): ProblemError =>
  new ProblemError(422, code, says, { errors: { [field]: says } });
