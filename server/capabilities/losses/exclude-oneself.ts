import type { TraderIdentity } from "#contracts/identity.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Transact } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { type Cancelling, lockAccounts, traderActor } from "../trading/index.ts";

export interface ExclusionPorts {
  readonly transact: Transact;
  readonly cancelWorking: Cancelling["cancelWorking"];
  readonly announce: (announcement: Announcement) => void;
}

/** `until`: what holds now. */
export type ExclusionRefusal =
  | { readonly code: "EXCLUSION_TOO_SHORT" | "EXCLUSION_TOO_LONG" }
  | { readonly code: "EXCLUSION_ONLY_LONGER"; readonly until: Date };

export type ExcludeOneself = (trader: TraderIdentity, until: Date) => Promise<Result<Date, ExclusionRefusal>>;

interface Row {
  is_short: boolean;
  is_long: boolean;
  standing: Date | null;
}

/**
 * Shuts a trader out of opening positions, on all his accounts, until a moment of his choice: a day to five years ahead. Nobody can take
 * it back or shorten it, himself and staff included; he may make it longer. What waits and may open is cancelled; his exits, and the
 * orders that protect his positions, go on. The same moment again is the same answer.
 */
export const excludeOneself =
  ({ transact, cancelWorking, announce }: ExclusionPorts): ExcludeOneself =>
  (trader, until) =>
    transact(traderActor(trader), async (work) => {
      const { rows: own } = await work.db.raw<{ rows: { id: string }[] }>(
        "SELECT id FROM accounts WHERE trader_id = ?",
        [trader.traderId],
      );
      const accounts = await lockAccounts(
        work.db,
        own.map(({ id }) => id),
      );
      const { rows } = await work.db.raw<{ rows: Row[] }>(
        `SELECT w.until < clock_timestamp() + interval '1 day' AS is_short, w.until > clock_timestamp() + interval '5 years' AS is_long,
           (SELECT max(x.until) FROM self_exclusions x WHERE x.trader_id = ? AND x.until > clock_timestamp()) AS standing
         FROM (SELECT to_timestamp(?::float8 / 1000) AS until) w`,
        [trader.traderId, until.getTime()],
      );
      const { is_short = true, is_long = false, standing = null } = rows[0] ?? {};
      if (standing !== null && standing > until) return refuse({ code: "EXCLUSION_ONLY_LONGER", until: standing });
      if (standing !== null && standing.getTime() === until.getTime()) return ok(until);
      if (is_short) return refuse({ code: "EXCLUSION_TOO_SHORT" });
      if (is_long) return refuse({ code: "EXCLUSION_TOO_LONG" });
      const { traderId, tenantId } = trader;
      const id = newId();
      await work
        .db("self_exclusions")
        .insert({ id, tenant_id: tenantId, trader_id: traderId, until: until.toISOString() });
      const ended = await cancelWorking(work, accounts, { code: "RISK_LIMIT", usingMargin: true });
      const [before, after] = [{ until: standing?.toISOString() ?? null }, { until: until.toISOString() }];
      work.audit({ action: "exclude", resource: "self-exclusions", objectId: id, tenantId, before, after });
      work.afterCommit(() => {
        for (const accountId of accounts.keys()) announce({ kind: "settled", accountId, orderIds: [] });
        if (ended.length > 0) announce({ kind: "working", orderIds: ended.map((order) => order.id) });
      });
      return ok(until);
    });
