import type { Knex } from "knex";
import type { OrderType, Side } from "#contracts/names.ts";
import type { RecentOrders } from "#core/risk-checks.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What some accounts did lately. */
export interface FlowBook {
  /** Same orders in one. */
  readonly recent: (accountId: string) => readonly RecentOrders[];
}

export const noFlow: FlowBook = { recent: () => [] };

/** Orders of one account that are looked at: more in the time asked about are too many by any limit. */
const recentMax = 1_000;

interface OrderRow {
  account_id: string;
  instrument_id: string;
  side: Side;
  lots: bigint;
  type: OrderType;
  age_ms: number;
  last_minute: number;
}

/** Orders that traders gave in the last `seconds`. */
export async function loadFlow(db: Knex, accountIds: readonly string[], seconds: number): Promise<FlowBook> {
  // The bound that the index is searched by is the transaction's beginning: the clock's time, which moves, would have all orders read.
  const orders = await prepared<OrderRow>(
    db,
    `SELECT o.account_id, o.instrument_id, o.side, o.lots, o.type,
         greatest(0, date_part('epoch', clock_timestamp() - max(o.accepted_at)) * 1000) AS age_ms,
         (count(*) FILTER (WHERE o.accepted_at > clock_timestamp() - interval '1 minute'))::int AS last_minute
       FROM unnest(?::uuid[]) AS a (id) CROSS JOIN LATERAL (SELECT account_id, instrument_id, side, lots, type, accepted_at
         FROM orders o WHERE o.account_id = a.id AND o.accepted_at > now() - make_interval(secs => ?) AND o.origin = 'trader'
         ORDER BY o.accepted_at DESC LIMIT ${recentMax}) o
       GROUP BY o.account_id, o.instrument_id, o.side, o.lots, o.type`,
    [accountIds, seconds],
  );
  const recentOf = new Map<string, RecentOrders[]>();
  for (const row of orders) {
    const list = recentOf.get(row.account_id) ?? [];
    const { instrument_id: instrumentId, side, lots, type, age_ms: ageMs, last_minute: lastMinute } = row;
    list.push({ instrumentId, side, lots, type, ageMs, lastMinute });
    recentOf.set(row.account_id, list);
  }
  return { recent: (accountId) => recentOf.get(accountId) ?? [] };
}
