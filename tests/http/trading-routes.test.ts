import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Express, RequestHandler } from "express";
import express from "express";
import { pino } from "pino";
import request from "supertest";
import { isFillCursor, isOrderCursor } from "../../server/capabilities/trading/index.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { orderRoutes } from "../../server/platform/http/order-routes.ts";
import { tradingRoutes } from "../../server/platform/http/trading-routes.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { anOrderRequest, brokenBooks, type TestAccount, type TestDesk, testDesk } from "../support/trading.ts";

let house: TestDesk;
let account: TestAccount;
let app: Express;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  account = await house.openAccount(1_000_000n);
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.trader = account.trader;
    next();
  };
  const reading = tradingRoutes({ ...house.reads, isOrderCursor, isFillCursor });
  app = createApp({
    log: pino({ level: "silent" }),
    metrics: createMetrics(),
    allowedOrigin: () => false,
    trustProxyHops: 0,
    routers: [{ path: "/api/trading", router: express.Router().use(loggedIn, orderRoutes(house.desk), reading) }],
  });
});
afterAll(() => house.close());

const post = (body: unknown, path = "/api/trading/orders") =>
  request(app)
    .post(path)
    .set("content-type", "application/json")
    .send(typeof body === "string" ? body : JSON.stringify(body));
const ordersWritten = async (): Promise<number> => {
  const rows = await house.db.owner("orders").count("* as n");
  return Number(rows[0]?.n);
};

test("an order is accepted with 202, repeated with 200, changed with 409", async () => {
  const body = anOrderRequest(account);
  const first = await post(body);
  expect(first.status).toBe(202);
  expect(first.body.order).toMatchObject({ clientOrderId: body.clientOrderId, state: "accepted", lots: "1" });
  const second = await post(body);
  expect(second.status).toBe(200);
  expect(second.body).toEqual(first.body);
  const third = await post({ ...body, side: "sell" });
  expect(third.status).toBe(409);
  expect(third.body).toMatchObject({ code: "CLIENT_ORDER_ID_REUSED", status: 409 });
});

test("a refusal is a problem with its code and every check", async () => {
  const answer = await post(anOrderRequest(account, { lots: "51" }));
  expect(answer.status).toBe(422);
  expect(answer.headers["content-type"]).toMatch(/application\/problem\+json/);
  expect(answer.body).toMatchObject({ code: "LOTS_MAX_ORDER", message: "51 lots is above the limit of 50 an order." });
  expect(answer.body.checks).toContainEqual(
    expect.objectContaining({ code: "LOTS_MAX_ORDER", passed: false, limit: "50", value: "51", source: "terms" }),
  );
});

