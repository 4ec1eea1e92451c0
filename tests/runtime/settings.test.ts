import path from "node:path";
import { expect, test } from "@jest/globals";
import { ConfigError, projectRoot, readConfig } from "../../server/config.ts";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test("an empty environment is a demo on private services, all roles, simulated prices", () => {
  expect(readConfig({})).toEqual({
    port: 8080,
    host: "127.0.0.1",
    orderQueueMaxMs: 120_000,
    ordersDueMax: 10_000,
    dataDir: path.join(projectRoot, ".data"),
    databaseUrl: null,
    databaseAppUrl: null,
    redisUrl: null,
    roles: ["api", "worker", "feed", "scheduler"],
    feeds: [{ kind: "simulated" }],
    feedSpeed: 1,
    logLevel: "info",
    demo: true,
    firstOperatorEmail: null,
    trustProxyHops: 0,
    publicOrigin: null,
    workerShard: 0,
    proofKeyFile: null,
    paymentsFile: null,
    networksFile: null,
    deviceDataDays: 180,
    sealSeconds: 60,
  });
});

test("every broken setting is named in one go, each in a sentence", () => {
  const problems = problemsOf({
    PORT: "80800",
    HOST: "a b",
    REDIS_URL: "http://x",
    DATABASE_URL: "x",
    ROLES: "api,cook",
    FEED: "binance,stars",
    FEED_SPEED: "0",
    LOG_LEVEL: "loud",
    DEMO: "yes",
  });
  expect(problems).toHaveLength(10);
  for (const name of ["PORT", "HOST", "REDIS_URL", "DATABASE_URL", "ROLES", "FEED", "FEED_SPEED", "LOG_LEVEL", "DEMO"])
    expect(problems.some((problem) => problem.startsWith(name) && problem.endsWith("."))).toBe(true);
});

test.each(["0", "-1", "1e3", "99999", "", " 1"])("PORT %j is refused unless it is empty (unset)", (port) => {
  expect(problemsOf({ PORT: port })).toHaveLength(port === "" ? 0 : 1);
});

test("several feeds, one of them a replay by file and instrument", () => {
  expect(readConfig({ FEED: "simulated, replay:some/trades.csv.gz@MGC", FEED_SPEED: "max" })).toMatchObject({
    feeds: [
      { kind: "simulated" },
      { kind: "replay", file: path.join(projectRoot, "some/trades.csv.gz"), instrument: "MGC" },
    ],
    feedSpeed: "max",
  });
});

test.each(["binance", "ibkr", "futu", "oanda"])("the venue %s is refused for now, by name", (venue) => {
  expect(problemsOf({ FEED: venue })).toEqual([
    `FEED names "${venue}", which this version cannot connect to yet; use simulated or replay:FILE@INSTRUMENT.`,
  ]);
});

test("an existing database gets no demo unless asked for", () => {
  const existing = { DATABASE_URL: "postgres://owner:long-and-own@db.example/truewick" };
  expect(readConfig(existing).demo).toBe(false);
  expect(readConfig({ ...existing, DEMO: "1" }).demo).toBe(true);
});

test("without DEMO=1 a well-known default password is refused", () => {
  const weak = { DATABASE_URL: "postgres://postgres:postgres@db.example/truewick" };
  expect(problemsOf(weak)).toHaveLength(1);
  expect(problemsOf({ ...weak, DEMO: "1" })).toEqual([]);
});

test("the application's own URL makes no sense without the owner's", () => {
  expect(problemsOf({ DATABASE_APP_URL: "postgres://app:x@db.example/truewick" })).toHaveLength(1);
});

test("ORDER_QUEUE_MAX_MS is a whole number of milliseconds, at least 100", () => {
  expect(readConfig({ ORDER_QUEUE_MAX_MS: "5000" }).orderQueueMaxMs).toBe(5_000);
  for (const wrong of ["0", "99", "-1", "1.5", "2s"])
    expect(() => readConfig({ ORDER_QUEUE_MAX_MS: wrong })).toThrow("ORDER_QUEUE_MAX_MS must be a whole number");
});
