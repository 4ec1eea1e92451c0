import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { settleJob } from "../../../server/capabilities/trading/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type JobQueue, openJobQueue } from "../../../server/platform/queue/job-queue.ts";
import { startOutboxRelay } from "../../../server/platform/queue/outbox-relay.ts";
import { type TestDesk, testDesk } from "../../support/trading.ts";
import { type BenchContext, type Benchmark, median, ratioRow, seeded } from "../row.ts";
import { booksNote, type DeskLoad, deskLoad, openAccounts, type Settling } from "./desk-load.ts";

const accountCount = 1_500;
const rounds = 3;
const forMs = 4_000;
const warmUpMs = 2_000;
const concurrency = 500;

/**
 * What the way through outbox, relay, Bee-Queue and its handlers costs: the same load with accepted ids handed straight to the
 * settlement, and through the queue. Rounds take turns, so that neighbours slow both alike.
 */
export const queue: Benchmark = {
  rows: ["queue"],
  run: async (context) => {
    const house = await testDesk();
    try {
      const { direct, queued } = await pairs(house, context);
      context.say(
        `direct ${direct.map(Math.round).join(", ")}, through the queue ${queued.map(Math.round).join(", ")}`,
      );
      const note = `direct group commit in turns with it; ${await booksNote(house)}`;
      const baseline = median(direct);
      return [ratioRow({ name: "queue", unit: "orders/s", rounds: queued, baseline, target: 0.7, stretch: 0.9, note })];
    } finally {
      await house.close();
    }
  },
};

async function pairs(house: TestDesk, context: BenchContext): Promise<{ direct: number[]; queued: number[] }> {
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
  const accounts = await openAccounts(house, accountCount);
  const load = { accounts, instruments: ["MES", "MNQ"], random: seeded(context.seed) };
  await deskLoad(house, { ...load, forMs: warmUpMs });
  await house.db.owner.raw("VACUUM ANALYZE");
  const way = await openWay(house, context.redisUrl);
  const direct: number[] = [];
  const queued: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      direct.push(await deskLoad(house, { ...load, forMs }));
      queued.push(await deskLoad(house, { ...load, forMs, through: way.through }));
    }
  } finally {
    await way.close();
  }
  return { direct, queued };
}

/** The queue of the server, with both its ends in this process. */
async function openWay(
  house: TestDesk,
  url: string,
): Promise<{ through: NonNullable<DeskLoad["through"]>; close: () => Promise<void> }> {
  const log = pino({ level: "fatal" });
  const options = { url, name: settleJob, log, prefix: `bench-${randomBytes(6).toString("hex")}` };
  const waiting = new Map<string, () => void>();
  let settle: Settling = () => Promise.resolve();
  const handle = async (payload: unknown): Promise<void> => {
    const { orderIds } = payload as { orderIds: string[] };
    await settle(orderIds);
    for (const id of orderIds) waiting.get(id)?.();
  };
  const worker: JobQueue = await openJobQueue(options, { concurrency, handle });
  const jobs: JobQueue = await openJobQueue(options);
  const relay = startOutboxRelay({ db: house.db.app, log, enqueue: (_job, payload) => jobs.enqueue(payload) });
  const transact = transactor(house.db.app, (entries) => {
    relay.hear(entries);
  });
  const done = new Map<string, true>();
  return {
    through: (direct) => {
      settle = async (orderIds) => {
        await direct(orderIds);
        for (const id of orderIds) if (!waiting.has(id)) done.set(id, true);
      };
      const one = (id: string): Promise<void> =>
        new Promise((resolve) => {
          // Settled before its client heard that it was accepted.
          if (done.delete(id)) return resolve();
          waiting.set(id, () => {
            waiting.delete(id);
            resolve();
          });
        });
      return { transact, settled: async (orderIds) => void (await Promise.all(orderIds.map(one))) };
    },
    close: async () => {
      await relay.stop();
      await worker.close();
      await jobs.close();
    },
  };
}
