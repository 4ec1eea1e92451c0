import type { Logger } from "pino";
import { type Feed, FeedError } from "#core/feed.ts";
import type { Instrument } from "#core/instrument.ts";
import type { Clock } from "../clock.ts";
import { checkPriceFile } from "./csv-file.ts";
import { replayFeed } from "./replay.ts";
import { simulatedFeed } from "./simulated.ts";

/** One entry of the setting FEED. */
export type FeedSpec =
  | { readonly kind: "simulated" }
  | { readonly kind: "replay"; readonly file: string; readonly instrument: string };

export interface OpenFeedsOptions {
  readonly instruments: readonly Instrument[];
  readonly speed: number | "max";
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
}

/**
 * The feeds of the setting. An instrument has one source: what is replayed is not simulated beside it. Throws a FeedError for a
 * replay of an unknown instrument, of one instrument twice, or of a file that can't be read.
 */
export async function openFeeds(specs: readonly FeedSpec[], options: OpenFeedsOptions): Promise<Feed[]> {
  const replayed = new Map<string, Feed>();
  for (const spec of specs) {
    if (spec.kind !== "replay") continue;
    const instrument = options.instruments.find(({ id }) => id === spec.instrument);
    if (instrument === undefined)
      throw new FeedError(
        `FEED replays ${spec.instrument}, but there is no such instrument; instruments: ${options.instruments.map(({ id }) => id).join(", ")}.`,
      );
    if (replayed.has(instrument.id)) throw new FeedError(`FEED replays ${instrument.id} twice; name one file for it.`);
    await checkPriceFile(spec.file);
    replayed.set(instrument.id, replayFeed({ ...options, file: spec.file, instrument }));
  }
  const feeds = [...replayed.values()];
  const rest = options.instruments.filter(({ id }) => !replayed.has(id));
  if (specs.some(({ kind }) => kind === "simulated") && rest.length > 0)
    feeds.push(simulatedFeed({ instruments: rest, clock: options.clock }));
  return feeds;
}
