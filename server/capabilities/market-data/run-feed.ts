import type { Knex } from "knex";
import { type Feed, FeedError } from "#core/feed.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { readRecentBars, saveBars } from "./bars.store.ts";
import { becomeLeader, pause } from "./feed-leadership.ts";
import { type FeedLine, openLine } from "./feed-line.ts";
import { type FeedWriter, feedWriter } from "./feed-writer.ts";
import type { InstrumentCatalog } from "./instrument-catalog.ts";

export interface FeedDeps {
  readonly db: Knex;
  readonly bus: Bus;
  readonly catalog: InstrumentCatalog;
  readonly clock: Clock;
  readonly log: {
    readonly info: (about: object, text: string) => void;
    readonly warn: (about: object, text: string) => void;
    readonly error: (about: object, text: string) => void;
  };
}

/** `waiting`: another process leads. `ended`: a file was played to its end. `stopped`: it can't go on, see `message`. */
export type FeedState = "waiting" | "leading" | "ended" | "stopped";

export interface FeedStatus {
  readonly name: string;
  readonly state: FeedState;
  readonly message: string | null;
  /** Stored by this process since it leads. */
  readonly quotes: number;
  /** Too late for their bars. */
  readonly late: number;
  readonly newestAt: Date | null;
}

export interface RunningFeed {
  readonly status: () => FeedStatus;
  /** Resolves when the feed has ended, has stopped for good, or the signal came; everything received is stored then. */
  readonly done: Promise<void>;
}

const retryAfterMs = 1_000;

/**
 * Runs a feed in this process whenever it leads: numbers, judges, stores and publishes its quotes and makes the bars.
 * After a failure of the database or the source it takes up again where the database stands.
 */
export function runFeed(deps: FeedDeps, feed: Feed, signal: AbortSignal): RunningFeed {
  let state: FeedState = "waiting";
  let message: string | null = null;
  let counts: FeedWriter["counts"] = { quotes: 0, late: 0, newestAt: null };

  const runUntilDone = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const ended = await leadOnce(deps, feed, signal, (begun) => {
          state = "leading";
          counts = begun;
        });
        state = ended ? "ended" : "waiting";
        if (ended) {
          deps.log.info({ feed: feed.name, quotes: counts.quotes }, "the feed has come to its end");
          return;
        }
      } catch (error) {
        message = error instanceof Error ? error.message : String(error);
        state = error instanceof FeedError ? "stopped" : "waiting";
        if (state === "stopped") {
          deps.log.error({ feed: feed.name }, message);
          return;
        }
        deps.log.error({ feed: feed.name, err: error }, "the feed failed and is taken up again");
        await pause(retryAfterMs, signal);
      }
    }
  };
  const done = runUntilDone();
  return { done, status: () => ({ name: feed.name, state, message, ...counts }) };
}

/** Leads until the source ends (true), or leadership or the signal does (false). Throws what stopped it. */
async function leadOnce(
  deps: FeedDeps,
  feed: Feed,
  signal: AbortSignal,
  onLead: (counts: FeedWriter["counts"]) => void,
): Promise<boolean> {
  const leadership = await becomeLeader(deps.db, feed.name, signal);
  if (leadership === null) return false;
  const stopping = new AbortController();
  const both = AbortSignal.any([signal, leadership.lost, stopping.signal]);
  try {
    await tellHistory(deps, feed);
    const lines = await openLines(deps, feed);
    const writer = feedWriter(deps, feed, lines);
    onLead(writer.counts);
    deps.log.info({ feed: feed.name, instruments: feed.instrumentIds.length }, "this process leads the feed");
    try {
      await runSource(feed, writer, lines, both, stopping);
      const isEnd = !both.aborted;
      if (!leadership.lost.aborted) await writer.finish(isEnd);
      return isEnd;
    } finally {
      writer.stop();
    }
  } finally {
    await leadership.release();
  }
}

/** Runs the source; when storing fails, stops it and throws that. When the source fails, what it told before is stored first. */
async function runSource(
  feed: Feed,
  writer: FeedWriter,
  lines: ReadonlyMap<string, FeedLine>,
  signal: AbortSignal,
  stopping: AbortController,
): Promise<void> {
  const prices = [...lines].flatMap(([id, { lastPrice }]) => (lastPrice === null ? [] : [[id, lastPrice] as const]));
  const source = feed.run(writer.sink, signal, new Map(prices));
  let canStore = true;
  writer.failed.catch(() => {
    canStore = false;
  });
  try {
    await Promise.race([source, writer.failed]);
  } catch (error) {
    stopping.abort();
    await source.catch(() => {});
    if (canStore) await writer.finish(false);
    throw error;
  }
}

/** Stores the history of instruments that have no bar yet, one after the other: it may take a moment each. */
async function tellHistory({ db, clock }: FeedDeps, { source, instrumentIds, history }: Feed): Promise<void> {
  if (history === undefined) return;
  const untilMs = Math.floor(clock.now().getTime() / 60_000) * 60_000;
  for (const instrumentId of instrumentIds) {
    const stored = await readRecentBars(db, instrumentId, source, 1);
    if (stored.length > 0) continue;
    await saveBars(
      db,
      history(instrumentId, untilMs).map((bar) => ({ instrumentId, source, bar })),
    );
  }
}

async function openLines(deps: FeedDeps, feed: Feed) {
  const opened = feed.instrumentIds.map(async (id) => {
    const instrument = deps.catalog.get(id);
    if (instrument === undefined)
      throw new FeedError(`Feed ${feed.name}: there is no instrument ${id} with terms in force.`);
    return [id, await openLine(deps.db, instrument, feed.source)] as const;
  });
  return new Map(await Promise.all(opened));
}
