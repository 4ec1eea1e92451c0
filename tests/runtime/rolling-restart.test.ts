import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { freePort } from "../../server/platform/embedded/ports.ts";
import { type EmbeddedRedis, startRedis } from "../../server/platform/embedded/redis.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { brokenBooks } from "../support/trading.ts";
import { until } from "../support/until.ts";
import { aDataDir, cleanUp, type Started, startInstallation } from "./installation.ts";

/** Two api and two worker processes under load, each sent SIGTERM and replaced in turn: nobody outside may notice but by a 503. */
const patienceMs = 180_000;
const handOverMsMax = 10_000;
let database: TestDatabase;
let redis: EmbeddedRedis;
let settings: Record<string, string>;
const dataDir = aDataDir();

beforeAll(async () => {
  database = await testDatabase();
  const cacheDir = path.join(dataDir, "cache");
  redis = await startRedis({ dataDir, cacheDir, password: randomUUID(), durable: false, say: () => {} });
  settings = { DATABASE_URL: database.ownerUrl, REDIS_URL: redis.url, DATA_DIR: dataDir, DEMO: "1" };
}, patienceMs);
afterAll(async () => {
  await cleanUp();
  await redis.stop();
  await database.drop();
});

interface Client {
  /** What came back for every request: a status, or "cut" where the connection was refused or lost. */
  readonly answers: (number | "cut")[];
  readonly badAnswers: string[];
  readonly acceptedIds: string[];
  readonly done: Promise<void>;
}

