import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { pino } from "pino";
import { type OrderDesk, placeOrders, settleJob } from "../../server/capabilities/trading/index.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import { endsWithUs } from "../../server/platform/embedded/child.ts";
import { type JobQueue, openJobQueue } from "../../server/platform/queue/job-queue.ts";
import { type OutboxRelay, startOutboxRelay } from "../../server/platform/queue/outbox-relay.ts";
import { startRedis, type TestRedis } from "../support/redis-server.ts";
import { type TcpProxy, tcpProxy } from "../support/tcp-proxy.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../support/trading.ts";

/** The order path as the server has it: accepting here, settling in child processes, a real Redis between them. */
export interface OrderFlow {
  readonly house: TestDesk;
  readonly redis: TestRedis;
  readonly desk: OrderDesk;
  readonly accounts: readonly TestAccount[];
  /** `clockOffMs`: its wall clock is off by so much. */
  readonly startWorker: (options?: { readonly clockOffMs?: number }) => Promise<FlowWorker>;
  /** Kills it, and waits until it is gone. */
  readonly stopWorker: (worker: FlowWorker) => Promise<void>;
  /** Sends orders of one lot, spread over the accounts and both sides; all must be accepted. */
  readonly place: (count: number) => Promise<string[]>;
  /** Puts jobs for these orders into the queue once more, as a stalled or doubled job would. */
  readonly again: (orderIds: readonly string[]) => Promise<void>;
  readonly filled: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** A settling process and the wires it hangs on. */
export interface FlowWorker {
  readonly process: ChildProcess;
  readonly postgres: TcpProxy;
  readonly redis: TcpProxy;
}

/** `people`: accounts with money to place orders on; `of`: the desk whose orders they are, else one of its own. */
export async function orderFlow({ people = 20, of }: { people?: number; of?: TestDesk } = {}): Promise<OrderFlow> {
  const house = of ?? (await testDesk());
  const redis = await startRedis();
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
  const accounts = await Promise.all(Array.from({ length: people }, () => house.openAccount(100_000_000n)));
  const log = pino({ level: "fatal" });
  const queue: JobQueue = await openJobQueue({ url: redis.url, name: settleJob, log });
  const relay: OutboxRelay = startOutboxRelay({
    db: house.db.app,
    log,
    enqueue: (_job, payload) => queue.enqueue(payload),
  });
  const desk: OrderDesk = placeOrders({ ...house.ports, transact: transactor(house.db.app, relay.hear) }, () => {});
  const workers: FlowWorker[] = [];
  let sent = 0;
  return {
    house,
    redis,
    desk,
    accounts,
    startWorker: async ({ clockOffMs } = {}) => {
      const worker = await startWorker({
        appUrl: house.db.appUrl,
        redisUrl: redis.url,
        shard: workers.length,
        clockOffMs,
      });
      workers.push(worker);
      return worker;
    },
    stopWorker: ({ process: child }) => killed(child),
    place: async (count) => {
      const answers = Array.from({ length: count }, () => {
        const number = sent++;
        const account = accounts[number % accounts.length];
        if (account === undefined) throw new Error("no account");
        const side = number % 3 === 0 ? "sell" : "buy";
        return desk.place(account.trader, anOrderRequest(account, { side, instrument: number % 2 ? "MES" : "MNQ" }));
      });
      return (await Promise.all(answers)).map(acceptedId);
    },
    again: async (orderIds) => {
      const halves = [orderIds.slice(0, orderIds.length / 2), orderIds.slice(orderIds.length / 2)];
      await Promise.all([...halves, orderIds].map((ids) => queue.enqueue({ orderIds: ids })));
    },
    filled: async () => {
      const { rows } = await house.db.owner.raw("SELECT count(*)::int AS n FROM fills");
      return rows[0].n;
    },
    stop: async () => {
      for (const { process, ...wires } of workers) {
        await killed(process);
        await Promise.all([wires.postgres.close(), wires.redis.close()]);
      }
      await relay.stop();
      await queue.close();
      await redis.stop();
      if (of === undefined) await house.close();
    },
  };
}

async function startWorker({
  appUrl,
  redisUrl,
  shard,
  clockOffMs,
}: {
  readonly appUrl: string;
  readonly redisUrl: string;
  readonly shard: number;
  readonly clockOffMs: number | undefined;
}): Promise<FlowWorker> {
  const { NODE_OPTIONS: _jestOnly, ...environment } = process.env;
  const [postgres, redis] = [await wireTo(appUrl, 5432), await wireTo(redisUrl, 6379)];
  const env = {
    ...environment,
    APP_URL: postgres.url,
    REDIS_URL: redis.url,
    SHARD: String(shard),
    CLOCK_OFF_MS: String(clockOffMs),
  };
  const script = path.resolve(import.meta.dirname, "worker-process.ts");
  const clock = clockOffMs === undefined ? [] : ["--import", path.resolve(import.meta.dirname, "shifted-clock.ts")];
  const child = endsWithUs(
    spawn(process.execPath, ["--import", "tsx", ...clock, script], {
      cwd: path.resolve(import.meta.dirname, "../.."),
      env,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the worker ended with ${code}`)));
    child.stdout?.once("data", () => resolve());
  });
  return { process: child, postgres: postgres.wire, redis: redis.wire };
}

/** A wire to the server of a URL, and the URL that leads over it. */
export async function wireTo(address: string, defaultPort: number): Promise<{ wire: TcpProxy; url: string }> {
  const url = new URL(address);
  const wire = await tcpProxy(url.hostname, Number(url.port || defaultPort));
  url.host = `127.0.0.1:${wire.port}`;
  return { wire, url: url.toString() };
}

/** kill -9, and gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}
