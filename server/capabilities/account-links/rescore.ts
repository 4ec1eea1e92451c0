import type { Knex } from "knex";
import type { LinkSignal } from "#contracts/link-names.ts";
import { type PairScore, scorePair } from "#core/account-links.ts";
import { type PairBook, pairBook } from "#core/link-candidates.ts";
import { groupLinks } from "#core/link-clusters.ts";
import { reviewFrom } from "#core/link-weights.ts";
import { systemActor, type Transact } from "../../platform/db/unit-of-work.ts";
import { noteAddresses } from "./addresses.ts";
import { linksAmong, lockLinks, reachOf, writeGroups } from "./links.store.ts";
import { tradeFacts } from "./note-trades.ts";
import {
  databaseTime,
  decidedPairs,
  forgetStale,
  linkedTraders,
  type ScoredPair,
  writeScores,
} from "./scores.store.ts";
import {
  closeLogins,
  type FactRow,
  referrals,
  sharedValues,
  type ValueRow,
  valuesSharedBy,
} from "./shared-values.store.ts";

export interface RescoreDeps {
  readonly db: Knex;
  /** For reads that may take longer. */
  readonly readDb: Knex;
  readonly transact: Transact;
}

/** Signals that are shared values, in the order in which they are read. */
const valueSignals: readonly LinkSignal[] = [
  ...(["payout", "device", "phone", "email", "device-network", "fingerprint", "ip", "email-similar"] as const),
];

/**
 * Scores every pair of traders that share anything, writes those that a person is to see, forgets those that nobody decided and that came to
 * less, and groups anew. What people decided stays. Returns how many links there are.
 */
export async function rescoreAll({ db, readDb, transact }: RescoreDeps): Promise<number> {
  const startedAt = await databaseTime(db);
  await transact(systemActor, (work) => noteAddresses(work.db, null));
  const places = new Places();
  const book = pairBook(placesMost, startedAt.getTime());
  for (const signal of valueSignals)
    for (const value of await sharedValues(readDb, signal)) addValue(book, places, value);
  const facts = [...(await closeLogins(readDb, null)), ...(await tradeFacts(readDb, null))];
  addFacts(book, places, facts, await referrals(readDb, null));
  const kept = await decidedPairs(readDb, null);
  const scored = scoredPairs(book, places, kept);
  await transact(systemActor, async (work) => {
    await lockLinks(work.db);
    await writeScores(work.db, scored);
    await forgetStale(work.db, startedAt, null);
    const traders = await linkedTraders(work.db);
    await writeGroups(work.db, traders, groupLinks(await linksAmong(work.db, traders)));
  });
  return scored.length;
}

/** The same for the pairs of one trader, when something new is known of him. `kept`: pairs that stay even where they come to nothing. */
export async function rescoreTrader(
  { db, transact }: RescoreDeps,
  traderId: string,
  kept: readonly (readonly [a: string, b: string])[] = [],
): Promise<void> {
  const startedAt = await databaseTime(db);
  await transact(systemActor, (work) => noteAddresses(work.db, traderId));
  const places = new Places();
  const book = pairBook(placesMost, startedAt.getTime(), places.of(traderId));
  for (const value of await valuesSharedBy(db, traderId)) addValue(book, places, value);
  const facts = [...(await closeLogins(db, traderId)), ...(await tradeFacts(db, traderId))];
  addFacts(book, places, facts, await referrals(db, traderId));
  const scored = scoredPairs(book, places, [...(await decidedPairs(db, traderId)), ...kept]);
  await transact(systemActor, async (work) => {
    await lockLinks(work.db);
    const before = await reachOf(work.db, [traderId]);
    await writeScores(work.db, scored);
    await forgetStale(work.db, startedAt, traderId);
    const traders = await reachOf(work.db, [...new Set([...before, traderId])]);
    await writeGroups(work.db, traders, groupLinks(await linksAmong(work.db, traders)));
  });
}

/** Pairs are kept as one number of two places: as many traders as that has room for. */
const placesMost = 90_000_000;

/** Traders counted through in the order in which they are met. */
class Places {
  readonly #places = new Map<string, number>();
  readonly #traders: string[] = [];
  of(traderId: string): number {
    const known = this.#places.get(traderId);
    if (known !== undefined) return known;
    const place = this.#traders.push(traderId) - 1;
    this.#places.set(traderId, place);
    return place;
  }
  at(place: number): string {
    return this.#traders[place] ?? "";
  }
}

function addValue(book: PairBook, places: Places, row: ValueRow): void {
  const sharers = row.traders.map((trader, n) => ({
    ...{ account: places.of(trader), lastAtMs: row.lasts[n] ?? 0 },
    ...{ days: row.days[n] ?? null, factor: row.factors[n] ?? 0 },
  }));
  book.addValue({ signal: row.signal, shown: row.shown, sharers });
}

function addFacts(book: PairBook, places: Places, facts: readonly FactRow[], priors: readonly FactRow[]): void {
  const told = ({ signal, sharers, shown, last }: FactRow) => ({
    ...{ signal, sharers, shown, days: null, factor: 1, lastAtMs: last },
  });
  for (const fact of facts) book.addFact(places.of(fact.a), places.of(fact.b), told(fact));
  for (const prior of priors) book.addPrior(places.of(prior.a), places.of(prior.b), told(prior));
}

const nothing: PairScore = { score: 0, evidence: [] };

/** Pairs for a person to see, and those that were decided, whatever they come to now. */
function scoredPairs(book: PairBook, places: Places, decided: readonly (readonly [string, string])[]): ScoredPair[] {
  const asked = new Map(decided.map((pair) => [pair.join(), pair]));
  const scored: ScoredPair[] = [];
  for (const [x, y, signals] of book.pairs()) {
    const of = scorePair(signals);
    const [a, b] = [places.at(x), places.at(y)].sort() as [string, string];
    if (asked.delete(`${a},${b}`) || of.score >= reviewFrom) scored.push({ a, b, ...of });
  }
  for (const [a, b] of asked.values()) scored.push({ a, b, ...nothing });
  return scored;
}
