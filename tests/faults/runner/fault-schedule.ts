import { seededRandom } from "../../../server/platform/feeds/random.ts";

/** Every fault the nemesis knows: its name in the table of faults, what it is, and how long it lasts at pace 1. */
export const faults = {
  F1: { says: "kill -9 a worker inside its settling transaction", lastsMs: 3_000 },
  F2: { says: "kill -9 a worker after its commit, before the job is acknowledged", lastsMs: 3_000 },
  F3: { says: "freeze a worker, then thaw it", lastsMs: 15_000 },
  F4: { says: "kill -9 an api between commit and enqueue", lastsMs: 3_000 },
  F5: { says: "kill -9 an api during many posts", lastsMs: 3_000 },
  F6: { says: "restart api and workers in order, one after the other, under load", lastsMs: 2_000 },
  F7: { says: "kill -9 Redis, start it again with its file", lastsMs: 2_000 },
  F8: { says: "FLUSHALL, then Redis killed and started empty", lastsMs: 1_000 },
  F9: { says: "Redis paused", lastsMs: 30_000 },
  F10: { says: "Redis out of memory", lastsMs: 5_000 },
  F11: { says: "kill -9 PostgreSQL three times", lastsMs: 3_000 },
  F12: { says: "PostgreSQL restarted fast", lastsMs: 1_000 },
  F13: { says: "a random session terminated every 100 ms", lastsMs: 30_000 },
  F14: { says: "PostgreSQL takes no writes", lastsMs: 3_000 },
  F15: { says: "wire cut after COMMIT was sent, before its answer", lastsMs: 3_000 },
  F16: { says: "200 ms latency and 1 % resets between a worker and its servers", lastsMs: 15_000 },
  F17: { says: "one client id sent 100 times in parallel to both apis", lastsMs: 0 },
  F18: { says: "one client id sent again with another body", lastsMs: 0 },
  F19: { says: "money for 33 orders, 320 sent in parallel", lastsMs: 0 },
  F20: { says: "orders, withdrawals and adjustments, in and out, race on one account", lastsMs: 0 },
  F21: { says: "the feed is silent, then bursts", lastsMs: 10_000 },
  F22: { says: "the feed sends a spike, zero, negative, NaN and an old tick", lastsMs: 2_000 },
  F24: { says: "the book date ends under load", lastsMs: 1_000 },
  F25: { says: "kill -9 whoever closes a date, in each of its steps, before and after the commit", lastsMs: 128_000 },
  F27: { says: "notices in a storm: five times, in another order, an hour late, changed, replayed", lastsMs: 4_000 },
  F28: { says: "a chain's node takes what it is sent and answers nothing about it", lastsMs: 15_000 },
  F29: { says: "the chain takes three blocks back", lastsMs: 12_000 },
  P1: { says: "the payment provider hangs up, answers nonsense, and signs what it is not", lastsMs: 12_000 },
} as const;

export const faultNames = Object.keys(faults) as FaultName[];
export type FaultName = keyof typeof faults;

export interface PlannedFault {
  readonly atMs: number;
  readonly fault: FaultName;
  /** Which of two processes it hits. */
  readonly target: 0 | 1;
  readonly lastsMs: number;
  /** How many of its kind came before it. */
  readonly nth: number;
}

/** Quiet between the end of a fault and the next one, so that what follows a fault is its doing. */
const restMs = { least: 4_000, mean: 3_000 };
/** No fault in the last part of the traffic: orders must be seen to flow again. */
const calmEndMs = 4_000;
/** What it takes to bring about a fault and to start again what it killed. */
const overheadMs: Partial<Record<FaultName, number>> = {
  F6: 15_000,
  F11: 12_000,
  F12: 3_000,
  F20: 15_000,
  F24: 5_000,
};

/** Faults in an order of the seed's: a shuffled deck, dealt again when it is used up. */
export function faultSchedule(options: {
  readonly seed: number;
  readonly trafficMs: number;
  readonly faults: readonly FaultName[];
  readonly pace: number;
}): PlannedFault[] {
  const random = seededRandom(`${options.seed} nemesis`);
  const planned: PlannedFault[] = [];
  let deck: FaultName[] = [];
  let atMs = restMs.least * options.pace;
  while (options.faults.length > 0) {
    if (deck.length === 0) deck = shuffled(options.faults, random.uniform);
    const fault = deck.pop() ?? "F1";
    const lastsMs = Math.round(faults[fault].lastsMs * options.pace);
    const endMs = atMs + lastsMs + (overheadMs[fault] ?? 2_000) * Math.max(0.5, options.pace);
    const target = random.uniform() < 0.5 ? 0 : 1;
    const rest = random.exponential(restMs.mean);
    if (endMs > options.trafficMs - calmEndMs) return planned;
    const nth = planned.filter((other) => other.fault === fault).length;
    planned.push({ atMs: Math.round(atMs), fault, target, lastsMs, nth });
    atMs = endMs + (restMs.least + rest) * options.pace;
  }
  return planned;
}

function shuffled<T>(list: readonly T[], uniform: () => number): T[] {
  const deck = [...list];
  for (let at = deck.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1));
    [deck[at], deck[other]] = [deck[other] as T, deck[at] as T];
  }
  return deck;
}
