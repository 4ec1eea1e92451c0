import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import type { Difference } from "#core/rebuild.ts";
import { firstTrigger, type TriggerTerms, withStopReached } from "#core/trigger.ts";
import { ticks } from "#core/units.ts";
import { readStream } from "../market-data/index.ts";
import { isSwept, type ReplayRow } from "./rebuild.store.ts";

/** What the recorded quotes say of an order's trigger; `swept`: some of those it waited through are no longer kept. */
export type TriggerCheck = "never-waited" | "right" | "swept" | Difference;

/** Tries the recorded quotes once more, in order, from where the order began to wait to the one that is said to have met it. */
export async function checkTrigger(db: Knex, row: ReplayRow, isOpen: (quote: Quote) => boolean): Promise<TriggerCheck> {
  const { trigger_quote_seq: until, active_from_seq: from, instrument_id: instrumentId } = row;
  if (until === null || from === null) return "never-waited";
  let waiting = asItBegan(row, from);
  let last = from;
  while (last < until) {
    const { quotes } = await readStream(db, new Map([[instrumentId, last]]), new Map([[instrumentId, until]]));
    const gap = gapIn(quotes, last, until);
    const found = firstTrigger(waiting, quotes, isOpen);
    // A quote that met it before a hole is the first whatever was in the hole.
    if (found.quote !== null && (gap === null || found.quote.seq < gap))
      return judge(row, found.quote, found.stopQuoteSeq);
    if (gap !== null) return (await isSwept(db, instrumentId, gap)) ? "swept" : missing(row, gap);
    if (found.stopQuoteSeq !== null) waiting = withStopReached(waiting, found.stopQuoteSeq);
    last = quotes.at(-1)?.seq ?? until;
  }
  return difference(row, "trigger", `quote ${until}`, "no quote met it yet");
}

/** A stop that was reached before the last amendment stays reached. */
function asItBegan(row: ReplayRow, from: bigint): TriggerTerms {
  const reached = row.stop_quote_seq !== null && row.stop_quote_seq <= from ? row.stop_quote_seq : null;
  return {
    side: row.side,
    limit: row.limit_ticks === null ? null : ticks(row.limit_ticks),
    stop: row.stop_ticks === null ? null : ticks(row.stop_ticks),
    stopQuoteSeq: reached,
    activeFromSeq: from,
    expiresAt: row.expires_at,
  };
}

/** The first number that is missing between `after` and the end of the piece; null: none. */
function gapIn(quotes: readonly Quote[], after: bigint, until: bigint): bigint | null {
  let next = after + 1n;
  for (const { seq } of quotes) {
    if (seq !== next) return next;
    next += 1n;
  }
  return quotes.length === 0 && next <= until ? next : null;
}

function judge(row: ReplayRow, quote: Quote, stopQuoteSeq: bigint | null): TriggerCheck {
  if (quote.seq !== row.trigger_quote_seq)
    return difference(row, "trigger", `quote ${row.trigger_quote_seq}`, `quote ${quote.seq}`);
  if (row.type === "stop-limit" && stopQuoteSeq !== row.stop_quote_seq)
    return difference(row, "quote that reached its stop", `${row.stop_quote_seq}`, `${stopQuoteSeq}`);
  return "right";
}

const missing = (row: ReplayRow, seq: bigint): Difference =>
  difference(row, `quote ${seq} of ${row.instrument_id}, which it waited through`, "gone", "stored");

const difference = (row: ReplayRow, what: string, stored: string, recomputed: string): Difference => ({
  row: `order ${row.id}`,
  what,
  stored,
  recomputed,
});
