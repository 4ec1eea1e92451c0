import type { Knex } from "knex";
import type { Interval, QuoteSource } from "#contracts/names.ts";
import { type Bar, volumeScale } from "#core/bar.ts";
import { assert } from "#core/result.ts";
import { formatDecimal, parseDecimal, ticks } from "#core/units.ts";
import { sqlArray } from "./sql-array.ts";

export interface InstrumentBar {
  readonly instrumentId: string;
  readonly source: QuoteSource;
  readonly bar: Bar;
}

export interface BarRow {
  instrument_id: string;
  interval: Interval;
  opened_at: Date;
  open_ticks: bigint;
  high_ticks: bigint;
  low_ticks: bigint;
  close_ticks: bigint;
  volume: string;
  source: QuoteSource;
  final: boolean;
  rev: number;
  last_seq: bigint;
}

/** A stored bar honours a correction that the writer does not know of: he must take his bars up anew. */
export class BarsCorrected extends Error {}

/** The newest correction of each instrument that the bars honour; one that is not named: none. */
export type KnownCorrections = ReadonlyMap<string, bigint>;

/**
 * Writes bars over those with the same start; a set of any size in one statement. Throws `BarsCorrected`, so that the transaction or
 * the statement has no effect, where a newer correction changed one of them.
 */
export async function saveBars(
  db: Knex,
  bars: readonly InstrumentBar[],
  known: KnownCorrections = new Map(),
): Promise<void> {
  if (bars.length === 0) return;
  const column = (of: (entry: InstrumentBar) => bigint | number | string | boolean): string => sqlArray(bars.map(of));
  const written = db.raw(
    `INSERT INTO bars (instrument_id, interval, opened_at, open_ticks, high_ticks, low_ticks, close_ticks, volume, source, final, rev, last_seq, correction_id)
     SELECT i, n, to_timestamp(at / 1000.0), o, h, l, c, v, s, f, r, q, k
     FROM unnest(?::text[], ?::text[], ?::float8[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::numeric[],
                 ?::text[], ?::boolean[], ?::int[], ?::bigint[], ?::bigint[]) AS b (i, n, at, o, h, l, c, v, s, f, r, q, k)
     ON CONFLICT (instrument_id, interval, opened_at) DO UPDATE SET
       open_ticks = excluded.open_ticks, high_ticks = excluded.high_ticks, low_ticks = excluded.low_ticks,
       close_ticks = excluded.close_ticks, volume = excluded.volume, source = excluded.source,
       final = excluded.final, rev = excluded.rev, last_seq = excluded.last_seq,
       correction_id = CASE WHEN bars.correction_id <= excluded.correction_id THEN excluded.correction_id END`,
    [
      column((entry) => entry.instrumentId),
      column((entry) => entry.bar.interval),
      column((entry) => entry.bar.openedAtMs),
      column((entry) => entry.bar.open),
      column((entry) => entry.bar.high),
      column((entry) => entry.bar.low),
      column((entry) => entry.bar.close),
      column((entry) => formatDecimal(entry.bar.volume, volumeScale)),
      column((entry) => entry.source),
      column((entry) => entry.bar.final),
      column((entry) => entry.bar.rev),
      column((entry) => entry.bar.lastSeq),
      column((entry) => known.get(entry.instrumentId) ?? 0n),
    ],
  );
  try {
    await written;
  } catch (error) {
    if (isUnknownCorrection(error)) throw new BarsCorrected("a stored bar was corrected meanwhile");
    throw error;
  }
}

/** The null that the CASE above gives where the stored bar is ahead: the column does not take it, so nothing is written. */
const isUnknownCorrection = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  error.code === "23502" &&
  "column" in error &&
  error.column === "correction_id";

export interface BarRange {
  readonly instrumentId: string;
  readonly interval: Interval;
  /** Null: of any source. */
  readonly source: QuoteSource | null;
  /** First start, inclusive. */
  readonly from: Date | null;
  /** End of the starts, exclusive. */
  readonly to: Date | null;
  readonly limit: number;
}

/** Bars in ascending order: the first `limit` from `from` on, or without `from` the last `limit` before `to`. */
export async function readBars(db: Knex, range: BarRange): Promise<Bar[]> {
  const query = db<BarRow>("bars")
    .where({ instrument_id: range.instrumentId, interval: range.interval })
    .orderBy("opened_at", range.from === null ? "desc" : "asc")
    .limit(range.limit);
  if (range.source !== null) query.where("source", range.source);
  if (range.from !== null) query.where("opened_at", ">=", range.from);
  if (range.to !== null) query.where("opened_at", "<", range.to);
  const bars = (await query.select("*")).map(toBar);
  return range.from === null ? bars.reverse() : bars;
}

/** The newest bars of each interval, enough to go on building after a restart. */
export async function readRecentBars(
  db: Knex,
  instrumentId: string,
  source: QuoteSource,
  each: number,
): Promise<Bar[]> {
  const { rows }: { rows: BarRow[] } = await db.raw(
    `SELECT b.* FROM unnest(ARRAY['1m', '5m', '15m', '30m', '1h', '4h', '1d']) AS wanted (interval)
     CROSS JOIN LATERAL (
       SELECT * FROM bars WHERE instrument_id = ? AND interval = wanted.interval AND source = ?
       ORDER BY opened_at DESC LIMIT ?) b`,
    [instrumentId, source, each],
  );
  return rows.map(toBar);
}

export function toBar(row: BarRow): Bar {
  const volume = parseDecimal(row.volume, volumeScale);
  assert(volume !== null, `bar ${row.instrument_id} ${row.interval} has volume ${row.volume}`);
  return {
    interval: row.interval,
    openedAtMs: row.opened_at.getTime(),
    open: ticks(row.open_ticks),
    high: ticks(row.high_ticks),
    low: ticks(row.low_ticks),
    close: ticks(row.close_ticks),
    volume,
    final: row.final,
    rev: row.rev,
    lastSeq: row.last_seq,
  };
}
