import { touch } from "#core/trigger.ts";
import { ticks } from "#core/units.ts";
import type { TestDesk } from "./trading.ts";

interface WorkingRow {
  id: string;
  instrument_id: string;
  side: "buy" | "sell";
  limit_ticks: bigint | null;
  stop_ticks: bigint | null;
  stop_quote_seq: bigint | null;
  active_from_seq: bigint;
  expires_at: Date | null;
}

/**
 * Tries the market's present quotes on every working order, as the trigger engine does with each of the stream, and marks those that
 * are met as due. Returns their ids. For tests that move the market by hand.
 */
export async function tryQuotes(house: TestDesk): Promise<string[]> {
  const db = house.db.owner;
  const rows: WorkingRow[] = await db("orders").where({ state: "working" }).whereNull("due_seq").orderBy("seq");
  const met: string[] = [];
  for (const row of rows) {
    const quote = house.ports.market.latestTradable(row.instrument_id);
    if (quote === undefined) continue;
    const order = {
      side: row.side,
      limit: row.limit_ticks === null ? null : ticks(row.limit_ticks),
      stop: row.stop_ticks === null ? null : ticks(row.stop_ticks),
      stopQuoteSeq: row.stop_quote_seq,
      activeFromSeq: row.active_from_seq,
      expiresAt: row.expires_at,
    };
    const touched = touch(order, quote, house.market.open);
    const becomesLimit = row.stop_ticks !== null && row.limit_ticks !== null && row.stop_quote_seq === null;
    if (touched !== "none" && becomesLimit)
      await db("orders").where({ id: row.id }).update({ stop_quote_seq: quote.seq.toString() });
    if (touched !== "met") continue;
    await db("orders")
      .where({ id: row.id })
      .update({
        trigger_quote_seq: quote.seq.toString(),
        trigger_bid_ticks: quote.bid.toString(),
        trigger_ask_ticks: quote.ask.toString(),
        trigger_venue_at: quote.venueAt,
        trigger_received_at: quote.receivedAt,
        due_seq: db.raw("nextval('orders_seq_seq')"),
        due_at: db.fn.now(),
      });
    met.push(row.id);
  }
  return met;
}
