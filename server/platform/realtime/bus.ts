import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Announcement, Bus } from "./announcement.ts";
import { decodeAnnouncements, encodeAnnouncements } from "./announcement-codec.ts";

export interface RedisBusOptions {
  readonly url: string;
  readonly log: Pick<Logger, "warn" | "error">;
  /** Installations that share a Redis name their own channel. */
  readonly channel?: string;
}

export interface RedisBus extends Bus {
  /** Resolves once this process hears the channel; before that announcements pass it by. */
  readonly ready: Promise<void>;
}

/** While Redis is away at most so many announcements wait; older ones are let go (at most once is the promise). */
const waitingMax = 1_000;
const reconnectMsMax = 2_000;

/**
 * The one announcement channel over Redis pub/sub. What is published within one turn of the event loop travels as one
 * message; a process hears its own announcements too.
 */
export function redisBus({ url, log, channel = "truewick" }: RedisBusOptions): RedisBus {
  const options = {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => Math.min(attempt * 50, reconnectMsMax),
  };
  const publisher = new Redis(url, { ...options, enableOfflineQueue: false });
  const subscriber = new Redis(url, options);
  for (const client of [publisher, subscriber])
    client.on("error", (error: Error) => log.warn({ err: error }, "announcement channel: Redis is not reachable"));

  const hearers = new Set<(announcement: Announcement) => void>();
  let waiting: Announcement[] = [];
  let planned = false;

  const flush = (): void => {
    planned = false;
    if (waiting.length === 0) return;
    if (publisher.status !== "ready") {
      waiting = waiting.slice(-waitingMax);
      return;
    }
    const sent = encodeAnnouncements(waiting);
    waiting = [];
    publisher.publish(channel, sent).catch((error: unknown) => log.warn({ err: error }, "announcement lost"));
  };
  publisher.on("ready", flush);

  subscriber.on("message", (_channel: string, text: string) => {
    for (const announcement of decoded(text, log)) for (const hear of hearers) tell(hear, announcement, log);
  });

  return {
    ready: subscriber.subscribe(channel).then(() => undefined),
    publish: (announcement) => {
      waiting.push(announcement);
      if (planned) return;
      planned = true;
      setImmediate(flush);
    },
    subscribe: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    close: async () => {
      flush();
      hearers.clear();
      await Promise.allSettled([publisher, subscriber].map(leave));
    },
  };
}

/** Says goodbye where there is a connection to say it on; `quit` on a dead one would wait for ever. */
async function leave(client: Redis): Promise<void> {
  if (client.status === "ready") await client.quit();
  else client.disconnect();
}

function decoded(text: string, log: RedisBusOptions["log"]): Announcement[] {
  try {
    return decodeAnnouncements(text);
  } catch (error) {
    log.error({ err: error }, "announcement channel: unreadable message skipped");
    return [];
  }
}

/** One hearer that throws must not silence the others. */
function tell(
  hear: (announcement: Announcement) => void,
  announcement: Announcement,
  log: RedisBusOptions["log"],
): void {
  try {
    hear(announcement);
  } catch (error) {
    log.error({ err: error, kind: announcement.kind }, "a hearer of announcements failed");
  }
}
