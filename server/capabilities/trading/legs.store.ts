import type { Knex } from "knex";
import type { LegChange } from "#core/bracket.ts";
import { groupBy } from "#core/group-by.ts";
import type { LegOrigin } from "#core/reduce.ts";
import type { OrderToSettle } from "#core/settlement.ts";
import type { Lots, Ticks } from "#core/units.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import type { AccountRow } from "./accounts.store.ts";
import type { DueRow } from "./open-orders.store.ts";
import { type OrderEvent, writeOrderEvents } from "./order-events.store.ts";
import { insertSystemOrders, type OrderQuote, type SystemOrder } from "./system-orders.store.ts";

/** A leg that is to work for a position: a limit order takes the profit, a stop order the loss. */
export interface NewLeg {
  readonly account: AccountRow;
  readonly instrumentId: string;
  readonly termsVersion: number;
  readonly origin: LegOrigin;
  readonly side: "buy" | "sell";
  readonly lots: Lots;
  readonly price: Ticks;
  readonly quote: OrderQuote;
}

export const legOrder = ({ origin, price, ...leg }: NewLeg): SystemOrder => ({
  ...leg,
  origin,
  type: origin === "take-profit" ? "limit" : "stop",
  limitPrice: origin === "take-profit" ? price : null,
  stopPrice: origin === "stop-loss" ? price : null,
  reduceOnly: true,
  waits: true,
});

/** A leg's new size, and its new price with the quote it counts from; null: the price stays. */
export interface LegUpdate {
  readonly orderId: string;
  readonly origin: LegOrigin;
  readonly lots: Lots;
  readonly price: Ticks;
  readonly activeFromSeq: bigint | null;
}

export async function updateLegs(db: Knex, updates: readonly LegUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  await db.raw(
    `UPDATE orders o SET lots = n.lots, limit_ticks = CASE WHEN o.origin = 'take-profit' THEN n.price END,
       stop_ticks = CASE WHEN o.origin = 'stop-loss' THEN n.price END,
       active_from_seq = coalesce(nullif(n.active_from, '')::bigint, o.active_from_seq)
     FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[]) AS n (id, lots, price, active_from) WHERE o.id = n.id`,
    [
      updates.map(({ orderId }) => orderId),
      updates.map((update) => update.lots.toString()),
      updates.map(({ price }) => price.toString()),
      updates.map(({ activeFromSeq }) => activeFromSeq?.toString() ?? ""),
    ],
  );
}

/** Legs of one account's settlement. */
export interface SettledLegs {
  readonly account: AccountRow;
  readonly rows: readonly DueRow[];
  readonly legs: ReadonlyMap<string, readonly LegChange<OrderToSettle>[]>;
}

/** The ids of the legs that were made and of those that were changed or ended. */
export interface WrittenLegs {
  readonly working: readonly string[];
  readonly ended: readonly string[];
}

/** Writes what became of the brackets: nothing at all when no bracket was touched. */
export async function writeSettledLegs(db: Knex, settled: readonly SettledLegs[]): Promise<Map<string, WrittenLegs>> {
  const all = settled.flatMap(({ account, rows, legs }) =>
    [...legs].flatMap(([instrumentId, changes]) => changes.map((change) => ({ account, rows, instrumentId, change }))),
  );
  if (all.length === 0) return new Map();
  const created = all.flatMap(({ account, rows, instrumentId, change }) =>
    change.kind === "created" ? [{ account, leg: newLeg(account, rows, instrumentId, change) }] : [],
  );
  const ids = await insertSystemOrders(
    db,
    created.map(({ leg }) => legOrder(leg)),
  );
  const changed = all.flatMap(({ account, change }) => (change.kind === "changed" ? [{ account, change }] : []));
  await updateLegs(
    db,
    changed.map(({ change: { leg, origin, lots, price, setBy } }) => ({
      orderId: leg.id,
      origin,
      lots,
      price,
      activeFromSeq: setBy?.quoteSeq ?? null,
    })),
  );
  const cancelled = all.flatMap(({ account, change }) => (change.kind === "cancelled" ? [{ account, change }] : []));
  await cancelLegs(
    db,
    cancelled.map(({ change }) => ({ orderId: change.leg.id, code: change.code })),
  );
  await writeOrderEvents(db, systemActor, [
    ...changed.map(({ change }) => changeEvent(change)),
    ...cancelled.map(
      ({ change }): OrderEvent => ({ orderId: change.leg.id, kind: "cancelled", said: { code: change.code } }),
    ),
  ]);
  return writtenBy([
    ...created.map(({ account }, index) => ({ accountId: account.id, working: ids[index] ?? null, ended: null })),
    ...changed.map(({ account, change }) => ({ accountId: account.id, working: change.leg.id, ended: null })),
    ...cancelled.map(({ account, change }) => ({ accountId: account.id, working: null, ended: change.leg.id })),
  ]);
}

function writtenBy(
  all: readonly { accountId: string; working: string | null; ended: string | null }[],
): Map<string, WrittenLegs> {
  const named = (id: string | null): string[] => (id === null ? [] : [id]);
  return new Map(
    [...groupBy(all, ({ accountId }) => accountId)].map(([accountId, legs]) => [
      accountId,
      { working: legs.flatMap(({ working }) => named(working)), ended: legs.flatMap(({ ended }) => named(ended)) },
    ]),
  );
}

type Changed = Extract<LegChange<OrderToSettle>, { kind: "changed" }>;

const changeEvent = ({ leg, lots, price, setBy }: Changed): OrderEvent => ({
  orderId: leg.id,
  kind: setBy === null ? "resized" : "amended",
  said: { before: { lots: leg.lots, price: leg.price }, after: { lots, price } },
});

function newLeg(
  account: AccountRow,
  rows: readonly DueRow[],
  instrumentId: string,
  change: Extract<LegChange<OrderToSettle>, { kind: "created" }>,
): NewLeg {
  const { origin, side, lots, price, setBy } = change;
  const row = rows.find(({ id }) => id === setBy.id);
  if (row === undefined) throw new Error(`a bracket of ${account.id} is set by ${setBy.id}, which was not settled`);
  const quote: OrderQuote = {
    seq: setBy.quoteSeq,
    bid: setBy.bid,
    ask: setBy.ask,
    venueAt: row.quote_venue_at,
    receivedAt: row.quote_received_at,
  };
  return { account, instrumentId, termsVersion: setBy.terms.version, origin, side, lots, price, quote };
}

async function cancelLegs(db: Knex, ends: readonly { orderId: string; code: string }[]): Promise<void> {
  if (ends.length === 0) return;
  await db.raw(
    `UPDATE orders o SET state = 'cancelled', cancel_code = n.code, done_at = clock_timestamp()
     FROM unnest(?::uuid[], ?::text[]) AS n (id, code) WHERE o.id = n.id`,
    [ends.map(({ orderId }) => orderId), ends.map(({ code }) => code)],
  );
}
