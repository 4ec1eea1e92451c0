import { type TriggerQuote, type TriggerTerms, touch, waitsFor } from "#core/trigger.ts";
import { type TriggerIndex, triggerIndex } from "#core/trigger-index.ts";
import { ticks } from "#core/units.ts";
import { type Benchmark, median, type Row, seeded } from "../row.ts";

const sizes = [1_000, 10_000, 100_000];
const rounds = 5;
const ticksPerRound = 100_000;
const scansPerRound = 20;
const targetUs = 20;

/**
 * A tick of one instrument while orders wait and none of them fires: in the index, and by asking every order in turn (the
 * baseline). In the core alone, no database.
 */
export const triggerTick: Benchmark = {
  rows: ["trigger-tick"],
  run: async ({ seed, say }) => sizes.map((size) => measure(size, seed, say)),
};

function measure(size: number, seed: number, say: (line: string) => void): Row {
  const random = seeded(seed);
  const orders = Array.from({ length: size }, (_, place) => anOrder(place, random));
  const begun = performance.now();
  const index = filled(orders);
  const filledUs = ((performance.now() - begun) * 1_000) / size;
  let seq = 0n;
  const quote = (): TriggerQuote => {
    seq += 1n;
    const bid = 20_000n + BigInt(Math.floor(random() * 40) - 20);
    return { seq, bid: ticks(bid), ask: ticks(bid + 1n), receivedAt: new Date(0), flag: null };
  };
  const usOf = (count: number, tick: (quote: TriggerQuote) => number): number => {
    const quotes = Array.from({ length: count }, quote);
    const from = performance.now();
    const fired = quotes.reduce((sum, one) => sum + tick(one), 0);
    const us = ((performance.now() - from) * 1_000) / count;
    if (fired !== 0) throw new Error(`${fired} orders fired; none should`);
    return us;
  };
  const byIndex = Array.from({ length: rounds }, () => usOf(ticksPerRound, (one) => index.take(one).length));
  const byScan = Array.from({ length: rounds }, () =>
    usOf(scansPerRound, (one) => orders.filter((order) => touch(order, one, true) !== "none").length),
  );
  const [value, baseline] = [median(byIndex), median(byScan)];
  say(`${size} waiting: ${value.toFixed(2)} us a tick, asking each ${baseline.toFixed(0)} us`);
  const isGoal = size === 100_000;
  return {
    name: "trigger-tick",
    value,
    unit: "us",
    baseline,
    ratio: value / baseline,
    target: isGoal ? `< ${targetUs} us` : "",
    stretch: "",
    met: isGoal ? value < targetUs : null,
    spread: [Math.min(...byIndex), Math.max(...byIndex)],
    note: `${size} orders wait, none fires; ${filledUs.toFixed(1)} us to add one; baseline: every order asked`,
  };
}

/** Waits 30 to 1,030 ticks away from the market, on its proper side. */
function anOrder(place: number, random: () => number): TriggerTerms {
  const away = BigInt(30 + Math.floor(random() * 1_000));
  const [isBuy, isStop] = [place % 2 === 0, place % 4 < 2];
  const at = ticks(isBuy === isStop ? 20_000n + away : 20_000n - away);
  return {
    side: isBuy ? "buy" : "sell",
    limit: isStop ? null : at,
    stop: isStop ? at : null,
    stopQuoteSeq: null,
    activeFromSeq: 0n,
    expiresAt: null,
  };
}

function filled(orders: readonly TriggerTerms[]): TriggerIndex<TriggerTerms> {
  const index = triggerIndex<TriggerTerms>(0n);
  orders.forEach((order, place) => {
    const crossing = waitsFor(order);
    index.put({ key: String(place), crossing, fromSeq: 0n, rank: BigInt(place), payload: order });
  });
  return index;
}
