import type { Knex } from "knex";
import type { LossSlot } from "#contracts/loss-names.ts";
import { transferCodes } from "#contracts/names.ts";
import { lastReset } from "#core/loss-period.ts";
import type { EffectiveLossRule } from "#core/loss-rule.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import type { AccountLosses } from "./loss-states.store.ts";

/** What trading books on an account; everything else is a payment. */
export const tradingCodes = [
  transferCodes.realizedPnl,
  transferCodes.fee,
  transferCodes.liquidationFee,
  transferCodes.negativeBalanceProtection,
  transferCodes.dailySettlement,
];

/** What trading has booked on an account since some moment: minor units, + credited, - debited. */
export interface Booked {
  readonly atMs: number;
  readonly amount: bigint;
}

export type BookedBook = ReadonlyMap<string, readonly Booked[]>;

/** The rules in force for an account's trader, one a slot. */
export type LossRuleBook = ReadonlyMap<string, readonly EffectiveLossRule[]>;

/** The booked result as it was at an earlier moment: what was booked since is taken off. */
export const bookedResultAt =
  (present: MinorUnits, since: readonly Booked[]) =>
  (atMs: number): MinorUnits =>
    minorUnits(since.reduce<bigint>((result, one) => (one.atMs >= atMs ? result - one.amount : result), present));

interface Behind {
  readonly accountId: string;
  readonly fromMs: number;
  readonly seenTransfer: bigint;
}

/** For accounts with a state that a reset has passed, or none yet: what was booked since. Nothing is read when there are none. */
export async function loadBooked(
  db: Knex,
  losses: Iterable<AccountLosses>,
  rules: LossRuleBook,
  atMs: number,
): Promise<BookedBook> {
  const behind = [...losses].flatMap((own) => behindOf(own, rules.get(own.accountId) ?? [], atMs));
  if (behind.length === 0) return new Map();
  const rows = await prepared<{ account_id: string; at_ms: number; amount: bigint }>(
    db,
    `SELECT a.id AS account_id, (extract(epoch FROM t.posted_at) * 1000)::float8 AS at_ms, t.amount
     FROM unnest(?::uuid[], ?::float8[], ?::bigint[]) AS n (id, from_ms, seen) JOIN accounts a ON a.id = n.id
       CROSS JOIN LATERAL (
         SELECT posted_at, amount FROM transfers WHERE credit_account = a.ledger_account_id AND id > n.seen
           AND book_date >= (to_timestamp(n.from_ms / 1000) - interval '1 day')::date AND posted_at >= to_timestamp(n.from_ms / 1000)
           AND code = ANY (?::smallint[])
         UNION ALL
         SELECT posted_at, -amount FROM transfers WHERE debit_account = a.ledger_account_id AND id > n.seen
           AND book_date >= (to_timestamp(n.from_ms / 1000) - interval '1 day')::date AND posted_at >= to_timestamp(n.from_ms / 1000)
           AND code = ANY (?::smallint[])) t`,
    [
      behind.map(({ accountId }) => accountId),
      behind.map(({ fromMs }) => fromMs),
      behind.map(({ seenTransfer }) => seenTransfer.toString()),
      tradingCodes,
      tradingCodes,
    ],
  );
  const found = new Map<string, Booked[]>(behind.map(({ accountId }) => [accountId, []]));
  for (const row of rows) found.get(row.account_id)?.push({ atMs: row.at_ms, amount: row.amount });
  return found;
}

/** From where the transfers of an account matter: the earliest of what its slots ask for. */
function behindOf({ accountId, states }: AccountLosses, rules: readonly EffectiveLossRule[], atMs: number): Behind[] {
  const asked = rules.flatMap(({ slot, rule }) => {
    const state = states.get(slot as LossSlot);
    const reset = lastReset(rule.reset, atMs);
    if (state === undefined) return [{ fromMs: reset, seenTransfer: 0n }];
    return reset > state.since ? [{ fromMs: state.since, seenTransfer: state.seenTransfer }] : [];
  });
  const [first] = asked;
  if (first === undefined) return [];
  return [
    asked.reduce(
      (least, one) => ({
        accountId,
        fromMs: Math.min(least.fromMs, one.fromMs),
        seenTransfer: one.seenTransfer < least.seenTransfer ? one.seenTransfer : least.seenTransfer,
      }),
      { accountId, ...first },
    ),
  ];
}
