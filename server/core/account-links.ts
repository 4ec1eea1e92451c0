import type { LinkEdge, LinkSignal } from "#contracts/link-names.ts";
import {
  circumstantialMost,
  reviewFrom,
  sameThing,
  seenOnce,
  sharersMost,
  signalRules,
  strongFrom,
} from "./link-weights.ts";

/** One thing that two accounts have in common. */
export interface SharedSignal {
  readonly signal: LinkSignal;
  /** Accounts that share it, these two among them: at least 2. */
  readonly sharers: number;
  /** Days since the one of the two who had it longer ago was seen with it. */
  readonly ageDays: number;
  /** Days on which the one of the two who was seen less with it was; null: it is not something that is seen. */
  readonly days: number | null;
  /** 0 to 1: how much of the signal this value is worth, by what kind of value it is. */
  readonly factor: number;
  /** The value as a person may read it. */
  readonly shown: string;
}

/** What a signal brought to the score, with each of its parts: points = weight × rarity × recency × regularity × factor. */
export interface Evidence extends SharedSignal {
  readonly weight: number;
  readonly rarity: number;
  readonly recency: number;
  readonly regularity: number;
  readonly points: number;
}

export interface PairScore {
  /** 0 to 1, four digits. */
  readonly score: number;
  /** The strongest first; of several values of one signal the one that says most. */
  readonly evidence: readonly Evidence[];
}

/**
 * 1 for a value that these two alone share, less the more others have it: 1/log2(1+n) with n the *other* accounts that an account shares
 * it with, so 1, 0.63, 0.5, 0.43 for 2, 3, 4, 5 sharers. Nothing from `sharersMost` on.
 */
export const rarityOf = (sharers: number): number =>
  sharers < 2 || sharers > sharersMost ? 0 : 1 / Math.log2(sharers);

/** Half after each half-life. */
export const recencyOf = (ageDays: number, halfLifeDays: number | null): number =>
  halfLifeDays === null ? 1 : 0.5 ** (Math.max(0, ageDays) / halfLifeDays);

/**
 * How likely two accounts are one person's: noisy-or over their signals, 1 − Π(1 − points). Signals that only describe (a phone's model, a
 * network, a name) never make a strong link, and lift one above `strongFrom` only where those that identify come to `reviewFrom` alone.
 */
export function scorePair(signals: readonly SharedSignal[]): PairScore {
  const best = new Map<LinkSignal, Evidence>();
  for (const signal of signals) {
    const weighed = weigh(signal);
    if (weighed.points > (best.get(signal.signal)?.points ?? 0)) best.set(signal.signal, weighed);
  }
  for (const [one, other] of sameThing) {
    const [x, y] = [best.get(one)?.points ?? 0, best.get(other)?.points ?? 0];
    if (x > 0 && y > 0) best.delete(x > y ? other : one);
  }
  const evidence = [...best.values()].sort((x, y) => y.points - x.points || (x.signal < y.signal ? -1 : 1));
  const all = noisyOr(evidence);
  const identified = noisyOr(evidence.filter(({ signal }) => signalRules[signal].identifies));
  return { score: rounded(identified >= reviewFrom ? all : Math.min(all, circumstantialMost)), evidence };
}

function weigh(signal: SharedSignal): Evidence {
  const { weight, halfLifeDays } = signalRules[signal.signal];
  const rarity = rounded(rarityOf(signal.sharers));
  const recency = rounded(recencyOf(signal.ageDays, halfLifeDays));
  const regularity = signal.days !== null && signal.days < 2 ? seenOnce : 1;
  const points = rounded(weight * rarity * recency * regularity * signal.factor);
  return { ...signal, weight, rarity, recency, regularity, points };
}

const noisyOr = (evidence: readonly Evidence[]): number =>
  1 - evidence.reduce((unlike, { points }) => unlike * (1 - points), 1);

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export const edgeOf = (score: number): LinkEdge =>
  score >= strongFrom ? "strong" : score >= reviewFrom ? "review" : "weak";
