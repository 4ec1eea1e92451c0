import type { Knex } from "knex";
import type { StoryEntry } from "#contracts/story.ts";
import { assert } from "#core/result.ts";
import { formatPrice, ticks } from "#core/units.ts";
import {
  type QuoteColumns,
  readEvents,
  readFills,
  readOrder,
  readTransfers,
  type StoryEvent,
  type StoryFill,
  type StoryOrder,
  type StoryTransfer,
} from "./order-story.store.ts";

type Step = Omit<StoryEntry, "afterMs">;

/**
 * The life of an order: accepted with all its checks and the quote in force, what happened while it waited, its fills with the
 * quote that priced them and the money that moved, its end. Built from the rows that trading wrote; nothing is told
 * that is not stored.
 */
export const orderStory =
  (db: Knex) =>
  async (id: string): Promise<readonly StoryEntry[]> => {
    const order = await readOrder(db, id);
    assert(order !== null, `the story of order ${id}, which does not exist`);
    const events = await readEvents(db, id);
    const fills = await readFills(db, id);
    const transfers = await readTransfers(
      db,
      fills.map((fill) => fill.group_id),
    );
    return timed([
      acceptance(order, events),
      ...events.map((event) => eventStep(order, event)),
      ...fills.map((fill) => fillStep(fill, transfers)),
      ...endOf(order, events),
    ]);
  };

/** In the order of their times; steps of one moment keep theirs. */
function timed(steps: readonly Step[]): StoryEntry[] {
  const sorted = steps
    .map((step, place) => ({ step, place }))
    .sort((a, b) => Date.parse(a.step.at) - Date.parse(b.step.at) || a.place - b.place)
    .map(({ step }) => step);
  return sorted.map((step, place) => {
    const before = sorted[place - 1];
    return { ...step, afterMs: before === undefined ? null : Date.parse(step.at) - Date.parse(before.at) };
  });
}

const fact = (name: string, value: string | bigint | null, before: string | null = null) =>
  value === null ? [] : [{ name, value: String(value), before }];

const quoteOf = (row: QuoteColumns, at: Date): Step["quote"] => ({
  seq: row.quote_seq.toString(),
  bid: row.quote_bid,
  ask: row.quote_ask,
  venueAt: row.quote_venue_at.toISOString(),
  receivedAt: row.quote_received_at.toISOString(),
  ageMs: at.getTime() - row.quote_received_at.getTime(),
});

/** With the lots and prices it was accepted with: what was amended since is told by the amendment. */
function acceptance(order: StoryOrder, events: readonly StoryEvent[]): Step {
  const byTrader = order.origin === "trader";
  return {
    at: order.accepted_at.toISOString(),
    kind: "accepted",
    by: { kind: byTrader ? "trader" : "system", name: byTrader ? order.trader_name : null },
    quote: quoteOf(order, order.accepted_at),
    checks: order.checks.map((check) => ({
      ...{ limit: null, value: null, headroom: null, source: null },
      ...check,
    })),
    facts: [
      ...fact("origin", byTrader ? null : order.origin),
      ...fact("lots", firstOf("lots", order, events) ?? order.lots),
      ...fact("limitPrice", firstOf("limitPrice", order, events) ?? order.limit_price),
      ...fact("stopPrice", firstOf("stopPrice", order, events) ?? order.stop_price),
      ...fact("takeProfitPrice", order.take_profit_price),
      ...fact("stopLossPrice", order.stop_loss_price),
    ],
    transfers: [],
  };
}

/** What stood before the first change of it; null where nothing changed it. */
const firstOf = (name: string, order: StoryOrder, events: readonly StoryEvent[]): string | null =>
  events.flatMap((event) => changesOf(order, event)).find((change) => change.name === name && change.before !== null)
    ?.before ?? null;

function eventStep(order: StoryOrder, event: StoryEvent): Step {
  const { quote } = event;
  return {
    at: event.at.toISOString(),
    kind: event.kind,
    by: { kind: event.actor_kind, name: event.actor_name },
    quote:
      quote === null
        ? null
        : {
            ...quote,
            venueAt: new Date(quote.venueAt).toISOString(),
            receivedAt: new Date(quote.receivedAt).toISOString(),
            ageMs: event.at.getTime() - Date.parse(quote.receivedAt),
          },
    checks: null,
    facts: changesOf(order, event),
    transfers: [],
  };
}

/** Lots and prices before and after; the code and the reason of an end. */
function changesOf(order: StoryOrder, event: StoryEvent): Step["facts"] {
  const { said, tick_size: tickSize, price_decimals: decimals } = event;
  const scaled = BigInt(tickSize.replace(".", "")) * 10n ** BigInt(decimals - fractionOf(tickSize));
  const written = (name: string, value: unknown): string | null => {
    if (value === null || value === undefined) return null;
    const whole = BigInt(String(value));
    return name === "lots" ? whole.toString() : formatPrice(ticks(whole), { tickSize: scaled, decimals });
  };
  const before = membersOf(said.before);
  const after = membersOf(said.after);
  const changed = Object.keys(after)
    .filter((name) => String(after[name]) !== String(before[name]))
    .flatMap((name) => fact(factName(name, order), written(name, after[name]), written(name, before[name])));
  const told = ["code", "reason"].flatMap((name) => fact(name, typeof said[name] === "string" ? said[name] : null));
  return [...changed, ...told];
}

const fractionOf = (decimal: string): number => decimal.split(".")[1]?.length ?? 0;

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** The members of an event's before and after. A bracket's leg has one price, and says only that. */
const factName = (member: string, { limit_price: limit }: StoryOrder): string =>
  ({ limit: "limitPrice", stop: "stopPrice", price: limit === null ? "stopPrice" : "limitPrice" })[member] ?? member;

function fillStep(fill: StoryFill, transfers: readonly StoryTransfer[]): Step {
  return {
    at: fill.filled_at.toISOString(),
    kind: "filled",
    by: { kind: "system", name: null },
    quote: quoteOf(fill, fill.filled_at),
    checks: null,
    facts: [
      ...fact("fill", fill.id),
      ...fact("lots", fill.lots),
      ...fact("price", fill.price),
      ...fact("gap", fill.gap),
      ...fact("rule", fill.side === "buy" ? "buy-at-ask" : "sell-at-bid"),
      ...fact("realizedPnl", `${fill.realized_pnl} ${fill.currency}`),
      ...fact("fee", `${fill.fee} ${fill.currency}`),
      ...fact("positionAfter", fill.position_lots_after),
    ],
    transfers: transfers
      .filter((transfer) => transfer.group_id === fill.group_id)
      .map((transfer) => ({
        id: transfer.id.toString(),
        code: transfer.code,
        from: transfer.debit_kind,
        to: transfer.credit_kind,
        amount: transfer.amount,
        currency: transfer.currency,
      })),
  };
}

const ends: readonly string[] = ["cancelled", "rejected", "expired"];

/** An end without a fill that no event has told. */
function endOf(order: StoryOrder, events: readonly StoryEvent[]): Step[] {
  if (order.done_at === null || !ends.includes(order.state)) return [];
  if (events.some((event) => event.kind === order.state)) return [];
  return [
    {
      at: order.done_at.toISOString(),
      kind: order.state,
      by: { kind: "system", name: null },
      quote: null,
      checks: null,
      facts: fact("code", order.rejection_code ?? order.cancel_code),
      transfers: [],
    },
  ];
}
