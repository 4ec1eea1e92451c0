import type { Knex } from "knex";
import type { LossAction, LossSlot } from "#contracts/loss-names.ts";
import { groupBy } from "#core/group-by.ts";
import type { PaidMoney } from "#core/loss-limit.ts";
import type { LossState, StandingBreach } from "#core/loss-state.ts";
import { minorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** A state as it is stored, with the place in the ledger up to which it has seen the account's transfers. */
export interface StoredLossState extends LossState {
  readonly seenTransfer: bigint;
}

/** What the loss limits of an account are counted from. */
export interface AccountLosses extends PaidMoney {
  readonly accountId: string;
  readonly traderId: string;
  readonly states: ReadonlyMap<LossSlot, StoredLossState>;
  /** Until when the trader has shut himself out; null: he has not. */
  readonly excludedUntil: Date | null;
}

interface Row {
  account_id: string;
  trader_id: string;
  currency_scale: number;
  paid_in: bigint;
  paid_out: bigint;
  excluded_until: Date | null;
  slot: LossSlot | null;
  since_ms: number;
  balance_at_reset: bigint;
  equity_at_reset: bigint;
  peak: bigint;
  start: bigint;
  breached_ms: number | null;
  breach_action: LossAction;
  breach_ends_ms: number | null;
  seen_transfer: bigint;
}

/** States and payments of accounts, in one query; those that do not exist are left out. Decisions ask behind the accounts' locks. */
export async function loadLossStates(
  db: Knex,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, AccountLosses>> {
  const rows = await prepared<Row>(
    db,
    `SELECT a.id AS account_id, a.trader_id, a.currency_scale, p.paid_in, p.paid_out,
       (SELECT max(x.until) FROM self_exclusions x WHERE x.trader_id = a.trader_id AND x.until > clock_timestamp()) AS excluded_until,
       s.slot, ${msSql("s.counted_since")} AS since_ms,
       s.balance_at_reset, s.equity_at_reset, s.peak, s.start, ${msSql("s.breached_at")} AS breached_ms, s.breach_action,
       ${msSql("s.breach_ends_at")} AS breach_ends_ms, s.seen_transfer
     FROM accounts a JOIN account_payments p ON p.ledger_account_id = a.ledger_account_id
       LEFT JOIN loss_states s ON s.account_id = a.id
     WHERE a.id = ANY (?::uuid[])`,
    [[...accountIds]],
  );
  const found = new Map<string, AccountLosses>();
  for (const [accountId, own] of groupBy(rows, (row) => row.account_id)) {
    const [first] = own;
    if (first === undefined) continue;
    found.set(accountId, {
      accountId,
      traderId: first.trader_id,
      paidIn: minorUnits(first.paid_in),
      paidOut: minorUnits(first.paid_out),
      scale: first.currency_scale,
      excludedUntil: first.excluded_until,
      states: new Map(own.flatMap((row) => (row.slot === null ? [] : [[row.slot, stateOf(row)]]))),
    });
  }
  return found;
}

const msSql = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

const stateOf = (row: Row): StoredLossState => ({
  since: row.since_ms,
  balanceAtReset: minorUnits(row.balance_at_reset),
  equityAtReset: minorUnits(row.equity_at_reset),
  peak: minorUnits(row.peak),
  start: minorUnits(row.start),
  breach: breachOf(row),
  seenTransfer: row.seen_transfer,
});

const breachOf = (row: Row): StandingBreach | null =>
  row.breached_ms === null ? null : { at: row.breached_ms, action: row.breach_action, endsAt: row.breach_ends_ms };

/** A state to be written. */
export interface LossStateToWrite {
  readonly accountId: string;
  readonly slot: LossSlot;
  readonly state: LossState;
}

/** Writes states in one statement, in the transaction that holds their accounts' locks. */
export async function writeLossStates(db: Knex, written: readonly LossStateToWrite[]): Promise<void> {
  if (written.length === 0) return;
  const states = written.map(({ state }) => state);
  await prepared(
    db,
    `INSERT INTO loss_states AS s (account_id, slot, counted_since, balance_at_reset, equity_at_reset, peak, start, breached_at,
       breach_action, breach_ends_at, seen_transfer)
     SELECT n.id, n.slot, to_timestamp(n.since / 1000), n.balance, n.equity, n.peak, n.start,
       to_timestamp(nullif(n.breached, '')::float8 / 1000), nullif(n.action, ''), to_timestamp(nullif(n.ends, '')::float8 / 1000),
       (SELECT last_value FROM transfers_id_seq)
     FROM unnest(?::uuid[], ?::text[], ?::float8[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
       ?::text[]) AS n (id, slot, since, balance, equity, peak, start, breached, action, ends)
     ON CONFLICT (account_id, slot) DO UPDATE SET counted_since = excluded.counted_since,
       balance_at_reset = excluded.balance_at_reset, equity_at_reset = excluded.equity_at_reset, peak = excluded.peak,
       start = excluded.start, breached_at = excluded.breached_at, breach_action = excluded.breach_action,
       breach_ends_at = excluded.breach_ends_at, seen_transfer = excluded.seen_transfer`,
    [
      written.map(({ accountId }) => accountId),
      written.map(({ slot }) => slot),
      states.map(({ since }) => since),
      states.map(({ balanceAtReset }) => balanceAtReset.toString()),
      states.map(({ equityAtReset }) => equityAtReset.toString()),
      states.map(({ peak }) => peak.toString()),
      states.map(({ start }) => start.toString()),
      states.map(({ breach }) => breach?.at.toString() ?? ""),
      states.map(({ breach }) => breach?.action ?? ""),
      states.map(({ breach }) => breach?.endsAt?.toString() ?? ""),
    ],
  );
}
