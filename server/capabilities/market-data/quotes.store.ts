import type { Knex } from "knex";
import type { QuoteFlag, QuoteSource } from "#contracts/names.ts";
import type { Quote } from "#core/quote.ts";
import { ticks } from "#core/units.ts";
import { sqlArray } from "./sql-array.ts";

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

/** Another writer stored quotes of the instrument meanwhile, or those in between were lost: this one is behind. */
export class StreamBroken extends Error {}

/**
 * Stores quotes in one statement, all or none. An instrument's must follow its newest stored one without a gap: those that are missing
 * could still come, behind the back of all who follow the stream. Fails on a seq that exists (two processes then believe to
 * lead the same feed); throws `StreamBroken` where one is missing.
 */
export async function insertQuotes(db: Knex, quotes: readonly Quote[]): Promise<void> {
  const column = (of: (quote: Quote) => bigint | number | string | null): string => sqlArray(quotes.map(of));
  const { rowCount }: { rowCount: number } = await db.raw(
    `WITH given AS MATERIALIZED (
       SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::numeric[], ?::float8[], ?::float8[],
         ?::text[], ?::text[]) AS q (i, n, b, a, l, z, v, r, s, f)),
     missing AS (
       SELECT 1 FROM (SELECT i, min(n) AS first FROM given GROUP BY i) g
       CROSS JOIN LATERAL (SELECT seq FROM quotes WHERE instrument_id = g.i ORDER BY seq DESC LIMIT 1) newest
       WHERE g.first > newest.seq + 1)
     INSERT INTO quotes (instrument_id, seq, bid_ticks, ask_ticks, last_ticks, last_lots, venue_at, received_at, source, flag)
     SELECT i, n, b, a, l, z, to_timestamp(v / 1000.0), to_timestamp(r / 1000.0), s, f FROM given
     WHERE NOT EXISTS (SELECT FROM missing)`,
    [
      column((quote) => quote.instrumentId),
      column((quote) => quote.seq),
      column((quote) => quote.bid),
      column((quote) => quote.ask),
      column((quote) => quote.last),
      column((quote) => quote.lastSize),
      column((quote) => quote.venueAt.getTime()),
      column((quote) => quote.receivedAt.getTime()),
      column((quote) => quote.source),
      column((quote) => quote.flag),
    ],
  );
  if (rowCount !== quotes.length)
    throw new StreamBroken(`quotes ${quotes[0]?.instrumentId} ${quotes[0]?.seq} and on do not follow the stored ones`);
}

/** Where an instrument's quotes stand: the highest seq of all, and the newest venue time of one source. */
export interface QuotePosition {
  readonly lastSeq: bigint;
  readonly newestVenueAtMs: number | null;
  /** Stored quotes of that source with exactly that venue time: where a file is taken up again among equal stamps. */
  readonly countAtNewest: number;
}

/** Out-of-order quotes lie close together, so the newest venue time is among the last few thousand. */
const looksBack = 10_000n;

export async function readQuotePosition(db: Knex, instrumentId: string, source: QuoteSource): Promise<QuotePosition> {
  const { rows: seqs }: { rows: { all: bigint | null; own: bigint | null }[] } = await db.raw(
    `SELECT (SELECT max(seq) FROM quotes WHERE instrument_id = :instrumentId) AS all,
            (SELECT seq FROM quotes WHERE instrument_id = :instrumentId AND source = :source ORDER BY seq DESC LIMIT 1) AS own`,
    { instrumentId, source },
  );
  const { all = null, own = null } = seqs[0] ?? {};
  const lastSeq = all ?? (await highestSeqOfBars(db, instrumentId));
  if (own === null) return { lastSeq, newestVenueAtMs: null, countAtNewest: 0 };
  const { rows }: { rows: { venue_at: Date; count: bigint }[] } = await db.raw(
    `SELECT venue_at, count(*) AS count FROM quotes
     WHERE instrument_id = :instrumentId AND source = :source AND seq > :from
     GROUP BY venue_at ORDER BY venue_at DESC LIMIT 1`,
    { instrumentId, source, from: (own - looksBack).toString() },
  );
  const newest = rows[0];
  return {
    lastSeq,
    newestVenueAtMs: newest?.venue_at.getTime() ?? null,
    countAtNewest: newest === undefined ? 0 : Number(newest.count),
  };
}

/** When every quote was swept, the bars still know how far the numbers went. */
async function highestSeqOfBars(db: Knex, instrumentId: string): Promise<bigint> {
  const { rows }: { rows: { seq: bigint | null }[] } = await db.raw(
    "SELECT max(last_seq) AS seq FROM bars WHERE instrument_id = ?",
    [instrumentId],
  );
  return rows[0]?.seq ?? 0n;
}

/** Whether a quote of the source with exactly this venue time is stored. Reads the instrument's quotes: for a start only. */
export async function hasQuoteAt(db: Knex, instrumentId: string, source: QuoteSource, venueAt: Date): Promise<boolean> {
  const found = await db<QuoteRow>("quotes")
    .where({ instrument_id: instrumentId, source, venue_at: venueAt })
    .first("seq");
  return found !== undefined;
}

/** Stored quotes of a source after `seq`, in order of seq: what a restart adds to the bars. */
export async function readQuotesAfter(
  db: Knex,
  instrumentId: string,
  source: QuoteSource,
  seq: bigint,
): Promise<Quote[]> {
  const rows = await db<QuoteRow>("quotes")
    .where({ instrument_id: instrumentId, source })
    .where("seq", ">", seq.toString())
    .orderBy("seq")
    .select("*");
  return rows.map(toQuote);
}
