import type { LinkSignal, NetworkType } from "#contracts/link-names.ts";
import { type PairScore, scorePair } from "#core/account-links.ts";
import { groupBy } from "#core/group-by.ts";
import { pairBook, type SharedValue, type Sharer } from "#core/link-candidates.ts";
import { emailLetters, normalEmail } from "#core/link-values.ts";
import { lookalikeFactor, sharedNetworkFactor } from "#core/link-weights.ts";

export const minuteMs = 60_000;
export const dayMs = 1_440 * minuteMs;

/** One login of an account, by its number, from a device and an address. */
export interface Seen {
  readonly who: number;
  readonly atMs: number;
  readonly device?: string;
  readonly fingerprint?: string;
  readonly isLookalike?: boolean;
  /** IPv4. */
  readonly ip?: string;
  readonly network?: NetworkType;
}

/** What is known of some accounts, counted from 0. */
export interface Scene {
  readonly accounts: number;
  readonly nowMs: number;
  readonly seen: readonly Seen[];
  readonly emails?: readonly string[];
  readonly payouts?: readonly (string | null)[];
  readonly referrals?: readonly (readonly [agent: number, client: number])[];
  readonly oppositeTrades?: readonly (readonly [number, number])[];
}

/** Every pair that has anything in common, with its score; the key is "a-b" with a < b. */
export function scoresOf(scene: Scene): Map<string, PairScore> {
  const book = pairBook(scene.accounts, scene.nowMs);
  const { seen, nowMs } = scene;
  const addSeen = (
    signal: LinkSignal,
    valueIn: (one: Seen) => string | undefined,
    factorOf: (one: Seen) => number = () => 1,
  ): void => {
    const having = seen.filter((one) => valueIn(one) !== undefined);
    for (const [value, group] of groupBy(having, (one) => valueIn(one) ?? ""))
      book.addValue(seenValue(signal, value, group, factorOf));
  };
  const likeness = ({ isLookalike }: Seen): number => (isLookalike === true ? lookalikeFactor : 1);
  addSeen("device", ({ device }) => device);
  addSeen("fingerprint", ({ fingerprint }) => fingerprint, likeness);
  addSeen("device-network", deviceNetworkOf, likeness);
  addSeen(
    "ip",
    ({ ip }) => ip,
    (one) => (isHome(one) ? 1 : sharedNetworkFactor),
  );
  for (const close of closeOf(seen.filter(isHome))) book.addFact(...close);
  addTold(book, "email", scene.emails?.map(normalEmail));
  addTold(book, "email-similar", scene.emails?.map(emailLetters));
  addTold(book, "payout", scene.payouts);
  const fact = { sharers: 2, days: null, factor: 1, shown: "", lastAtMs: nowMs };
  for (const [a, b] of scene.oppositeTrades ?? []) book.addFact(a, b, { ...fact, signal: "opposite-trades" });
  for (const [a, b] of scene.referrals ?? []) book.addPrior(a, b, { ...fact, signal: "referral" });
  return new Map([...book.pairs()].map(([a, b, signals]) => [`${a}-${b}`, scorePair(signals)]));
}

const isHome = ({ network }: Seen): boolean => network === "residential";

function deviceNetworkOf(one: Seen): string | undefined {
  if (one.fingerprint === undefined || one.ip === undefined || !isHome(one)) return undefined;
  return `${one.fingerprint} ${one.ip.replace(/\.\d+$/, "")}`;
}

function seenValue(
  signal: LinkSignal,
  shown: string,
  group: readonly Seen[],
  factorOf: (one: Seen) => number,
): SharedValue {
  const sharers: Sharer[] = [...groupBy(group, ({ who }) => who)].map(([account, times]) => ({
    account,
    lastAtMs: Math.max(...times.map(({ atMs }) => atMs)),
    days: new Set(times.map(({ atMs }) => Math.floor(atMs / dayMs))).size,
    factor: Math.min(...times.map(factorOf)),
  }));
  return { signal, shown, sharers };
}

type Facts = Parameters<ReturnType<typeof pairBook>["addFact"]>[];

/** Pairs that were at one home's address within ten minutes of each other. */
function closeOf(seen: readonly Seen[]): Facts {
  const facts: Facts = [];
  for (const [shown, group] of groupBy(seen, ({ ip }) => ip ?? "")) {
    const sharers = new Set(group.map(({ who }) => who)).size;
    const inTime = [...group].sort((a, b) => a.atMs - b.atMs);
    inTime.forEach((one, place) => {
      for (const other of inTime.slice(place + 1)) {
        if (other.atMs - one.atMs > 10 * minuteMs) break;
        const fact = { signal: "ip-close", sharers, days: null, factor: 1, shown, lastAtMs: other.atMs } as const;
        if (other.who !== one.who) facts.push([one.who, other.who, fact]);
      }
    });
  }
  return facts;
}

function addTold(
  book: ReturnType<typeof pairBook>,
  signal: LinkSignal,
  values: readonly (string | null)[] | undefined,
): void {
  const having = (values ?? []).flatMap((value, account) => (value === null ? [] : [{ value, account }]));
  for (const [shown, group] of groupBy(having, ({ value }) => value)) {
    const sharers = group.map(({ account }) => ({ account, lastAtMs: 0, days: null, factor: 1 }));
    book.addValue({ signal, shown, sharers });
  }
}
