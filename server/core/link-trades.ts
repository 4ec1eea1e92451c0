import type { Side } from "#contracts/names.ts";
import { sharersMost } from "./link-weights.ts";

/** A fill as far as it is compared with others'. */
export interface ComparedFill {
  readonly traderId: string;
  /** Book and instrument: only fills of one market are compared. */
  readonly market: string;
  readonly side: Side;
  readonly lots: bigint;
  readonly atMs: number;
}

/** Two traders, the lesser id first, who traded within seconds of each other. */
export interface MatchedTrade {
  readonly signal: "opposite-trades" | "copied-trades";
  readonly a: string;
  readonly b: string;
  readonly atMs: number;
}

const oppositeWithinMs = 5_000;
const copiedWithinMs = 2_000;

/** So many fills of a market are looked back on, also where more came within the seconds. */
const windowMost = 500;

/** So many matches, and so large a share of the fills of the one who has fewer, before they say anything. */
export const matchesLeast = 5;
export const matchesShareLeast = 0.5;

/**
 * Compares each fill with those before it, in the order of their times: another's on the opposite side within five seconds, or the same lots
 * on the same side within two. Once for each fill and other trader. Where more than `sharersMost` traders trade within those seconds
 * nothing is said: everybody does.
 */
export function tradeMatcher(): { readonly add: (fill: ComparedFill) => readonly MatchedTrade[] } {
  const recent = new Map<string, ComparedFill[]>();
  return {
    add: (fill) => {
      const before = (recent.get(fill.market) ?? []).filter(({ atMs }) => fill.atMs - atMs <= oppositeWithinMs);
      recent.set(fill.market, [...before.slice(-windowMost), fill]);
      const others = before.filter(({ traderId }) => traderId !== fill.traderId);
      if (new Set(others.map(({ traderId }) => traderId)).size >= sharersMost) return [];
      const matched = new Map<string, MatchedTrade>();
      for (const other of others) {
        const match = matchOf(fill, other);
        if (match !== null) matched.set(`${match.signal} ${other.traderId}`, match);
      }
      return [...matched.values()];
    },
  };
}

function matchOf(fill: ComparedFill, other: ComparedFill): MatchedTrade | null {
  const [a, b] = fill.traderId < other.traderId ? [fill.traderId, other.traderId] : [other.traderId, fill.traderId];
  const { atMs } = fill;
  if (fill.side !== other.side) return { signal: "opposite-trades", a, b, atMs };
  const isCopy = fill.lots === other.lots && atMs - other.atMs <= copiedWithinMs;
  return isCopy ? { signal: "copied-trades", a, b, atMs } : null;
}
