import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import express, { type Express, type RequestHandler } from "express";
import { pino } from "pino";
import request from "supertest";
import type { TraderIdentity } from "#contracts/identity.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { cashierRoutes } from "../../server/platform/http/cashier-routes.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { openCashier } from "../../server/roles/cashier.ts";
import { type TestCashier, testCashier } from "../capabilities/withdrawals/support.ts";
import type { TestAccount } from "../support/trading.ts";

let cashier: TestCashier;
let account: TestAccount;
let app: Express;
let current: TraderIdentity;

beforeAll(async () => {
  cashier = await testCashier();
  const { house } = cashier;
  account = await house.openAccount(100_000n);
  current = account.trader;
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.trader = current;
    next();
  };
  const ports = openCashier({
    ...{ transact: house.ports.transact, db: house.db.app, bus: { publish: house.ports.announce } },
    ...{ clock: house.ports.clock, payments: { channels: [], chains: [] } },
    quotes: { latestTradable: house.ports.market.latestTradable },
  });
  app = createApp({
    log: pino({ level: "silent" }),
    metrics: createMetrics(),
    allowedOrigin: () => false,
    trustProxyHops: 0,
    routers: [{ path: "/api/trading", router: express.Router().use(loggedIn, cashierRoutes(ports)) }],
  });
});
afterAll(() => cashier?.house.close());

const targets = "/api/trading/payout-targets";
const withdrawals = "/api/trading/withdrawals";

test("a trader adds a place to be paid to, asks to be paid, and takes it back", async () => {
  const added = await request(app)
    .post(targets)
    .send({ channel: "bank", name: "Some One", address: "GB82 WEST 1234 5698 7654 32" });
  expect([added.status, added.body.target]).toMatchObject([
    201,
    { channel: "bank", address: "GB82WEST12345698765432" },
  ]);
  expect((await request(app).get(targets)).body.targets).toEqual([added.body.target]);
  const wanted = {
    ...{ requestId: randomUUID(), accountId: account.accountId, targetId: added.body.target.id, amount: "100.00" },
  };
  const asked = await request(app).post(withdrawals).send(wanted);
  expect([asked.status, asked.body.withdrawal]).toMatchObject([
    202,
    { state: "in-review", amount: "100.00", fee: "2.50", paidOut: "97.50", currency: "USD", reviewsNeeded: 1 },
  ]);
  const again = await request(app).post(withdrawals).send(wanted);
  expect(again.body.withdrawal).toEqual(asked.body.withdrawal);
  const listed = await request(app).get(`${withdrawals}?accountId=${account.accountId}`);
  expect(listed.body.withdrawals).toEqual([asked.body.withdrawal]);
  const path = `${withdrawals}/${asked.body.withdrawal.id}`;
  expect((await request(app).delete(path)).body.withdrawal).toMatchObject({ state: "cancelled" });
  expect((await request(app).delete(path)).body).toMatchObject({ status: 409, code: "NOT_IN_THIS_STATE" });
  expect((await request(app).delete(`${targets}/${added.body.target.id}`)).status).toBe(204);
  expect((await request(app).get(targets)).body.targets).toEqual([]);
});

test("a refusal names its reason, the field, and all that was compared", async () => {
  const targetId = await cashier.oldTarget(account);
  const answer = await request(app)
    .post(withdrawals)
    .send({ requestId: randomUUID(), accountId: account.accountId, targetId, amount: "1000.01" });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({
    code: "INSUFFICIENT_FUNDS",
    message: "1000.01 was asked for; 1000.00 is available.",
    errors: { amount: "1000.01 was asked for; 1000.00 is available." },
  });
  expect(answer.body.checks).toContainEqual({ code: "DAY_COUNT", passed: true, value: "1", limit: "50" });
});

