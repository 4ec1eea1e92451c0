import {
  compareQuote,
  type Difference,
  type RecordedFill,
  type RecordedMark,
  type ReplayedOrder,
} from "#core/rebuild.ts";
import { lots, type MinorUnits, ticks } from "#core/units.ts";
import type { TermsBook } from "../trading/index.ts";
import type { MarkRow, ReplayRow } from "./rebuild.store.ts";

/** What is wrong with the stored quote that an order names. */
export const quoteOf = (row: ReplayRow): Difference[] =>
  compareQuote(
    row.id,
    { seq: row.priced_seq, bid: ticks(row.priced_bid), ask: ticks(row.priced_ask) },
    row.stored_seq === null ? null : { bid: row.stored_bid, ask: row.stored_ask, flag: row.stored_flag },
  );

/** An order and its fill as the core replays them. */
export function toReplayed(row: ReplayRow, terms: TermsBook): ReplayedOrder {
  return {
    order: {
      id: row.id,
      instrumentId: row.instrument_id,
      terms: terms(row.instrument_id, row.terms_version),
      side: row.side,
      lots: lots(row.lots),
      reduceOnly: row.reduce_only,
      origin: row.origin,
      bid: ticks(row.priced_bid),
      ask: ticks(row.priced_ask),
      quoteSeq: row.priced_seq,
      triggered: row.trigger_quote_seq !== null,
      bracket: { "take-profit": null, "stop-loss": null },
      waitedMs: 0,
    },
    recorded: row.fill_id === null ? null : recordedOf(row, row.fill_id),
  };
}

const recordedOf = (row: ReplayRow, id: bigint): RecordedFill => ({
  id,
  side: row.fill_side,
  instrumentId: row.fill_instrument,
  lots: row.fill_lots,
  price: row.price_ticks,
  quoteSeq: row.fill_quote_seq,
  bid: row.quote_bid_ticks,
  ask: row.quote_ask_ticks,
  realizedPnl: row.realized_pnl_minor,
  fee: row.fee_minor,
  positionLotsAfter: row.position_lots_after,
  moved: { realizedPnl: row.moved_pnl, fee: row.moved_fee, protection: row.moved_protection },
});

/** A daily settlement as the core replays it. */
export const toMark = (row: MarkRow, tickValue: MinorUnits): RecordedMark => ({
  id: row.id,
  instrumentId: row.instrument_id,
  lots: lots(row.lots),
  price: ticks(row.price_ticks),
  tickValue,
  cost: row.cost_ticks,
  amount: row.amount_minor,
  moved: { amount: row.moved_amount, protection: row.moved_protection },
});
