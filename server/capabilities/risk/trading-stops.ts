import type { Knex } from "knex";
import type { KillMode, KillScope } from "#contracts/names.ts";
import {
  type EndedContract,
  type KillSwitch,
  mayTrigger,
  type StopTarget,
  stopsOn,
  type TradingStops,
} from "#core/kill-switch.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What stops the orders of the accounts that were asked about. */
export interface StopBook {
  readonly of: (target: StopTarget) => TradingStops;
  /** Whether a quote received at `receivedAt` may trigger the order. */
  readonly mayTrigger: (order: StopTarget & { readonly reduceOnly: boolean }, receivedAt: Date) => boolean;
}

interface StopRow {
  scope: KillScope | "contract";
  mode: KillMode;
  instrument_id: string | null;
  reason: string;
  thrown_by: string;
  thrown_at: Date;
  lifted_at: Date | null;
  on_accounts: string[] | null;
}

/** As long as quotes are kept: a trigger that catches up reads none that is older. */
const lookBackMs = 48 * 3_600_000;

/**
 * The switches that concern the accounts, and the contracts that have ended, in one query. Call it inside the
 * transaction that acts on the answer and before any account is locked: until the commit nobody can throw or lift a switch,
 * and a switch that was thrown before is seen.
 */
export async function loadStops(db: Knex, accountIds: readonly string[]): Promise<StopBook> {
  const rows = await prepared<StopRow>(
    db,
    "SELECT * FROM trading_stops_on(?::uuid[], clock_timestamp() - make_interval(secs => ?))",
    [[...new Set(accountIds)], lookBackMs / 1000],
  );
  const switches = rows.flatMap(toSwitch);
  const contracts = rows.flatMap(toEnded);
  return {
    of: (target) => stopsOn(target, switches, contracts),
    mayTrigger: (order, receivedAt) => mayTrigger(order, receivedAt, switches, contracts),
  };
}

const toSwitch = ({ scope, ...row }: StopRow): KillSwitch[] =>
  scope === "contract"
    ? []
    : [
        {
          scope,
          mode: row.mode,
          accounts: row.on_accounts === null ? null : new Set(row.on_accounts),
          instrumentId: row.instrument_id,
          reason: row.reason,
          thrownBy: row.thrown_by,
          thrownAt: row.thrown_at,
          liftedAt: row.lifted_at,
        },
      ];

const toEnded = ({ scope, instrument_id: instrumentId, reason, thrown_at }: StopRow): EndedContract[] =>
  scope === "contract" && instrumentId !== null ? [{ instrumentId, code: reason, lastTradeAt: thrown_at }] : [];
