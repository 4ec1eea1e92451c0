import type { Knex } from "knex";
import type { QuoteFlag, QuoteSource } from "#contracts/names.ts";
import type { Quote } from "#core/quote.ts";
import { ticks } from "#core/units.ts";

export interface QuoteRow {
  instrument_id: string;
  seq: bigint;
  bid_ticks: bigint;
  ask_ticks: bigint;
  last_ticks: bigint | null;
  last_lots: string | null;
  venue_at: Date;
  received_at: Date;
  source: QuoteSource;
  flag: QuoteFlag | null;
}

export const toQuote = (row: QuoteRow): Quote => ({
  instrumentId: row.instrument_id,
  seq: row.seq,
  bid: ticks(row.bid_ticks),
  ask: ticks(row.ask_ticks),
  last: row.last_ticks === null ? null : ticks(row.last_ticks),
  lastSize: row.last_lots,
  venueAt: row.venue_at,
  receivedAt: row.received_at,
  source: row.source,
  flag: row.flag,
});

/** The newest stored quote of each instrument; with `tradable`, the newest without a flag. */
export async function readLatestQuotes(db: Knex, tradable: boolean): Promise<Quote[]> {
  const { rows }: { rows: QuoteRow[] } = await db.raw(
    `SELECT q.* FROM instruments i CROSS JOIN LATERAL (
       SELECT * FROM quotes WHERE instrument_id = i.id AND (flag IS NULL OR NOT ?)
       ORDER BY seq DESC LIMIT 1) q`,
    [tradable],
  );
  return rows.map(toQuote);
}
