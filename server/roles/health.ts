import { sessionStateOf } from "../capabilities/market-data/index.ts";
import type { PartState } from "../platform/http/health.ts";
import type { Shared } from "./shared.ts";

/** A feed that says nothing for so long, while a market it serves is open, is down. */
const silenceMaxMs = 60_000;

/** What /readyz looks at: name -> look. */
export function partsOf(shared: Shared): Readonly<Record<string, () => Promise<PartState>>> {
  return {
    database: async () => {
      await shared.db.raw("SELECT 1");
      return { usable: true, says: "answers" };
    },
    queue: async () => {
      const { usable, says } = await shared.queueHealth();
      return { usable, says };
    },
    feed: async () => feedState(shared),
  };
}

/** The feed may run in another process: what counts is that prices arrive here while they are expected. */
function feedState({ catalog, quotes, clock }: Shared): PartState {
  const instruments = catalog.all();
  const ages = quoteAges({ catalog, quotes, clock });
  if (instruments.length === 0) return { usable: true, says: "no instruments yet" };
  if (ages.size === 0) return { usable: false, says: "no price has arrived yet" };
  const newestMs = Math.min(...ages.values()) * 1000;
  const says = `newest price ${Math.round(newestMs)} ms old, ${ages.size} of ${instruments.length} instruments have one`;
  if (newestMs <= silenceMaxMs) return { usable: true, says };
  const isExpected = instruments.some((instrument) => {
    const quote = quotes.latest(instrument.id);
    // A replay ends with its file: its silence is not a fault.
    if (quote === undefined || quote.source === "replay") return false;
    return sessionStateOf(instrument, quote, clock.now()).open;
  });
  return { usable: !isExpected, says: isExpected ? says : `${says}; no market is open, or the replay has ended` };
}

/** Instrument -> age of its newest quote in seconds. */
export function quoteAges({
  catalog,
  quotes,
  clock,
}: Pick<Shared, "catalog" | "quotes" | "clock">): Map<string, number> {
  const now = clock.elapsedMs();
  return new Map(
    catalog.all().flatMap(({ id }): [string, number][] => {
      const quote = quotes.latest(id);
      return quote === undefined ? [] : [[id, (now - quote.arrivedMs) / 1000]];
    }),
  );
}

const usablePatienceMs = 10_000;
const lookMs = 50;

/**
 * Waits until every part is usable and each instrument that our own feeds serve has a price, so that the first order after
 * `ready` is not refused; but not for ever. Returns what still is not usable, in words.
 */
export async function untilUsable(shared: Shared): Promise<readonly string[]> {
  const deadline = shared.clock.elapsedMs() + usablePatienceMs;
  for (;;) {
    const looks = Object.entries(partsOf(shared)).map(async ([name, look]) => ({ name, ...(await look()) }));
    const missing = (await Promise.all(looks)).filter((part) => !part.usable);
    const isLate = shared.clock.elapsedMs() > deadline;
    if (missing.length === 0 && (isLate || hasAllPrices(shared))) return [];
    if (isLate) return missing.map(({ name, says }) => `${name}: ${says}`);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** A price from before a restart does not count, but for a replay, which may have come to its end. */
function hasAllPrices({ config, catalog, quotes, clock }: Shared): boolean {
  if (!config.roles.includes("feed")) return true;
  const isFresh = (id: string): boolean => {
    const arrivedMs = quotes.latest(id)?.arrivedMs;
    const maxAgeMs = catalog.get(id)?.maxQuoteAgeMs ?? 0;
    return arrivedMs !== undefined && clock.elapsedMs() - arrivedMs <= maxAgeMs;
  };
  return config.feeds.every((feed) =>
    feed.kind === "simulated"
      ? catalog.all().every(({ id }) => isFresh(id))
      : quotes.latest(feed.instrument) !== undefined,
  );
}