test("past withdrawals are told page by page, of some states where they are named, each once and newest first", async () => {
  const own = await cashier.house.openAccount(100_000n);
  const targetId = await cashier.oldTarget(own);
  const ids: string[] = [];
  for (const _time of [1, 2, 3, 4, 5]) ids.unshift((await cashier.asked(own, targetId, "30.00")).id);
  await cashier.cancel(own, ids[1] ?? "");
  await cashier.cancel(own, ids[3] ?? "");
  current = own.trader;
  const read = async (query: string) => {
    const { status, body } = await request(app).get(`${withdrawals}?accountId=${own.accountId}${query}`);
    return status === 200 ? [body.withdrawals.map(({ id }: { id: string }) => ids.indexOf(id)), body.next] : status;
  };
  expect(await read("")).toEqual([[0, 1, 2, 3, 4], null]);
  expect(await read("&limit=2")).toEqual([[0, 1], ids[1]]);
  expect(await read(`&limit=2&after=${ids[1]}`)).toEqual([[2, 3], ids[3]]);
  expect(await read(`&limit=2&after=${ids[3]}`)).toEqual([[4], null]);
  expect(await read("&state=cancelled&limit=1")).toEqual([[1], ids[1]]);
  expect(await read(`&state=cancelled&limit=1&after=${ids[1]}`)).toEqual([[3], ids[3]]);
  expect(await read("&state=cancelled,sent")).toEqual([[1, 3], null]);
  expect(await read(`&after=${randomUUID()}`)).toEqual([[], null]);
  for (const query of ["&state=", "&state=lost", "&limit=0", "&limit=201", "&after=1", "&page=2"])
    expect([query, await read(query)]).toEqual([query, 422]);
  current = account.trader;
});

test("what is not the trader's does not exist for him", async () => {
  const other = await cashier.house.openAccount(50_000n);
  const targetId = await cashier.oldTarget(other);
  const { id } = await cashier.asked(other, targetId, "50.00");
  expect((await request(app).get(`${withdrawals}?accountId=${other.accountId}`)).status).toBe(404);
  expect((await request(app).delete(`${withdrawals}/${id}`)).status).toBe(404);
  expect((await request(app).delete(`${targets}/${targetId}`)).status).toBe(404);
  const wanted = { requestId: randomUUID(), accountId: account.accountId, targetId, amount: "50.00" };
  expect((await request(app).post(withdrawals).send(wanted)).body).toMatchObject({
    status: 404,
    code: "UNKNOWN_TARGET",
  });
});

test("a trader is told what each channel takes, costs and would pay out now", async () => {
  const own = await cashier.house.openAccount(100_000n);
  const terms = (accountId: string) => request(app).get("/api/trading/withdrawal-terms").query({ accountId });
  expect((await terms(account.accountId)).body.terms).toMatchObject([
    {
      channel: "bank",
      currency: "USD",
      enabled: true,
      min: "20.00",
      max: "10000.00",
      requestsLeft: 50,
      coolingHours: 24,
    },
  ]);
  const [bank] = (await terms(account.accountId)).body.terms;
  expect(bank).toMatchObject({ largest: bank.available, fee: { fixed: "2.50", percent: "0.0000", max: null } });
  expect((await terms(own.accountId)).body).toMatchObject({ code: "UNKNOWN_ACCOUNT" });
});

test("a trader is told what each channel takes of his account now, and why it takes nothing", async () => {
  const terms = async () =>
    (await request(app).get("/api/trading/deposit-terms").query({ accountId: account.accountId })).body.terms;
  const { app: db } = cashier.house.db;
  expect(await terms()).toMatchObject([{ channel: "bank", kind: "transfer", refusal: "CHANNEL_CLOSED" }]);
  await db("payment_channels").where({ channel: "bank" }).update({
    deposits_enabled: true,
    deposit_min_minor: 1_000,
    deposit_max_minor: 500_000,
    deposit_day_max_minor: 30_000,
  });
  expect(await terms()).toMatchObject([
    {
      ...{ channel: "bank", currency: "USD", refusal: null, min: "10.00", largest: "300.00", dayLeft: "300.00" },
      ...{ monthLeft: null, withdrawableDays: 0, fee: { fixed: "0.00", percent: "0.0000", min: "0.00", max: null } },
    },
  ]);
  // Switched on for the bank, but this installation has no gateway: it is not offered.
  await db("payment_channels").insert({ channel: "gateway", currency: "USD", deposits_enabled: true });
  expect((await terms()).map(({ channel }: { channel: string }) => channel)).toEqual(["bank"]);
  const other = await cashier.house.openAccount(0n);
  const answer = await request(app).get("/api/trading/deposit-terms").query({ accountId: other.accountId });
  expect(answer.body).toMatchObject({ status: 404, code: "UNKNOWN_ACCOUNT" });
});
