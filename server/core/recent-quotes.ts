import { groupBy } from "./group-by.ts";
import type { Position } from "./position.ts";
import { unrealizedPnl } from "./position.ts";
import type { Quote } from "./quote.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

type KeptQuote = Pick<Quote, "instrumentId" | "seq" | "bid" | "ask" | "receivedAt">;

/** The last quotes of all instruments, in the order of the stream. A place counts the quotes that came before it. */
export interface RecentQuotes {
  readonly push: (quote: KeptQuote) => void;
  /** The place of the next quote. */
  readonly place: () => number;
  /** The place behind an instrument's quote of this seq: that of the next quote, when none so new has come; 0 when it is forgotten. */
  readonly placeAfter: (instrumentId: string, seq: bigint) => number;
  /** An instrument's last quote before a place; null: none that is kept. */
  readonly lastBefore: (instrumentId: string, place: number) => KeptQuote | null;
  /** From a place on, oldest first; what is forgotten is left out. */
  readonly since: (place: number) => readonly KeptQuote[];
  /** Of an instrument's quotes from a place on those that can matter to a position of one side: see `turningPoints`. */
  readonly turns: (instrumentId: string, side: "long" | "short", place: number) => readonly KeptQuote[];
}

/** Keeps at least `most` quotes, at most twice as many. */
export function recentQuotes(most: number): RecentQuotes {
  let kept: KeptQuote[] = [];
  let forgotten = 0;
  /** Many accounts ask from the same place. */
  let turned = new Map<string, readonly KeptQuote[]>();
  const since = (place: number): KeptQuote[] => kept.slice(Math.max(0, place - forgotten));
  return {
    push: (quote) => {
      if (turned.size > 0) turned = new Map();
      kept.push(quote);
      if (kept.length < 2 * most) return;
      kept = kept.slice(most);
      forgotten += most;
    },
    place: () => forgotten + kept.length,
    placeAfter: (instrumentId, seq) => {
      for (let index = kept.length - 1; index >= 0; index--) {
        const quote = kept[index];
        if (quote?.instrumentId === instrumentId && quote.seq <= seq) return forgotten + index + 1;
      }
      return 0;
    },
    lastBefore: (instrumentId, place) => {
      for (let index = Math.min(place - forgotten, kept.length) - 1; index >= 0; index--) {
        const quote = kept[index];
        if (quote?.instrumentId === instrumentId) return quote;
      }
      return null;
    },
    since,
    turns: (instrumentId, side, place) => {
      const key = `${instrumentId} ${side} ${place}`;
      const found = turned.get(key) ?? turningPoints(since(place), instrumentId, side);
      turned.set(key, found);
      return found;
    },
  };
}

/**
 * The quotes that a position's peaks and its falls from them lie at: each one better than all before, and the worst before the next such. A
 * limit that none of these breaches, none of the others does.
 */
function turningPoints(quotes: readonly KeptQuote[], instrumentId: string, side: "long" | "short"): KeptQuote[] {
  const points: KeptQuote[] = [];
  let best: bigint | null = null;
  let worst: bigint | null = null;
  for (const quote of quotes) {
    if (quote.instrumentId !== instrumentId) continue;
    const worth: bigint = side === "long" ? quote.bid : -quote.ask;
    if (best === null || worth > best) {
      best = worth;
      worst = null;
      points.push(quote);
    } else if (worst === null || worth < worst) {
      if (worst !== null) points.pop();
      worst = worth;
      points.push(quote);
    }
  }
  return points;
}

/** An open position, with the price it was marked at when the walk begins; `tickValue` in minor units a lot and tick. */
export interface WalkedPosition {
  readonly instrumentId: string;
  readonly position: Position;
  readonly tickValue: MinorUnits;
  readonly mark: Pick<Quote, "bid" | "ask">;
  /** Its last fill was at this quote: older ones say nothing about it. Null: no fill is known. */
  readonly filledSeq: bigint | null;
}

/** Unrealised result of the positions together at their marks; minor units. */
export const resultOf = (positions: readonly WalkedPosition[]): MinorUnits =>
  minorUnits(positions.reduce((sum, one) => sum + unrealizedPnl(one.position, one.mark, one), 0n));

/** Unrealised results of several accounts after a quote, minor units, in their order. */
export interface DatedResults {
  readonly atMs: number;
  /** Which of the quotes it was. */
  readonly quote: number;
  readonly results: readonly MinorUnits[];
}

/** The same of each of these accounts after each of the quotes that move one of their positions, in their order. */
export function resultsAt(
  accounts: readonly (readonly WalkedPosition[])[],
  quotes: readonly KeptQuote[],
): DatedResults[] {
  const held = groupBy(
    accounts.flatMap((positions, account) =>
      positions.map((one) => ({ one, account, result: unrealizedPnl(one.position, one.mark, one) as bigint })),
    ),
    ({ one }) => one.instrumentId,
  );
  const totals: bigint[] = accounts.map(resultOf);
  const path: DatedResults[] = [];
  quotes.forEach((quote, number) => {
    let isMoved = false;
    for (const line of held.get(quote.instrumentId) ?? []) {
      const { one, account } = line;
      if (one.filledSeq !== null && quote.seq <= one.filledSeq) continue;
      const result = unrealizedPnl(one.position, quote, one);
      totals[account] = (totals[account] ?? 0n) + result - line.result;
      line.result = result;
      isMoved = true;
    }
    if (isMoved) path.push({ atMs: quote.receivedAt.getTime(), quote: number, results: totals.map(minorUnits) });
  });
  return path;
}
