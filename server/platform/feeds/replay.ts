import type { Logger } from "pino";
import { type Feed, FeedError, type TickSink, type VenueTick } from "#core/feed.ts";
import type { Instrument } from "#core/instrument.ts";
import type { Clock } from "../clock.ts";
import { openPriceFile, type PriceRow } from "./csv-file.ts";
import { type Pace, paceOf } from "./pace.ts";
import { BadRow, barRowReader, type RowReader, tickRowReader } from "./price-rows.ts";

export interface ReplayOptions {
  readonly file: string;
  readonly instrument: Instrument;
  /** 1: as fast as it happened, by venue time; "max": as fast as it is taken. */
  readonly speed: number | "max";
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
}

/** Ticks handed over at once. */
const chunkMax = 1_000;
/** Bad rows told one by one; the rest is only counted. */
const badRowsTold = 20;
/** Rows looked at to find out how long a bar of the file is. */
const probedRows = 50;
const dayMs = 86_400_000;

/**
 * Plays a price file as if its venue were quoting now: venue times stay those of the file. A bad row is told with its number and
 * skipped; a missing file or another header ends the feed with a FeedError.
 */
export function replayFeed(options: ReplayOptions): Feed {
  const { file, instrument, log } = options;
  return {
    name: `replay:${instrument.id}`,
    source: "replay",
    instrumentIds: [instrument.id],
    run: async (sink, signal) => {
      const { shape, rows } = await openPriceFile(file);
      const pace = paceOf(options.speed, options.clock, signal);
      const player = chunkPlayer(sink, pace, signal);
      let bad = 0;
      let good = 0;
      const { reader, first } = await readerFor(shape, rows, instrument);
      const play = async (row: PriceRow): Promise<void> => {
        const read = readRow(reader, row);
        if (typeof read === "string") {
          bad += 1;
          if (bad <= badRowsTold) log.warn({ file, row: row.row }, `replay: row ${row.row} skipped: expected ${read}`);
          return;
        }
        good += 1;
        for (const tick of read) await player.play(tick);
      };
      for (const row of first) await play(row);
      for await (const row of rows) {
        if (signal.aborted) break;
        await play(row);
      }
      await player.flush();
      log.info({ file, rows: good, badRows: bad }, "replay: the file was read");
      if (good === 0 && !signal.aborted) throw new FeedError(`${file} has no row that could be played.`);
    },
  };
}

/** What was expected, or the ticks of the row. */
function readRow(reader: RowReader, { cells }: PriceRow): VenueTick[] | string {
  try {
    return reader(cells);
  } catch (error) {
    if (error instanceof BadRow) return error.message;
    throw error;
  }
}

/** The reader for the file's shape. A bar is as long as the smallest step between the first rows, at most a day. */
async function readerFor(shape: "ticks" | "bars", rows: AsyncGenerator<PriceRow>, instrument: Instrument) {
  if (shape === "ticks") return { reader: tickRowReader(instrument), first: [] };
  const first: PriceRow[] = [];
  while (first.length < probedRows) {
    const next = await rows.next();
    if (next.done) break;
    first.push(next.value);
  }
  const stamps = first.map((row) => Number(row.cells[0])).filter(Number.isFinite);
  const steps = stamps.slice(1).map((stamp, at) => stamp - (stamps[at] ?? 0));
  const smallest = Math.min(dayMs, ...steps.filter((step) => step >= 60_000));
  return { reader: barRowReader(instrument, steps.length === 0 ? 60_000 : smallest), first };
}

/** Hands ticks over when they are due, those due at once together. */
function chunkPlayer(sink: TickSink, pace: Pace, signal: AbortSignal) {
  let chunk: VenueTick[] = [];
  let newest: VenueTick | undefined;
  const flush = async (): Promise<void> => {
    if (chunk.length === 0) return;
    const ready = chunk;
    chunk = [];
    const fresh = await sink(ready);
    if (fresh > 0) pace.start(ready.at(-1)?.venueAtMs ?? 0);
  };
  return {
    flush,
    play: async (tick: VenueTick): Promise<void> => {
      if (chunk.length >= chunkMax) await flush();
      while (!signal.aborted && !pace.isDue(tick.venueAtMs)) {
        await flush();
        const still = await pace.waitFor(tick.venueAtMs);
        // In a quiet spell the venue's quote still stands: say it again, without a trade.
        if (still && newest !== undefined) await sink([{ ...newest, lastSize: null }]);
      }
      chunk.push(tick);
      newest = tick;
      if (!pace.isStarted) await flush();
    },
  };
}
