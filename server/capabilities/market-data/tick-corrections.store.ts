import type { Knex } from "knex";
import type { Interval, QuoteSource, TickCorrectionKind } from "#contracts/names.ts";
import type { Bar } from "#core/bar.ts";
import type { Quote } from "#core/quote.ts";
import type { TickCorrection } from "#core/tick-correction.ts";
import { ticks } from "#core/units.ts";
import { type BarRow, toBar } from "./bars.store.ts";
import { type QuoteRow, toQuote } from "./quotes.store.ts";

/** Numbers of quotes, both ends included. */
interface SeqRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** More ticks than a minute has: the fastest recorded market told 1,647 in its busiest second. */
const minuteTicksMax = 200_000n;

/** Corrections of an instrument come one after the other, so that their ids rise in the order of their commits. */
export const lockCorrections = (db: Knex.Transaction, instrumentId: string) =>
  db.raw("SELECT pg_advisory_xact_lock(hashtextextended('tick-corrections ' || ?, 0))", [instrumentId]);

/** The newest correction of an instrument; 0: there is none. */
export async function newestCorrection(db: Knex, instrumentId: string): Promise<bigint> {
  const row = await db("tick_corrections")
    .where({ instrument_id: instrumentId })
    .max<{ id: bigint | null }>({ id: "id" })
    .first();
  return row?.id ?? 0n;
}

export async function readQuote(db: Knex, instrumentId: string, seq: bigint): Promise<Quote | null> {
  const row = await db<QuoteRow>("quotes")
    .where({ instrument_id: instrumentId, seq: seq.toString() as never })
    .first();
  return row === undefined ? null : toQuote(row);
}

/** Locks the bars with these starts; of another source there is none. */
export async function lockBars(
  db: Knex.Transaction,
  instrumentId: string,
  source: QuoteSource,
  starts: ReadonlyMap<Interval, number>,
): Promise<Bar[]> {
  const rows: BarRow[] = await db("bars")
    .where({ instrument_id: instrumentId, source })
    .whereIn(
      ["interval", "opened_at"],
      [...starts].map(([interval, atMs]) => [interval, new Date(atMs)]),
    )
    .orderBy(["interval", "opened_at"])
    .forUpdate();
  return rows.map(toBar);
}

/** The quotes of a minute that are in its bar, in order of seq. */
export async function readMinuteQuotes(
  db: Knex,
  instrumentId: string,
  source: QuoteSource,
  minute: Bar,
): Promise<Quote[]> {
  const rows = await db<QuoteRow>("quotes")
    .where({ instrument_id: instrumentId, source })
    .whereBetween("seq", [`${minute.lastSeq - minuteTicksMax}`, `${minute.lastSeq}`])
    .where("venue_at", ">=", new Date(minute.openedAtMs))
    .where("venue_at", "<", new Date(minute.openedAtMs + 60_000))
    .orderBy("seq");
  return rows.map(toQuote);
}

/**
 * Whether every quote from the one before `from` up to `to` is still stored: after a sweep those that are left may by chance give the
 * same bar, and not the one without the tick.
 */
export async function isUnbroken(db: Knex, instrumentId: string, seqs: SeqRange): Promise<boolean> {
  const first = seqs.from > 1n ? seqs.from - 1n : 1n;
  const row = await db("quotes")
    .where({ instrument_id: instrumentId })
    .whereBetween("seq", [`${first}`, `${seqs.to}`])
    .count<{ count: bigint }>({ count: "*" })
    .first();
  return BigInt(row?.count ?? 0) === seqs.to - first + 1n;
}

/** What holds for the quotes of a range of numbers: the newest correction of each. */
export async function readCorrections(
  db: Knex,
  instrumentId: string,
  seqs: SeqRange,
): Promise<Map<bigint, TickCorrection>> {
  const { rows }: { rows: { seq: bigint; kind: TickCorrectionKind; price_ticks: bigint | null }[] } = await db.raw(
    `SELECT DISTINCT ON (seq) seq, kind, price_ticks FROM tick_corrections
     WHERE instrument_id = ? AND seq BETWEEN ? AND ? ORDER BY seq, id DESC`,
    [instrumentId, `${seqs.from}`, `${seqs.to}`],
  );
  return new Map(
    rows.map(({ seq, kind, price_ticks: price }) => [seq, { kind, price: price === null ? null : ticks(price) }]),
  );
}
