import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type DashboardReply, dashboardReply } from "#contracts/dashboard.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Instrument } from "#core/instrument.ts";
import type { Quote } from "#core/quote.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { booksCheck, dashboard } from "../../../server/capabilities/reports/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { argon2Passwords } from "../../../server/platform/security/passwords.ts";
import { aStaff, makeWorld, type World } from "../../resources/support/world.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

/** The desk's figures over two partners alike, each with three accounts that bought two MES at 5,250.25. */
let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await testDatabase();
  world = await makeWorld(database.app, argon2Passwords().hash);
});
afterAll(() => database?.drop());

const mes: Instrument = {
  id: "MES",
  name: "Micro E-mini S&P 500",
  assetClass: "equity-index",
  exchange: "CME",
  calendar: { id: "c", zone: "Etc/UTC", tradeDateCut: "00:00", sessions: [], holidays: [] },
  barPrice: "last",
  tradeMode: "full",
  maxQuoteAgeMs: 5000,
  terms: {
    version: 1,
    currency: "USD",
    currencyScale: 2,
    price: { tickSize: 25n, decimals: 2 },
    tickValue: minorUnits(125n),
    multiplier: "5",
    lotStep: lots(1n),
    minLots: lots(1n),
    maxLotsPerOrder: lots(50n),
    initialMargin: minorUnits(240_000n),
    maintenanceMargin: minorUnits(220_000n),
    feePerSide: minorUnits(62n),
  },
};
const quote: Quote & { arrivedMs: number } = {
  instrumentId: "MES",
  seq: 9n,
  bid: ticks(21_000n),
  ask: ticks(21_001n),
  last: ticks(21_000n),
  lastSize: "1",
  venueAt: new Date(),
  receivedAt: new Date(),
  source: "simulated",
  flag: null,
  arrivedMs: 0,
};

async function look(
  viewer: StaffIdentity,
  latest = (_id: string): typeof quote | undefined => quote,
): Promise<DashboardReply> {
  const books = booksCheck({
    verify: () => verifyBooks(database.app),
    clock: systemClock,
    onError: (error) => {
      throw error;
    },
  });
  const reply = await dashboard({
    db: database.app,
    clock: systemClock,
    books,
    quotes: { latest },
    catalog: { all: () => [mes] },
  })(viewer);
  return dashboardReply.parse(reply);
}

test("the operator sees everything: twelve lots long, worth 12 x 21,000 ticks x 1.25", async () => {
  const reply = await look(aStaff("admin"));
  expect(reply.exposure).toEqual([
    {
      book: "demo",
      instrumentId: "MES",
      currency: "USD",
      longLots: "12",
      shortLots: "0",
      netLots: "12",
      notional: "315000.00",
      positions: 6,
    },
  ]);
  expect(reply.totals).toEqual([{ book: "demo", currency: "USD", exposure: "315000.00", equityAtRisk: "28800.00" }]);
  expect([reply.orders.lastMinute, reply.orders.perMinute.length, reply.queue]).toEqual([
    6,
    60,
    { waiting: 0, oldestAgeMs: 0 },
  ]);
  expect(reply.settle.p99Ms).toBe(25);
  expect(reply.quotes.map(({ instrument, bid }) => [instrument, bid])).toEqual([["MES", "5250.00"]]);
});

test("staff of a partner see half of it, an agent his line's part and nothing of the books", async () => {
  const partner = await look(aStaff("risk", { tenantId: world.alpha.id }));
  expect([partner.exposure[0]?.netLots, partner.orders.lastMinute]).toEqual(["6", 3]);
  const agent = await look(aStaff("agent", { tenantId: world.alpha.id, agentId: world.alpha.agents[1] }));
  expect([agent.exposure[0]?.netLots, agent.orders.lastMinute, agent.totals[0]?.equityAtRisk]).toEqual([
    "2",
    1,
    "4800.00",
  ]);
  expect(agent.books).toEqual({ balanced: null, checkedAt: null, broken: [], perMinute: [] });
});

test("without a quote the lots are still known, their worth is not", async () => {
  const reply = await look(aStaff("admin"), () => undefined);
  expect(reply.exposure[0]).toMatchObject({ netLots: "12", notional: null });
  expect(reply.totals).toEqual([{ book: "demo", currency: "USD", exposure: "0.00", equityAtRisk: "28800.00" }]);
});

test("live and demo are never added together", async () => {
  const moved = database.owner("positions").where({ account_id: world.beta.accounts[0] });
  await moved.clone().update({ book: "live" });
  const { exposure, totals } = await look(aStaff("admin"));
  await moved.update({ book: "demo" });
  expect(exposure.map(({ book, netLots, notional }) => [book, netLots, notional])).toEqual([
    ["demo", "10", "262500.00"],
    ["live", "2", "52500.00"],
  ]);
  expect(totals.map(({ book, exposure: gross, equityAtRisk }) => [book, gross, equityAtRisk])).toEqual([
    ["demo", "262500.00", "24000.00"],
    ["live", "52500.00", "4800.00"],
  ]);
});

