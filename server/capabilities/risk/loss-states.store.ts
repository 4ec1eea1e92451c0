import type { Knex } from "knex";
import type { LossAction, LossSlot } from "#contracts/loss-names.ts";
import type { PaidMoney } from "#core/loss-limit.ts";
import type { LossState } from "#core/loss-state.ts";
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
  states: string | null;
}

/** The columns of a state as one text, empty where there is none: a row for each state would cost more than all else that is read with it. */
const stateSql = `concat_ws(' ', s.slot, ${msSql("s.counted_since")}, s.balance_at_reset, s.equity_at_reset, s.peak, s.start, s.seen_transfer,
  ${msSql("s.breached_at")}, s.breach_action, ${msSql("s.breach_ends_at")})`;

/** States and payments of accounts, a row each; those that do not exist are left out. Decisions ask behind the accounts' locks. */
export async function loadLossStates(
  db: Knex,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, AccountLosses>> {
  const rows = await prepared<Row>(
    db,
    `SELECT a.id AS account_id, a.trader_id, a.currency_scale, p.paid_in, p.paid_out,
       (SELECT max(x.until) FROM self_exclusions x WHERE x.trader_id = a.trader_id AND x.until > clock_timestamp()) AS excluded_until,
       (SELECT string_agg(${stateSql}, ',') FROM loss_states s WHERE s.account_id = a.id) AS states
     FROM accounts a CROSS JOIN LATERAL (SELECT * FROM account_payments WHERE ledger_account_id = a.ledger_account_id LIMIT 1) p
     WHERE a.id = ANY (?::uuid[])`,
    [[...accountIds]],
  );
  return new Map(
    rows.map(({ account_id: accountId, trader_id: traderId, paid_in, paid_out, ...row }) => [
      accountId,
      {
        ...{ accountId, traderId, paidIn: minorUnits(paid_in), paidOut: minorUnits(paid_out) },
        ...{ scale: row.currency_scale, excludedUntil: row.excluded_until },
        states: new Map((row.states?.split(",") ?? []).map(readState)),
      },
    ]),
  );
}

/** A function, for the text above is made of it. */
function msSql(column: string): string {
  return `date_part('epoch', ${column}) * 1000`;
}

function readState(text: string): [LossSlot, StoredLossState] {
  const [slot, since, balance, equity, peak, start, seen, at, action, endsAt] = text.split(" ");
  const money = (column: string | undefined) => minorUnits(BigInt(column ?? ""));
  return [
    slot as LossSlot,
    {
      since: Number(since),
      balanceAtReset: money(balance),
      equityAtReset: money(equity),
      peak: money(peak),
      start: money(start),
      seenTransfer: BigInt(seen ?? ""),
      breach:
        at === undefined
          ? null
          : { at: Number(at), action: action as LossAction, endsAt: endsAt === undefined ? null : Number(endsAt) },
    },
  ];
}

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
