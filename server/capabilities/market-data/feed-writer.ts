import type { Knex } from "knex";
import type { Feed, TickSink } from "#core/feed.ts";
import type { Quote } from "#core/quote.ts";
import { assert } from "#core/result.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { type InstrumentBar, saveBars } from "./bars.store.ts";
import type { FeedLine } from "./feed-line.ts";
import { insertQuotes } from "./quotes.store.ts";
import { toBarEvent } from "./wire.ts";

/** Rows of one INSERT. */
const batchMax = 5_000;
/** A source that is faster than the database waits while so many ticks are queued. */
const queuedMax = 10_000;
/** Forming bars are saved and told at most this often; quotes go at once. */
const barsEveryMs = 200;
/** A live bar is over when its time is, plus what a tick may need to reach us. */
const barGraceMs = 2_000;

export interface FeedWriter {
  readonly sink: TickSink;
  /** Stores, publishes and closes what is left. `isEnd`: the source has ended, so every bar's time is over. */
  readonly finish: (isEnd: boolean) => Promise<void>;
  /** Rejects with the first error of storing; the feed must then be taken up anew from the database. */
  readonly failed: Promise<never>;
  readonly stop: () => void;
  readonly counts: { quotes: number; late: number; newestAt: Date | null };
}

interface WriterDeps {
  readonly db: Knex;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: { readonly warn: (about: object, text: string) => void };
}

/**
 * Stores what arrives, in natural batches: all that is queued when the last INSERT is done is the next one. A quote is
 * published only after it is stored; bars are built from stored quotes alone and saved after them.
 */
export function feedWriter(deps: WriterDeps, feed: Feed, lines: ReadonlyMap<string, FeedLine>): FeedWriter {
  const counts = { quotes: 0, late: 0, newestAt: null as Date | null };
  const known = new Map([...lines].map(([id, { knownCorrection }]) => [id, knownCorrection]));
  const begun = new Set<FeedLine>();
  const flagged = new Map<string, Quote["flag"]>();
  let queue: Quote[] = [];
  let running: Promise<void> | undefined;
  let barsDue = false;
  let isBroken = false;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  failed.catch(() => {});

  /** Tells when an instrument's quotes begin to be unusable, not of each one. */
  const watchFlags = ({ instrumentId: instrument, seq, bid, ask, flag }: Quote): void => {
    if (flag !== null && flag !== flagged.get(instrument))
      deps.log.warn({ instrument, seq: `${seq}`, bid: `${bid}`, ask: `${ask}`, flag }, "a quote prices nothing");
    flagged.set(instrument, flag);
  };
  const saveChangedBars = async (): Promise<void> => {
    barsDue = false;
    const changed = changedBars(feed, lines);
    await saveBars(deps.db, changed, known);
    if (changed.length > 0) deps.bus.publish({ kind: "bars", bars: changed.map((entry) => wireEvent(entry, lines)) });
  };
  const storeBatch = async (): Promise<void> => {
    const batch = queue.slice(0, batchMax);
    queue = queue.slice(batchMax);
    await insertQuotes(deps.db, batch);
    deps.bus.publish({ kind: "quotes", quotes: batch });
    counts.quotes += batch.length;
    counts.newestAt = batch.at(-1)?.receivedAt ?? null;
    for (const quote of batch) if (!lines.get(quote.instrumentId)?.bars.add(quote)) counts.late += 1;
  };
  const pump = async (): Promise<void> => {
    while (queue.length > 0 || barsDue) {
      if (queue.length > 0) await storeBatch();
      if (barsDue) await saveChangedBars();
    }
  };
  /**
   * Only one at a time, so batches keep their order. Resolves when nothing is left to store. After the first failure nothing is stored
   * any more: what failed is missing, and whoever takes the feed up numbers from the stored quotes.
   */
  const store = (): Promise<void> => {
    if (isBroken) return failed;
    running ??= pump()
      .catch((error: unknown) => {
        isBroken = true;
        queue = [];
        fail(error);
        throw error;
      })
      .finally(() => {
        running = undefined;
      });
    running.catch(() => {}); // told by `failed`
    return running;
  };
  const timer = setInterval(() => {
    if (feed.source !== "replay") closeBars(lines, deps.clock.now().getTime() - barGraceMs);
    barsDue = true;
    void store();
  }, barsEveryMs);

  return {
    counts,
    failed,
    sink: async (ticks) => {
      if (isBroken) return failed;
      const receivedAt = deps.clock.now();
      let fresh = 0;
      for (const tick of ticks) {
        const line = lines.get(tick.instrumentId);
        assert(line !== undefined, `feed ${feed.name} sent a tick of ${tick.instrumentId}, which it does not lead`);
        if (!begun.has(line)) {
          begun.add(line);
          await line.begin(tick);
        }
        const quote = line.number(tick, receivedAt);
        if (quote === null) continue;
        watchFlags(quote);
        queue.push(quote);
        fresh += 1;
      }
      if (fresh === 0) return 0;
      const stored = store();
      if (queue.length > queuedMax) await stored;
      return fresh;
    },
    finish: async (isEnd) => {
      await store();
      if (isEnd) closeBars(lines, Number.POSITIVE_INFINITY);
      barsDue = true;
      await store();
    },
    stop: () => clearInterval(timer),
  };
}

function closeBars(lines: ReadonlyMap<string, FeedLine>, atMs: number): void {
  for (const line of lines.values()) line.bars.closeUntil(atMs);
}

const changedBars = (feed: Feed, lines: ReadonlyMap<string, FeedLine>): InstrumentBar[] =>
  [...lines].flatMap(([instrumentId, line]) =>
    line.bars.takeChanged().map((bar) => ({ instrumentId, source: feed.source, bar })),
  );

function wireEvent({ instrumentId, bar }: InstrumentBar, lines: ReadonlyMap<string, FeedLine>) {
  const line = lines.get(instrumentId);
  assert(line !== undefined, `bars of ${instrumentId} without a line`);
  return toBarEvent(instrumentId, bar, line.instrument.terms.price);
}
