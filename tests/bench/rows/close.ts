import { closeDays } from "../../../server/capabilities/day-close/index.ts";
import { type CommissionHouse, commissionHouse } from "../../capabilities/agents/support.ts";
import { closePorts } from "../../capabilities/day-close/support.ts";
import { brokenBooks } from "../../support/trading.ts";
import { absoluteRow, type Benchmark, type Row } from "../row.ts";
import { endDay, insertOrders, openTraders } from "./close-orders.ts";

/** Orders of the dates that are closed one after the other; the last is the row's figure, the others are its cost curve. */
const ordersOfDates = (process.env.BENCH_CLOSE_ORDERS ?? "10000,100000,1000000").split(",").map(Number);
const agentCount = 1_000;
const traderCount = 4_000;
const targetSeconds = 120;
const memoryMaxMiB = 300;

/** The day's close with all its steps: of dates with so many filled orders, whose traders were brought by a tree of 1,000 agents. */
export const close: Benchmark = {
  rows: ["close", "close-memory"],
  run: async ({ say }) => {
    const agents = await commissionHouse();
    try {
      await growTree(agents);
      const traders = await openTraders(agents.house, traderCount);
      const seconds: number[] = [];
      let rss = 0;
      for (const orders of ordersOfDates) {
        await insertOrders(agents.house, traders, orders);
        await agents.house.db.owner.raw("VACUUM ANALYZE");
        const closed = await closeDate(agents, say, orders);
        seconds.push(closed.seconds);
        rss = Math.max(rss, closed.residentMiB);
      }
      const bytes = await bytesATransfer(agents);
      const broken = await brokenBooks(agents.house.db);
      const books = broken.length === 0 ? "books balance" : `BOOKS BROKEN: ${broken.map((one) => one.invariant)}`;
      const curve = ordersOfDates.map((orders, index) => `${orders} in ${seconds[index]?.toFixed(1)} s`).join(", ");
      return rowsOf(seconds.at(-1) ?? Number.NaN, rss, `${curve}; ${bytes}; ${books}`, broken.length === 0);
    } finally {
      await agents.house.close();
    }
  },
};

const rowsOf = (seconds: number, rss: number, note: string, balanced: boolean): Row[] => [
  absoluteRow({
    ...{ name: "close", value: seconds, unit: "s", target: `< ${targetSeconds} s`, stretch: "" },
    met: seconds < targetSeconds && balanced,
    note,
  }),
  absoluteRow({
    ...{ name: "close-memory", value: rss, unit: "MiB RSS", target: `< ${memoryMaxMiB}`, stretch: "" },
    met: rss < memoryMaxMiB,
    note: "of the process that closes, the bench with its other things included",
  }),
];

/** A tree of 1,000 with four below each, so five to six deep; each of the six models for a sixth of it, another for the partner. */
async function growTree(agents: CommissionHouse): Promise<void> {
  const ids: string[] = [];
  for (let n = 0; n < agentCount; n++) ids.push(await agents.agent(`a${n}`, ids[Math.floor((n - 1) / 4)]));
  const plans = [
    await agents.plan("ratio", { rate1: "30", rate2: "20", rate3: "10" }),
    await agents.plan("difference", { rate1: "30", rate2: "50", rate3: "60" }),
    await agents.plan("per-lot", { rate1: "0.10", rate2: "0.05", rate3: "0.02" }),
    await agents.plan("spread-share", { rate1: "30", rate2: "20", rate3: "10" }),
    await agents.plan("chain", { rate1: "80", rate2: "20", rate3: "10" }),
    await agents.plan("override", { rate1: "20", rate2: "20", rate3: "10" }),
  ];
  for (const [place, plan] of plans.entries()) await agents.assign(plan, ids[place + 1]);
  await agents.assign(plans[0] ?? null);
}

async function closeDate(
  { house }: CommissionHouse,
  say: (line: string) => void,
  orders: number,
): Promise<{ seconds: number; residentMiB: number }> {
  await endDay(house);
  let residentMiB = 0;
  const look = setInterval(() => {
    residentMiB = Math.max(residentMiB, process.memoryUsage.rss() / 2 ** 20);
  }, 100);
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const outcomes: string[] = [];
  await closeDays({
    ...(await closePorts(house.db)),
    onOutcome: (_close, { outcome }) => outcomes.push(outcome),
    onError: (error) => {
      throw error;
    },
  }).finally(() => clearInterval(look));
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  if (outcomes.at(-1) !== "closed") throw new Error(`the close came to ${outcomes}`);
  say(
    `${orders} orders: ${seconds.toFixed(1)} s, node ${((user + system) / 1e6).toFixed(1)} s of CPU; ${await stepsOf(house)}`,
  );
  return { seconds, residentMiB };
}

/** How long each step of the newest close took, by when the one before was told. */
async function stepsOf({ db }: CommissionHouse["house"]): Promise<string> {
  const { rows } = await db.owner.raw<{ rows: { step: string; seconds: string | null }[] }>(
    `SELECT step, round(extract(epoch FROM told_at - lag(told_at) OVER (ORDER BY step_no)), 1) AS seconds FROM day_close_steps
     WHERE state = 'done' AND close_id = (SELECT max(close_id) FROM day_close_steps WHERE state = 'done') ORDER BY step_no`,
  );
  return rows.map(({ step, seconds }) => `${step} ${seconds ?? "-"} s`).join(", ");
}

/** What the journal takes on disk, its indexes included. */
async function bytesATransfer({ house: { db } }: CommissionHouse): Promise<string> {
  const { rows } = await db.owner.raw<{ rows: { bytes: string; transfers: string }[] }>(
    `SELECT sum(pg_total_relation_size(inhrelid))::text AS bytes, (SELECT count(*) FROM transfers)::text AS transfers
     FROM pg_inherits WHERE inhparent = 'transfers'::regclass`,
  );
  const [row] = rows;
  return `${(Number(row?.bytes) / Number(row?.transfers)).toFixed(0)} bytes a transfer`;
}
