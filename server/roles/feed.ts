import { type Feed, FeedError } from "#core/feed.ts";
import { type RunningFeed, runFeed } from "../capabilities/market-data/index.ts";
import { StartError } from "../platform/embedded/start-error.ts";
import { openFeeds } from "../platform/feeds/open-feeds.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

/** Role `feed`: prices of the sources named in FEED, each led by one process at a time. */
export async function startFeed(shared: Shared): Promise<RunningRole> {
  const ending = new AbortController();
  const feeds = (await feedsOf(shared)).map((feed): RunningFeed => runFeed(shared, feed, ending.signal));
  return {
    name: "feed",
    stop: async () => {
      ending.abort();
      await Promise.all(feeds.map((feed) => feed.done));
    },
  };
}

/** The feeds that FEED names; what it names wrongly is told as the start's problem. */
async function feedsOf({ config, catalog, clock, log }: Shared): Promise<readonly Feed[]> {
  try {
    return await openFeeds(config.feeds, { instruments: catalog.all(), speed: config.feedSpeed, clock, log });
  } catch (error) {
    throw error instanceof FeedError ? new StartError(error.message) : error;
  }
}