describe("bad input is a 4xx with a code and the field, and nothing is written", () => {
  const good = { clientOrderId: "a", instrument: "MES", side: "buy", type: "market", lots: "1" };
  test.each<[string, object, string]>([
    ["half a lot", { lots: "0.5" }, "lots"],
    ["no lots", { lots: "0" }, "lots"],
    ["negative lots", { lots: "-1" }, "lots"],
    ["an exponent", { lots: "1e3" }, "lots"],
    ["NaN", { lots: "NaN" }, "lots"],
    ["a number of 40 digits", { lots: "9".repeat(40) }, "lots"],
    ["a number instead of text", { lots: 1 }, "lots"],
    ["lots missing", { lots: undefined }, "lots"],
    ["null", { side: null }, "side"],
    ["an unknown side", { side: "long" }, "side"],
    ["an unknown type", { type: "iceberg" }, "type"],
    ["an array", { instrument: ["MES"] }, "instrument"],
    ["an object", { accountId: { $ne: "" } }, "accountId"],
    ["an account that is no id", { accountId: "1; DROP TABLE orders" }, "accountId"],
    ["an unknown key", { price: "1" }, "price"],
    ["a client id with spaces", { clientOrderId: "a b" }, "clientOrderId"],
    ["a client id of 65 letters", { clientOrderId: "a".repeat(65) }, "clientOrderId"],
    ["a price between ticks", { quotedPrice: "5000.10", maxSlippageTicks: 1 }, "quotedPrice"],
    ["a negative price", { quotedPrice: "-5000.00", maxSlippageTicks: 1 }, "quotedPrice"],
    ["a price that is infinite", { quotedPrice: "Infinity" }, "quotedPrice"],
    ["a price of 40 digits", { quotedPrice: "9".repeat(40), maxSlippageTicks: 1 }, "quotedPrice"],
    ["half a tick of slippage", { maxSlippageTicks: 0.5 }, "maxSlippageTicks"],
    ["negative slippage", { maxSlippageTicks: -1 }, "maxSlippageTicks"],
    ["slippage as text", { maxSlippageTicks: "1" }, "maxSlippageTicks"],
  ])("%s", async (_name, change, field) => {
    const before = await ordersWritten();
    const answer = await post({ accountId: account.accountId, ...good, ...change });
    expect([400, 422]).toContain(answer.status);
    expect(answer.body).toMatchObject({ code: "INVALID_REQUEST", errors: { [field]: expect.any(String) } });
    expect(await ordersWritten()).toBe(before);
  });
  test.each([
    ["malformed", "{", 400],
    ["a bare number", "1", 422],
    ["a list", "[]", 422],
    ["a bare null", "null", 422],
    ["NaN as a literal", '{"lots": NaN}', 400],
  ])("JSON that is %s", async (_name, body, status) => {
    const answer = await post(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThanOrEqual(status);
    expect(answer.body.code).toEqual(expect.any(String));
  });
  test("a key twice: the last one counts, and is checked", async () => {
    const answer = await post(`{"lots":"1","lots":"x"}`);
    expect(answer.body.errors).toMatchObject({ lots: expect.any(String) });
  });
});

test("what is not the trader's does not exist", async () => {
  const other = await house.openAccount(0n);
  for (const path of ["account", "positions", "orders", "fills"]) {
    const answer = await request(app).get(`/api/trading/${path}`).query({ accountId: other.accountId });
    expect([path, answer.status, answer.body.code]).toEqual([path, 404, "UNKNOWN_ACCOUNT"]);
  }
  expect((await post(anOrderRequest(other))).body).toMatchObject({ status: 404, code: "UNKNOWN_ACCOUNT" });
  expect((await request(app).get(`/api/trading/orders/${randomUUID()}`)).status).toBe(404);
  expect((await post({ clientOrderId: "x" }, `/api/trading/positions/${randomUUID()}/close`)).status).toBe(404);
});

test("queries are checked as strictly as bodies", async () => {
  const get = (query: object, path = "orders") => request(app).get(`/api/trading/${path}`).query(query);
  const { accountId } = account;
  for (const query of [
    {},
    { accountId: "x" },
    { accountId, limit: "0" },
    { accountId, limit: "201" },
    { accountId, limit: "1e1" },
    { accountId, after: "'; --" },
    { accountId, offset: "1" },
  ])
    expect([query, (await get(query)).status]).toEqual([query, 422]);
  expect((await get({ accountId, after: "1".repeat(30) }, "fills")).status).toBe(422);
  expect((await request(app).get("/api/trading/orders/not-an-id")).status).toBe(422);
});

test("the story over REST: buy, read, close", async () => {
  const bought = await post(anOrderRequest(account, { lots: "2" }));
  await house.settler()([bought.body.order.id]);
  const query = { accountId: account.accountId };
  const order = await request(app).get(`/api/trading/orders/${bought.body.order.id}`);
  expect(order.body.order).toMatchObject({ state: "filled", filledLots: "2", averageFillPrice: "5000.25" });
  const { body: list } = await request(app).get("/api/trading/positions").query(query);
  expect(list.positions).toMatchObject([
    { instrument: "MES", side: "long", averagePrice: "5000.25", markPrice: "5000.00" },
  ]);
  const closed = await post({ clientOrderId: "close-1" }, `/api/trading/positions/${list.positions[0].id}/close`);
  expect(closed.body.order).toMatchObject({ side: "sell", reduceOnly: true, lots: list.positions[0].lots });
  await house.settler()([closed.body.order.id]);
  expect((await request(app).get("/api/trading/positions").query(query)).body).toEqual({ positions: [] });
  const { body: fills } = await request(app)
    .get("/api/trading/fills")
    .query({ ...query, limit: "1" });
  expect(fills.fills).toMatchObject([{ price: "5000.00", currency: "USD", quote: { bid: "5000.00", ask: "5000.25" } }]);
  expect(fills.next).toEqual(expect.any(String));
  expect((await request(app).get("/api/trading/account").query(query)).body).toMatchObject({
    held: "0.00",
    currency: "USD",
  });
});

test("an order that has ended, or will fill at any moment, is not cancelled", async () => {
  const placed = await post(anOrderRequest(account));
  const answer = await request(app).delete(`/api/trading/orders/${placed.body.order.id}`);
  expect([answer.status, answer.body.code]).toEqual([409, "ORDER_NOT_WORKING"]);
});

test("after all this the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
