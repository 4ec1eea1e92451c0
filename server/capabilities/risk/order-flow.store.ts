import type { Knex } from "knex";
import type { OrderType, Side } from "#contracts/names.ts";
import type { RecentOrders } from "#core/risk-checks.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What some accounts did lately. */
export interface FlowBook {
  /** Same orders in one. */
  readonly recent: (accountId: string) => readonly RecentOrders[];
  readonly lastHeld: (accountId: string, instrumentId: string) => { heldMs: number; openedMsAgo: number } | null;
}

export const noFlow: FlowBook = { recent: () => [], lastHeld: () => null };

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

interface HeldRow {
  account_id: string;
  instrument_id: string;
  held_ms: number;
  opened_ms_ago: number;
}

/** How far back orders are looked at, 0: not at all; and whether it is asked how long positions were held. */
export interface FlowAsked {
  readonly seconds: number;
  readonly holding: boolean;
}

/** Orders that traders gave in the last `seconds`, and the last position of each instrument that was closed. */
export async function loadFlow(
  db: Knex,
  accountIds: readonly string[],
  { seconds, holding }: FlowAsked,
): Promise<FlowBook> {
  const [orders, held] = await Promise.all([
    // The bound that the index is searched by is the transaction's beginning: the clock's time, which moves, would have all orders read.
    prepared<OrderRow>(
      db,
      `SELECT o.account_id, o.instrument_id, o.side, o.lots, o.type,
         greatest(0, extract(epoch FROM clock_timestamp() - max(o.accepted_at)) * 1000)::float8 AS age_ms,
         (count(*) FILTER (WHERE o.accepted_at > clock_timestamp() - interval '1 minute'))::int AS last_minute
       FROM unnest(?::uuid[]) AS a (id) CROSS JOIN LATERAL (SELECT account_id, instrument_id, side, lots, type, accepted_at
         FROM orders o WHERE o.account_id = a.id AND o.accepted_at > now() - make_interval(secs => ?) AND o.origin = 'trader'
         ORDER BY o.accepted_at DESC LIMIT ${recentMax}) o
       GROUP BY o.account_id, o.instrument_id, o.side, o.lots, o.type`,
      [accountIds, seconds],
    ),
    !holding
      ? []
      : prepared<HeldRow>(
          db,
          `SELECT p.account_id, p.instrument_id, extract(epoch FROM f.filled_at - p.opened_at)::float8 * 1000 AS held_ms,
         extract(epoch FROM clock_timestamp() - p.opened_at)::float8 * 1000 AS opened_ms_ago
       FROM positions p CROSS JOIN LATERAL (SELECT filled_at FROM fills f
         WHERE f.account_id = p.account_id AND f.instrument_id = p.instrument_id ORDER BY f.id DESC LIMIT 1) f
       WHERE p.account_id = ANY (?::uuid[]) AND p.lots = 0`,
          [accountIds],
        ),
  ]);
  const recentOf = new Map<string, RecentOrders[]>();
  for (const row of orders) {
    const list = recentOf.get(row.account_id) ?? [];
    const { instrument_id: instrumentId, side, lots, type, age_ms: ageMs, last_minute: lastMinute } = row;
    list.push({ instrumentId, side, lots, type, ageMs, lastMinute });
    recentOf.set(row.account_id, list);
  }
  const heldOf = new Map(held.map((row) => [`${row.account_id} ${row.instrument_id}`, row]));
  return {
    recent: (accountId) => recentOf.get(accountId) ?? [],
    lastHeld: (accountId, instrumentId) => {
      const row = heldOf.get(`${accountId} ${instrumentId}`);
      return row === undefined ? null : { heldMs: row.held_ms, openedMsAgo: row.opened_ms_ago };
    },
  };
}