/** Sends an order after the other, each to the next server and again with the same id until it is accepted. */
function aClient(urls: readonly string[], token: string, accountId: string, goesOn: () => boolean): Client {
  const client = { answers: [] as (number | "cut")[], badAnswers: [] as string[], acceptedIds: [] as string[] };
  const once = async (url: string, order: object): Promise<boolean> => {
    const answer = await fetch(`${url}/api/trading/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(order),
    }).catch(() => null);
    client.answers.push(answer?.status ?? "cut");
    if (answer === null) return false;
    if (answer.status === 503 && answer.headers.get("retry-after") === null) client.badAnswers.push("no Retry-After");
    if (![200, 202, 429, 503].includes(answer.status))
      client.badAnswers.push(`${answer.status} ${await answer.text()}`);
    return answer.status === 200 || answer.status === 202;
  };
  const run = async (): Promise<void> => {
    let turn = 0;
    // Sides take turns by the order, not by the attempt: with one server away each second attempt is cut, and all would be of one side.
    for (let made = 0; goesOn(); made++) {
      const side = made % 2 === 0 ? "buy" : "sell";
      const clientOrderId = randomUUID();
      const order = { clientOrderId, accountId, instrument: "MES", side, type: "market", lots: "1" };
      // What is refused for good is refused again: it ends the client, and the test names it.
      while (client.badAnswers.length === 0 && !(await once(urls[turn++ % urls.length] ?? "", order)))
        await new Promise((go) => setTimeout(go, 50));
      if (client.badAnswers.length > 0) return;
      client.acceptedIds.push(clientOrderId);
      await new Promise((go) => setTimeout(go, 20));
    }
  };
  return { ...client, done: run() };
}

function aWatcher(url: string, accessToken: string): { socket: Socket; told: number[]; connects: () => number } {
  const socket = io(url, { auth: { accessToken }, transports: ["websocket"], forceNew: true, reconnectionDelay: 100 });
  const told: number[] = [];
  let connects = 0;
  socket.on("connect", () => {
    connects += 1;
  });
  socket.on("restarting", ({ reconnectInMs }: { reconnectInMs: number }) => told.push(reconnectInMs));
  return { socket, told, connects: () => connects };
}

async function replaced(old: Started, env: Record<string, string>): Promise<Started> {
  const begun = performance.now();
  old.child.kill("SIGTERM");
  const { code } = await old.exited;
  expect([code, performance.now() - begun < handOverMsMax]).toEqual([0, true]);
  const next = startInstallation({ ...settings, ...env });
  await next.said(env.PORT === undefined ? "worker runs" : "ready ");
  return next;
}

test(
  "a rolling restart under load: 503 with Retry-After at most, sockets come back, every accepted order is filled once",
  async () => {
    const apiEnv = [
      { ROLES: "api", PORT: String(await freePort()) },
      { ROLES: "api", PORT: String(await freePort()) },
    ] as const;
    const workerEnv = [
      { ROLES: "worker", WORKER_SHARD: "0" },
      { ROLES: "worker,scheduler", WORKER_SHARD: "1" },
    ] as const;
    const feed = startInstallation({ ...settings, ROLES: "feed" });
    const first = startInstallation({ ...settings, ...apiEnv[0] });
    await first.said("ready ");
    const apis = [first, startInstallation({ ...settings, ...apiEnv[1] })];
    const workers = workerEnv.map((env) => startInstallation({ ...settings, ...env }));
    await Promise.all([apis[1]?.said("ready "), ...workers.map((worker) => worker.said("worker runs"))]);
    const urls = apis.map(({ url }) => url);
    const { traders } = JSON.parse(readFileSync(path.join(dataDir, "credentials.json"), "utf8"));
    const logins = await Promise.all(traders.map((trader: Login) => logIn(urls[0] ?? "", trader)));
    await priced(urls[0] ?? "");
    const watchers = urls.map((url) => aWatcher(url, logins[0]?.token ?? ""));
    let goesOn = true;
    const clients = logins.map(({ token, accountId }) => aClient(urls, token, accountId, () => goesOn));
    await until(
      async () => clients[0]?.acceptedIds.length ?? 0,
      (count) => count > 10,
    );

    for (const index of [0, 1]) {
      const [api, worker] = [apis[index], workers[index]];
      if (api === undefined || worker === undefined) throw new Error("not started");
      const [nextApi, nextWorker] = await Promise.all([
        replaced(api, { ...apiEnv[index as 0 | 1] }),
        replaced(worker, { ...workerEnv[index as 0 | 1] }),
      ]);
      apis[index] = nextApi;
      workers[index] = nextWorker;
    }
    await until(
      async () => watchers.map(({ connects }) => connects()),
      (counts) => counts.every((count) => count >= 2),
    );
    goesOn = false;
    await Promise.all(clients.map(({ done }) => done));

    expect(clients.flatMap(({ badAnswers }) => badAnswers)).toEqual([]);
    expect(clients.flatMap(({ answers }) => answers)).toContain(503);
    for (const { told } of watchers) expect(told[0]).toBeLessThanOrEqual(3_000);
    const ids = clients.flatMap(({ acceptedIds }) => acceptedIds);
    await until(
      () => database.owner("orders").whereIn("client_order_id", ids).where({ state: "filled" }).select("id"),
      (filled) => filled.length === ids.length,
    );
    expect(await brokenBooks(database)).toEqual([]);
    for (const { socket } of watchers) socket.disconnect();
    for (const started of [...workers, feed, ...apis]) {
      started.child.kill("SIGTERM");
      expect((await started.exited).code).toBe(0);
    }
  },
  patienceMs,
);

interface Login {
  readonly email: string;
  readonly password: string;
  readonly demoAccountId: string;
}

async function logIn(
  url: string,
  { email, password, demoAccountId }: Login,
): Promise<{ token: string; accountId: string }> {
  const answer = await fetch(`${url}/api/trading/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return { token: accessToken, accountId: demoAccountId };
}

async function priced(url: string): Promise<void> {
  await until(
    async () => {
      const answer = await fetch(`${url}/api/trading/instruments`);
      return ((await answer.json()) as { instruments: { id: string; quote: unknown }[] }).instruments;
    },
    (instruments) => instruments.some(({ id, quote }) => id === "MES" && quote !== null),
  );
}
