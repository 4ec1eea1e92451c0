import type { Knex } from "knex";
import type { OrderType, Side } from "#contracts/names.ts";
import { groupBy } from "#core/group-by.ts";
import type { RecentOrders } from "#core/risk-checks.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What some accounts did lately. */
export interface FlowBook {
  /** Orders of the last minute. */
  readonly lastMinute: (accountId: string) => number;
  /** Same orders in one. */
  readonly recent: (accountId: string) => readonly RecentOrders[];
}

/** Orders of one account that are looked at: more in the time asked about are too many by any limit. */
const recentMax = 1_000;

/** Accounts whose orders of the last minute are counted, and those whose orders of the last `seconds` must not be repeated. */
export interface FlowAsked {
  readonly counted: readonly string[];
  readonly repeated: readonly string[];
  readonly seconds: number;
}

/** Orders that traders gave lately; nothing is read of what is not asked for. */
export async function loadFlow(db: Knex, { counted, repeated, seconds }: FlowAsked): Promise<FlowBook> {
  const [counts, orders] = await Promise.all([
    counted.length === 0 ? [] : countMinute(db, counted),
    repeated.length === 0 ? [] : readRepeatable(db, repeated, seconds),
  ]);
  const countOf = new Map(counts.map(({ account_id, orders: count }) => [account_id, count]));
  const recentOf = groupBy(orders, ({ account_id }) => account_id);
  return {
    lastMinute: (accountId) => countOf.get(accountId) ?? 0,
    recent: (accountId) =>
      (recentOf.get(accountId) ?? []).map(({ instrument_id: instrumentId, side, lots, type, age_ms: ageMs }) => ({
        ...{ instrumentId, side, lots, type, ageMs },
      })),
  };
}

// The bound that the index is searched by is the transaction's beginning: the clock's time, which moves, would have all orders read.

const countMinute = (db: Knex, accountIds: readonly string[]): Promise<{ account_id: string; orders: number }[]> =>
  prepared(
    db,
    `SELECT a.id AS account_id, n.orders
     FROM unnest(?::uuid[]) AS a (id) CROSS JOIN LATERAL (SELECT count(*)::int AS orders FROM (SELECT FROM orders o
       WHERE o.account_id = a.id AND o.accepted_at > now() - interval '1 minute' AND o.accepted_at > clock_timestamp() - interval '1 minute'
         AND o.origin = 'trader' LIMIT ${recentMax}) o) n
     WHERE n.orders > 0`,
    [accountIds],
  );

interface OrderRow {
  account_id: string;
  instrument_id: string;
  side: Side;
  lots: bigint;
  type: OrderType;
  age_ms: number;
}

const readRepeatable = (db: Knex, accountIds: readonly string[], seconds: number): Promise<OrderRow[]> =>
  prepared(
    db,
    `SELECT o.account_id, o.instrument_id, o.side, o.lots, o.type,
       greatest(0, date_part('epoch', clock_timestamp() - max(o.accepted_at)) * 1000) AS age_ms
     FROM unnest(?::uuid[]) AS a (id) CROSS JOIN LATERAL (SELECT account_id, instrument_id, side, lots, type, accepted_at
       FROM orders o WHERE o.account_id = a.id AND o.accepted_at > now() - make_interval(secs => ?) AND o.origin = 'trader'
       ORDER BY o.accepted_at DESC LIMIT ${recentMax}) o
     GROUP BY o.account_id, o.instrument_id, o.side, o.lots, o.type`,
    [accountIds, seconds],
  );
