import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { freePort } from "../../server/platform/embedded/ports.ts";
import { type EmbeddedRedis, startRedis } from "../../server/platform/embedded/redis.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { aDataDir, cleanUp, startInstallation } from "./installation.ts";

const patienceMs = 90_000;
let database: TestDatabase;
let redis: EmbeddedRedis;
const dataDir = aDataDir();

beforeAll(async () => {
  database = await testDatabase();
  const cacheDir = path.join(dataDir, "cache");
  redis = await startRedis({ dataDir, cacheDir, password: randomUUID(), durable: false, say: () => {} });
});

afterAll(async () => {
  await cleanUp();
  await redis.stop();
  await database.drop();
});

/** The members that are looked at, of whichever answer. */
interface Answer {
  readonly accessToken: string;
  readonly order: { readonly id: string; readonly state: string };
  readonly instruments: readonly { readonly id: string; readonly currency: string; readonly quote: unknown }[];
}

async function ask(url: string, body?: unknown, token?: string): Promise<{ status: number; body: Answer }> {
  const answer = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

test(
  "api, worker and feed as processes of their own: an order waits for a worker, then it is filled",
  async () => {
    const shared = { DATABASE_URL: database.ownerUrl, REDIS_URL: redis.url, DATA_DIR: dataDir, DEMO: "1" };
    const api = startInstallation({ ...shared, ROLES: "api", PORT: String(await freePort()) });
    const feed = startInstallation({ ...shared, ROLES: "feed,scheduler" });
    await api.said("ready ");
    const { traders } = JSON.parse(readFileSync(path.join(dataDir, "credentials.json"), "utf8"));
    const [{ email, password, demoAccountId: accountId }] = traders;
    const { body: login } = await ask(`${api.url}/api/trading/session`, { email, password });
    const instrument = await anInstrumentWithAPrice(api.url);
    const order = { clientOrderId: randomUUID(), accountId, instrument, side: "buy", type: "market", lots: "1" };
    const placed = await ask(`${api.url}/api/trading/orders`, order, login.accessToken);
    expect([placed.status, placed.body.order.state]).toEqual([202, "accepted"]);

    const worker = startInstallation({ ...shared, ROLES: "worker" });
    const at = `${api.url}/api/trading/orders/${placed.body.order.id}`;
    expect(await stateOnceSettled(at, login.accessToken)).toBe("filled");

    for (const started of [worker, feed, api]) {
      started.child.kill("SIGTERM");
      expect((await started.exited).code).toBe(0);
    }
  },
  patienceMs,
);

async function anInstrumentWithAPrice(url: string): Promise<string> {
  for (;;) {
    const { body } = await ask(`${url}/api/trading/instruments`);
    const found = body.instruments.find((one) => one.quote && one.currency === "USD");
    if (found !== undefined) return found.id;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stateOnceSettled(at: string, token: string): Promise<string> {
  for (;;) {
    const { body } = await ask(at, undefined, token);
    if (body.order.state !== "accepted") return body.order.state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
