import { setTimeout } from "node:timers/promises";
import type { LossRuleCell } from "#core/loss-rule.ts";
import { readLossRule } from "#core/loss-rule.ts";
import { advanceLoss, type LossFacts, type LossState } from "#core/loss-state.ts";
import { minorUnits } from "#core/units.ts";
import { applyLosses, lossWatch } from "../../../server/capabilities/losses/index.ts";
import { openCancelling, openSettlement } from "../../../server/capabilities/trading/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { memoryBus, silentLog } from "../../support/market.ts";
import { putRiskLine } from "../../support/risk-lines.ts";
import { type TestDesk, testDesk } from "../../support/trading.ts";
import { testEngine, testStream } from "../../support/triggers.ts";
import { type Benchmark, type Row, seeded } from "../row.ts";
import { openPositions, waitFor } from "./stop-out.ts";

const accounts = Number(process.env.BENCH_LOSS_ACCOUNTS ?? 50_000);
const ticksASecond = 20;
const seconds = 30;
const money = minorUnits(20_000n);
const reset = { resetTime: "17:00", resetZone: "America/Chicago" } as const;
const rules = {
  dailyLoss: {
    amount: "180.00",
    unit: "money",
    base: "balance-at-reset",
    measure: "equity",
    action: "reduce-only",
    ...reset,
  },
  weeklyLoss: {
    ...{
      amount: "95",
      unit: "percent-of-base",
      base: "balance-at-reset",
      measure: "equity",
      action: "reduce-only",
      ...reset,
    },
    resetWeekday: 0,
  },
  trailingDrawdown: {
    ...{ amount: "160.00", unit: "money", base: "equity-at-reset", measure: "equity", action: "reduce-only", ...reset },
    trailing: "real-time",
  },
} as const satisfies Record<string, LossRuleCell>;

/**
 * The loss watch over as many accounts with a position and three rules each, one of them a drawdown in real time, while the price wanders:
 * CPU time of the process that watches, as a share of one core. Baseline: every account weighed anew with every price, in the core alone.
 */
export const lossWatchRow: Benchmark = {
  rows: ["loss-watch"],
  run: async ({ seed, say }) => {
    const house = await testDesk();
    try {
      await openPositions(house, accounts, say);
      await putRiskLine(house.db.owner, { scope: "default" }, rules);
      return [await measure(house, seed, say)];
    } finally {
      await house.close();
    }
  },
};

async function measure(house: TestDesk, seed: number, say: (line: string) => void): Promise<Row> {
  const bus = memoryBus();
  const stream = testStream(house, bus);
  await stream.quote({ bid: 20_000n, ask: 20_001n });
  let breaches = 0;
  let written = 0;
  const apply = applyLosses({
    transact: transactor(house.db.app, () => {}),
    announce: bus.publish,
    settle: openSettlement({ announce: bus.publish, maxQueueMs: 600_000, shard: 0 }),
    cancelWorking: openCancelling({ announce: bus.publish }).cancelWorking,
    trades: () => true,
    onBreached: (found) => {
      breaches += found;
    },
  });
  const watch = lossWatch({
    ...{ db: house.db.app, bus, clock: systemClock, log: silentLog },
    apply: (ids, weighing) => {
      written += ids.length;
      return apply(ids, weighing);
    },
  });
  const engine = testEngine(house, bus, { watchers: watch.watchers });
  try {
    await waitFor(() => watch.accounts() === accounts);
    const random = seeded(seed);
    const idle = await shareOf(async () => setTimeout(seconds * 1_000));
    written = 0;
    const busy = await shareOf(() => wander(stream, random));
    const scan = scanShare();
    const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
    say(
      `${accounts} accounts: ${percent(busy)} of a core at ${ticksASecond} prices a second, ${percent(idle)} without prices`,
    );
    return {
      ...{ name: "loss-watch", value: busy * 100, unit: "% of a core", baseline: scan * 100, ratio: busy / scan },
      ...{ target: "< 100 %", stretch: "< 25 %", met: busy < 1 && breaches === 0, spread: null },
      note: `${accounts} accounts, 3 rules each, ${ticksASecond} prices a second, ${written} new highs written down; ${percent(idle)} without prices; baseline: every account weighed with every price`,
    };
  } finally {
    await engine.stop();
    await watch.stop();
  }
}

/** CPU time of this process while something goes on, as a share of one core. */
async function shareOf(run: () => Promise<unknown>): Promise<number> {
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1_000 / (performance.now() - begun);
}

/** Wanders within what no rule forbids, with new highs among it. */
async function wander(stream: ReturnType<typeof testStream>, random: () => number): Promise<void> {
  let bid = 20_000n;
  const begun = performance.now();
  for (let tick = 0; tick < seconds * ticksASecond; tick++) {
    const step = BigInt(Math.floor(random() * 5) - 2);
    if (bid + step > 19_940n && bid + step < 20_060n) bid += step;
    await stream.quote({ bid, ask: bid + 1n });
    await setTimeout(Math.max(0, begun + ((tick + 1) * 1_000) / ticksASecond - performance.now()));
  }
}

/** What it would take to weigh every account in memory with every price, without reading any. */
function scanShare(): number {
  const read = Object.entries(rules).map(([name, cell]) => {
    const slot =
      ({ dailyLoss: "daily-loss", weeklyLoss: "weekly-loss" } as const)[name as "dailyLoss"] ?? "trailing-drawdown";
    return { slot, rule: readLossRule(slot, cell) };
  });
  const atMs = Date.parse("2026-11-16T15:00:00Z");
  const factsAt = (equity: bigint): LossFacts => ({
    ...{ atMs, paidIn: money, paidOut: minorUnits(0n), scale: 2, balance: minorUnits(-62n) },
    ...{ equities: [{ atMs, result: minorUnits(equity) }], balanceAt: () => minorUnits(0n) },
  });
  const states = Array.from({ length: accounts }, () =>
    read.map(({ slot, rule }): LossState => advanceLoss(slot, rule, null, factsAt(0n)).state),
  );
  const begun = process.cpuUsage();
  for (const own of states)
    read.forEach(({ slot, rule }, place) => {
      own[place] = advanceLoss(slot, rule, own[place] ?? null, factsAt(BigInt(-place))).state;
    });
  const { user, system } = process.cpuUsage(begun);
  return ((user + system) / 1e6) * ticksASecond;
}
