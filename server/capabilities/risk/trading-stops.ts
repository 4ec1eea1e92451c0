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

/** What stops the orders of the accounts that were asked about. */
export interface StopBook {
  readonly of: (target: StopTarget) => TradingStops;
  /** Whether a quote received at `receivedAt` may trigger the order. */
  readonly mayTrigger: (order: StopTarget & { readonly reduceOnly: boolean }, receivedAt: Date) => boolean;
}

interface SwitchRow {
  scope: KillScope;
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
 * The switches that concern the accounts, in one query; no round trip more when none was ever thrown. Call it inside the
 * transaction that acts on the answer and before any account is locked: until the commit nobody can throw or lift a switch,
 * and a switch that was thrown before is seen.
 */
export async function loadStops(db: Knex, accountIds: readonly string[]): Promise<StopBook> {
  const { rows } = await db.raw<{ rows: SwitchRow[] }>(
    "SELECT * FROM kill_switches_on(?::uuid[], clock_timestamp() - make_interval(secs => ?))",
    [[...new Set(accountIds)], lookBackMs / 1000],
  );
  const switches = rows.map(toSwitch);
  const contracts: readonly EndedContract[] = [];
  return {
    of: (target) => stopsOn(target, switches, contracts),
    mayTrigger: (order, receivedAt) => mayTrigger(order, receivedAt, switches, contracts),
  };
}

const toSwitch = (row: SwitchRow): KillSwitch => ({
  scope: row.scope,
  mode: row.mode,
  accounts: row.on_accounts === null ? null : new Set(row.on_accounts),
  instrumentId: row.instrument_id,
  reason: row.reason,
  thrownBy: row.thrown_by,
  thrownAt: row.thrown_at,
  liftedAt: row.lifted_at,
});
