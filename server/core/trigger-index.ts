import { type Heap, heap } from "./heap.ts";
import type { Quote } from "./quote.ts";
import { assert } from "./result.ts";
import { beyond, type Crossing } from "./trigger.ts";

/** Somebody who waits for a price: a working order, or an account at the edge of its margin. */
export interface Watch<Payload> {
  /** Unique in the index. */
  readonly key: string;
  readonly crossing: Crossing;
  /** Only quotes with a higher seq count. */
  readonly fromSeq: bigint;
  /** Who comes first among those whose price was met at the same moment: the lower one. Unique among orders (`orders.seq`). */
  readonly rank: bigint;
  readonly payload: Payload;
}

type PricedQuote = Pick<Quote, "seq" | "bid" | "ask">;

/**
 * All who wait for prices of one instrument. A quote costs what it fires, not what waits: each of the four ways to meet a price
 * (bid or ask, rising or falling) keeps its next price on top. Prices stay bigint: a quote that fires nobody needs four
 * comparisons.
 */
export interface TriggerIndex<Payload> {
  /** Adds a watch, or puts it in place of the one with its key. O(log n). */
  readonly put: (watch: Watch<Payload>) => void;
  /** False: there was none. O(1); its place in the heap is cleared later. */
  readonly remove: (key: string) => boolean;
  readonly get: (key: string) => Watch<Payload> | undefined;
  readonly size: () => number;
  readonly keys: () => Iterable<string>;
  /**
   * Takes out all whose price this quote meets and whom `counts` admits; the others stay. In the order in which a price that
   * moves straight to the quote meets them: the farthest beyond first, at equal distance the lower rank, then the key.
   * Quotes must come in the order of seq.
   */
  readonly take: (quote: PricedQuote, counts?: (watch: Watch<Payload>) => boolean) => Watch<Payload>[];
  /** Whether `take` would find a price met, before `counts` is asked. */
  readonly meets: (quote: PricedQuote) => boolean;
}

/** Heaps are cleared when they hold more dead than living, beyond this many. */
const deadMin = 1_000;

/** An index that has seen the quotes up to `seenSeq`. */
export function triggerIndex<Payload>(seenSeq: bigint): TriggerIndex<Payload> {
  const living = new Map<string, Watch<Payload>>();
  const sides = fourSides<Payload>();
  /** Who waits for quotes that this index has not reached yet: their news was faster than the stream. */
  const early = heap<Watch<Payload>>((a, b) => a.fromSeq < b.fromSeq);
  let seen = seenSeq;
  const isLiving = (watch: Watch<Payload>): boolean => living.get(watch.key) === watch;

  const clear = (): void => {
    const held = early.size() + sides.all.reduce((sum, side) => sum + side.size(), 0);
    if (held < 2 * living.size + deadMin) return;
    for (const side of [early, ...sides.all]) side.keep(isLiving);
  };
  const place = (watch: Watch<Payload>): void => (watch.fromSeq > seen ? early : sides.of(watch.crossing)).push(watch);
  const put = (given: Watch<Payload>): void => {
    // A copy: what a heap still holds of an earlier place must not come to life again.
    const watch = { ...given };
    living.set(watch.key, watch);
    place(watch);
    clear();
  };
  /** The next price of a side, past those that have left. */
  const next = (side: Heap<Watch<Payload>>): Watch<Payload> | undefined => {
    for (let top = side.top(); top !== undefined; top = side.top()) {
      if (isLiving(top)) return top;
      side.pop();
    }
    return undefined;
  };
  const advance = (seq: bigint): void => {
    assert(seq > seen, `quote ${seq} came after ${seen}`);
    seen = seq;
    for (let top = early.top(); top !== undefined && top.fromSeq < seq; top = early.top()) {
      early.pop();
      if (isLiving(top)) sides.of(top.crossing).push(top);
    }
  };
  const isMet = (side: Heap<Watch<Payload>>, quote: PricedQuote): boolean => {
    const watch = next(side);
    return watch !== undefined && beyond(watch.crossing, quote) >= 0n;
  };

  return {
    put,
    remove: (key) => {
      const was = living.delete(key);
      if (was) clear();
      return was;
    },
    get: (key) => living.get(key),
    size: () => living.size,
    keys: () => living.keys(),
    meets: (quote) => {
      const top = early.top();
      return (top !== undefined && top.fromSeq < quote.seq) || sides.all.some((side) => isMet(side, quote));
    },
    take: (quote, counts = () => true) => {
      advance(quote.seq);
      const [taken, left]: [Watch<Payload>[], Watch<Payload>[]] = [[], []];
      for (const side of sides.all)
        while (isMet(side, quote)) {
          const watch = side.pop() as Watch<Payload>;
          (counts(watch) ? taken : left).push(watch);
        }
      for (const watch of left) place(watch);
      for (const watch of taken) living.delete(watch.key);
      return taken.sort((a, b) => compare(a, b, quote));
    },
  };
}

function compare<Payload>(a: Watch<Payload>, b: Watch<Payload>, quote: PricedQuote): number {
  const [aBeyond, bBeyond] = [beyond(a.crossing, quote), beyond(b.crossing, quote)];
  if (aBeyond !== bBeyond) return aBeyond > bBeyond ? -1 : 1;
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}

/** One heap for each way to meet a price: the price that is met first is on top. */
function fourSides<Payload>() {
  const rising = () => heap<Watch<Payload>>((a, b) => a.crossing.to < b.crossing.to);
  const falling = () => heap<Watch<Payload>>((a, b) => a.crossing.to > b.crossing.to);
  const sides = {
    bid: { rising: rising(), falling: falling() },
    ask: { rising: rising(), falling: falling() },
  };
  return {
    all: [sides.bid.rising, sides.bid.falling, sides.ask.rising, sides.ask.falling],
    of: ({ of, by }: Crossing): Heap<Watch<Payload>> => sides[of][by],
  };
}
