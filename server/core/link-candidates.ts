import type { LinkSignal } from "#contracts/link-names.ts";
import type { SharedSignal } from "./account-links.ts";
import { sharersMost, signalRules } from "./link-weights.ts";

/** An account that was seen with a value. Accounts are counted through, from 0: pairs of them are kept by the million. */
export interface Sharer {
  readonly account: number;
  readonly lastAtMs: number;
  /** Days on which it was seen; null: it is not something that is seen. */
  readonly days: number | null;
  /** 0 to 1: what the value is worth with this account. */
  readonly factor: number;
}

export interface SharedValue {
  readonly signal: LinkSignal;
  readonly shown: string;
  readonly sharers: readonly Sharer[];
}

/** What the pairs of some accounts share. `accounts`: how many there are. */
export interface PairBook {
  readonly addValue: (value: SharedValue) => void;
  readonly addFact: (a: number, b: number, fact: Omit<SharedSignal, "ageDays"> & { readonly lastAtMs: number }) => void;
  /** More about pairs that share something else as well: alone it makes none. */
  readonly addPrior: (
    a: number,
    b: number,
    fact: Omit<SharedSignal, "ageDays"> & { readonly lastAtMs: number },
  ) => void;
  readonly pairs: () => IterableIterator<readonly [a: number, b: number, signals: readonly SharedSignal[]]>;
}

const dayMs = 86_400_000;

/** Collects by pair what scorePair weighs. `only`: pairs with this account alone. */
export function pairBook(accounts: number, nowMs: number, only: number | null = null): PairBook {
  const signals = new Map<number, SharedSignal[]>();
  const keyOf = (a: number, b: number): number => (a < b ? a * accounts + b : b * accounts + a);
  const ageOf = (lastAtMs: number): number => Math.max(0, (nowMs - lastAtMs) / dayMs);
  const add = (key: number, signal: SharedSignal): void => {
    const known = signals.get(key);
    if (known === undefined) signals.set(key, [signal]);
    else known.push(signal);
  };
  const addPair = (value: SharedValue, a: Sharer, b: Sharer): void => {
    if (a.account === b.account || (only !== null && a.account !== only && b.account !== only)) return;
    add(keyOf(a.account, b.account), {
      ...{ signal: value.signal, shown: value.shown, sharers: value.sharers.length },
      ageDays: signalRules[value.signal].halfLifeDays === null ? 0 : ageOf(Math.min(a.lastAtMs, b.lastAtMs)),
      days: a.days === null || b.days === null ? null : Math.min(a.days, b.days),
      factor: Math.min(a.factor, b.factor),
    });
  };
  return {
    addValue: (value) => {
      const { sharers } = value;
      if (sharers.length < 2 || sharers.length > sharersMost) return;
      sharers.forEach((a, place) => {
        for (const b of sharers.slice(place + 1)) addPair(value, a, b);
      });
    },
    addFact: (a, b, { lastAtMs, ...fact }) => add(keyOf(a, b), { ...fact, ageDays: ageOf(lastAtMs) }),
    addPrior: (a, b, { lastAtMs, ...fact }) => {
      signals.get(keyOf(a, b))?.push({ ...fact, ageDays: ageOf(lastAtMs) });
    },
    *pairs() {
      for (const [key, found] of signals) yield [Math.floor(key / accounts), key % accounts, found];
    },
  };
}
