import type { Feed } from "#core/feed.ts";
import { type RunningFeed, runFeed } from "../capabilities/market-data/index.ts";
import { StartError } from "../platform/embedded/start-error.ts";
import { replayFeed } from "../platform/feeds/replay.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

/** Role `feed`: prices of the sources named in FEED, each led by one process at a time. */
export async function startFeed(shared: Shared): Promise<RunningRole> {
  const ending = new AbortController();
  const feeds = feedsOf(shared).map((feed): RunningFeed => runFeed(shared, feed, ending.signal));
  return {
    name: "feed",
    stop: async () => {
      ending.abort();
      await Promise.all(feeds.map((feed) => feed.done));
    },
  };
}

/** The simulator prices whatever no other source does, so that no instrument has two. */
function feedsOf(shared: Shared): readonly Feed[] {
  const { config, catalog, clock, log } = shared;
  const speed = config.feedSpeed;
  const replays = config.feeds.flatMap((spec) => {
    if (spec.kind !== "replay") return [];
    const instrument = catalog.get(spec.instrument);
    if (instrument === undefined)
      throw new StartError(`FEED replays ${spec.file} as ${spec.instrument}, but there is no such instrument.`);
    return [replayFeed({ file: spec.file, instrument, speed, clock, log })];
  });
  return replays;
}
