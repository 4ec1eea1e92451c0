import type { RequestHandler, Router } from "express";
import type { LimitScope } from "#contracts/names.ts";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { writeSetting } from "#core/risk-settings.ts";
import { loadRiskTable } from "../capabilities/risk/index.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { riskRoutes } from "../platform/http/risk-routes.ts";
import { demandReadable, forbidden, type Resources } from "../resources/index.ts";
import type { Shared } from "./shared.ts";

/** The risk table's pages beside its records. Who may read its lines and the trader may read what holds for him. */
export function openRiskPages({ readDb, catalog }: Shared, resources: Resources, requireStaff: RequestHandler): Router {
  const traderReadable = demandReadable(readDb, resources, "traders");
  const readers = resources.get("risk-limits")?.declaration.operations.read ?? [];
  return riskRoutes({
    requireStaff,
    effective: async (staff, { trader, instrument }) => {
      if (!readers.includes(staff.role)) throw forbidden(staff);
      await traderReadable(staff, trader);
      const about = instrument === undefined ? null : catalog.get(instrument);
      if (about === undefined) {
        const says = "There is no such instrument.";
        throw new ProblemError(422, "UNKNOWN_INSTRUMENT", says, { errors: { instrument: says } });
      }
      const found = (await loadRiskTable(readDb, [trader])).of(trader, about);
      const settings = riskSettingNames.flatMap((name: RiskSetting) => {
        const one = found[name];
        if (one === undefined) return [];
        const { source, limitId, version } = one;
        const scope = source.replace(/:.*$/s, "") as LimitScope;
        return [{ name, value: writeSetting(name, one.value), scope, source, limitId, version }];
      });
      return { trader, instrument: instrument ?? null, settings };
    },
  });
}
