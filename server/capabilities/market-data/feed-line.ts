import type { Knex } from "knex";
import type { QuoteSource } from "#contracts/names.ts";
import type { Bar } from "#core/bar.ts";
import { type BarBuilder, barBuilder, lateGraceMs } from "#core/bar-builder.ts";
import type { VenueTick } from "#core/feed.ts";
import type { Instrument } from "#core/instrument.ts";
import { type JumpWatch, noPrices, watchJumps } from "#core/price-jump.ts";
import type { Quote } from "#core/quote.ts";
import { flagOf } from "#core/quote-gate.ts";
import { tradeDateOf } from "#core/session-calendar.ts";
import type { Ticks } from "#core/units.ts";
import { readBars, readRecentBars } from "./bars.store.ts";
import {
  hasQuoteAt,
  type QuotePosition,
  readLatestQuotes,
  readQuotePosition,
  readQuotesAfter,
} from "./quotes.store.ts";
import { newestCorrection } from "./tick-corrections.store.ts";

/** One instrument of a feed that leads: numbering, the gate, and its bars at work. */
export interface FeedLine {
  readonly instrument: Instrument;
  readonly bars: BarBuilder;
  /** The newest correction that the bars at work honour; 0: none. */
  readonly knownCorrection: bigint;
  /** Close of the newest stored minute of this source; null: none is stored. */
  readonly lastPrice: Ticks | null;
  /** Must be awaited with the first tick of a run, before `number` sees it. */
  readonly begin: (first: VenueTick) => Promise<void>;
  /** Numbers and judges a tick; null when it is stored already (a replay taken up again). */
  readonly number: (tick: VenueTick, receivedAt: Date) => Quote | null;
}

/** Bars of each interval that a late tick may still reach. */
const resumedBars = Math.ceil(lateGraceMs / 60_000) + 1;
/** Bars are saved several times a second, so what they lack after a crash is among the last quotes. */
const missingQuotesMax = 100_000n;

/**
 * Takes a line up where the database says it stopped: numbers go on, quotes that were stored but not yet in the bars are
 * added to them.
 */
export async function openLine(db: Knex, instrument: Instrument, source: QuoteSource): Promise<FeedLine> {
  const { id } = instrument;
  // Before the bars: a correction that comes between is then unknown, and the line is opened anew.
  const knownCorrection = await newestCorrection(db, id);
  const position = await readQuotePosition(db, id, source);
  const stored = await readRecentBars(db, id, source, resumedBars);
  const bars = await resumeBars(db, instrument, source, position, stored);
  let { lastSeq } = position;
  let newestVenueAtMs = position.newestVenueAtMs ?? Number.NEGATIVE_INFINITY;
  let jumps = await jumpWatch(db, instrument, source);
  let isStored: (tick: VenueTick) => boolean = () => false;
  const jumpOf = (tick: VenueTick): "jump" | null => {
    const seen = watchJumps(jumps, tick);
    jumps = seen.watch;
    return seen.isJump ? "jump" : null;
  };
  return {
    instrument,
    bars,
    knownCorrection,
    lastPrice: newestMinute(stored)?.close ?? null,
    begin: async (first) => {
      if (source !== "replay" || position.newestVenueAtMs === null) return;
      if (await wasReplayed(db, instrument, first))
        isStored = storedUntil(position.newestVenueAtMs, position.countAtNewest);
      else {
        newestVenueAtMs = Number.NEGATIVE_INFINITY;
        jumps = noPrices;
      }
    },
    number: (tick, receivedAt) => {
      if (isStored(tick)) return null;
      lastSeq += 1n;
      const flag = flagOf(tick, newestVenueAtMs) ?? jumpOf(tick);
      newestVenueAtMs = Math.max(newestVenueAtMs, tick.venueAtMs);
      const { bid, ask, last, lastSize, venueAtMs } = tick;
      const venueAt = new Date(venueAtMs);
      return { instrumentId: id, seq: lastSeq, bid, ask, last, lastSize, venueAt, receivedAt, source, flag };
    },
  };
}

/** Begins with the newest price of this source that was believed. */
async function jumpWatch(db: Knex, { id }: Instrument, source: QuoteSource): Promise<JumpWatch> {
  const tradable = await readLatestQuotes(db, true);
  const newest = tradable.find((quote) => quote.instrumentId === id && quote.source === source);
  return newest === undefined ? noPrices : { believed: newest.bid + newest.ask, doubted: null };
}

async function resumeBars(
  db: Knex,
  { id, calendar, barPrice }: Instrument,
  source: QuoteSource,
  { lastSeq, newestVenueAtMs }: QuotePosition,
  stored: readonly Bar[],
): Promise<BarBuilder> {
  const bars = barBuilder(barPrice, (atMs) => tradeDateOf(calendar, new Date(atMs)));
  const oldest = lastSeq - missingQuotesMax;
  const includedSeq = stored.reduce((seq, bar) => (bar.lastSeq > seq ? bar.lastSeq : seq), oldest);
  const missing = newestVenueAtMs === null ? [] : await readQuotesAfter(db, id, source, includedSeq);
  // Without quotes the bars are a source's history, which ends with its newest minute.
  const storedUntilMs = newestVenueAtMs ?? (newestMinute(stored)?.openedAtMs ?? Number.NEGATIVE_INFINITY) + 59_999;
  bars.resume(stored, Math.min(storedUntilMs, missing[0]?.venueAt.getTime() ?? storedUntilMs));
  for (const quote of missing) bars.add(quote);
  return bars;
}

const newestMinute = (bars: readonly Bar[]): Bar | undefined =>
  bars
    .filter((bar) => bar.interval === "1m")
    .reduce<Bar | undefined>((newest, bar) => (newest && newest.openedAtMs > bar.openedAtMs ? newest : bar), undefined);

/** Stored: everything before the newest venue time, and as many ticks of just that time as there are. */
function storedUntil(newestVenueAtMs: number, countAtNewest: number): (tick: VenueTick) => boolean {
  let left = countAtNewest;
  return (tick) => {
    if (tick.venueAtMs !== newestVenueAtMs) return tick.venueAtMs < newestVenueAtMs;
    left -= 1;
    return left >= 0;
  };
}

/** Whether a file's first tick was played before: its minute has a replayed bar, or, before the first bars are saved, its quote is stored. */
async function wasReplayed(db: Knex, { id }: Instrument, { venueAtMs }: VenueTick): Promise<boolean> {
  const from = new Date(Math.floor(venueAtMs / 60_000) * 60_000);
  const to = new Date(from.getTime() + 60_000);
  const found = await readBars(db, { instrumentId: id, interval: "1m", source: "replay", from, to, limit: 1 });
  return found.length > 0 || (await hasQuoteAt(db, id, "replay", new Date(venueAtMs)));
}