test("an order that waits is in the queue with its age", async () => {
  await database.owner.raw(
    `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type,
       lots, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, accepted_at)
     SELECT gen_random_uuid(), tenant_id, trader_id, account_id, book, 'waiting', body_hash, instrument_id, terms_version, side, type, lots,
       quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, now() - interval '10 minutes'
     FROM orders WHERE account_id = ? LIMIT 1`,
    [world.beta.accounts[0]],
  );
  const reply = await look(aStaff("admin"));
  expect(reply.queue.waiting).toBe(1);
  expect(reply.queue.oldestAgeMs).toBeGreaterThanOrEqual(600_000);
  // The six of the world join the newest minutes when the clock passes a full one during this test.
  expect(reply.orders.perMinute.slice(0, 55).reduce((sum, orders) => sum + orders, 0)).toBe(1);
});

test("broken books are named: trades here were written without their transfers", async () => {
  const { books } = await look(aStaff("admin"));
  expect(books.balanced).toBe(false);
  expect(books.broken.length).toBeGreaterThan(0);
  expect(books.perMinute).toHaveLength(60);
});

test("the books are checked once for many who look, and rest at least ten seconds", async () => {
  let runs = 0;
  let nowMs = 0;
  const clock = { now: () => new Date(), elapsedMs: () => nowMs };
  const verify = async () => {
    runs++;
    return [];
  };
  const books = booksCheck({ verify, clock, onError: () => {} });
  expect(books.latest()).toBeNull();
  books.latest();
  await books.settled();
  expect([runs, books.latest()?.balanced]).toEqual([1, true]);
  nowMs = 9_999;
  books.latest();
  expect(runs).toBe(1);
  nowMs = 10_000;
  books.latest();
  await books.settled();
  expect(runs).toBe(2);
});

test("a check that fails is told, and the last answer stands", async () => {
  const errors: unknown[] = [];
  const books = booksCheck({
    verify: async () => Promise.reject(new Error("no database")),
    clock: systemClock,
    onError: (error) => errors.push(error),
  });
  books.latest();
  await books.settled();
  expect([errors.length, books.latest()]).toEqual([1, null]);
});

test("who looks first is told the result of the first check, but waits no longer than his patience", async () => {
  const quick = booksCheck({ verify: async () => [], clock: systemClock, onError: () => {} });
  expect((await quick.first(60_000))?.balanced).toBe(true);
  let finish: (broken: []) => void = () => {};
  const slow = booksCheck({
    verify: () => new Promise((resolve) => (finish = resolve)),
    clock: systemClock,
    onError: () => {},
  });
  expect(await slow.first(1)).toBeNull();
  finish([]);
  await slow.settled();
  expect((await slow.first(1))?.balanced).toBe(true);
});

test("what waits for a person is told by list, to those who may see it, in their partner", async () => {
  const today = database.owner.raw("book_date_of(clock_timestamp())");
  await database.owner("reconciliation_tasks").update({ since: today });
  for (const { id } of [world.alpha, world.beta]) {
    const run = randomUUID();
    await database.app("reconciliation_runs").insert({
      ...{ id: run, tenant_id: id, channel: "bank", from_date: "2026-11-02", to_date: "2026-11-02", asked_by: "Ann" },
    });
    // One difference is four business days old and more, the other began today.
    for (const [payment, since] of [
      ["line 1", "2020-01-01"],
      ["line 2", today],
    ] as const)
      await database.app("reconciliation_tasks").insert({
        ...{ id: randomUUID(), tenant_id: id, channel: "bank", currency: "USD", currency_scale: 2, run_id: run },
        ...{ payment, since, found_in: "only-theirs", ours_minor: 0, theirs_minor: 5 },
      });
  }
  const counts = async (viewer: StaffIdentity) => {
    const { waiting } = await look(viewer);
    return waiting.map(({ resource, count }) => `${resource} ${count}`);
  };
  expect(await counts(aStaff("finance"))).toContain("reconciliation-tasks 2");
  const partner = await counts(aStaff("finance", { tenantId: world.alpha.id }));
  expect(partner).toContain("reconciliation-tasks 1");
  expect(await counts(aStaff("support"))).not.toContain("reconciliation-tasks 2");
  expect(await counts(aStaff("agent", { tenantId: world.alpha.id, agentId: world.alpha.agents[1] }))).toEqual([]);
  const { waiting } = await look(aStaff("finance"));
  expect(waiting.find(({ resource }) => resource === "reconciliation-tasks")).toMatchObject({
    filter: { state: ["open", "claimed"], age: ["4-7", "over-7"] },
    oldestAt: expect.stringMatching(/^2020-01-01|^2019-12-31/),
  });
});
