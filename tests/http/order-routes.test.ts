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

const post = (body: object, path = "/api/trading/orders") => request(app).post(path).send(body);

describe("an order that waits", () => {
  const low = (more = {}) => anOrderRequest(account, { type: "limit", limitPrice: "4900.00", lots: "2", ...more });
  test("is placed, read, amended and cancelled", async () => {
    const placed = await post(low({ timeInForce: "day", takeProfitPrice: "5100.00" }));
    expect(placed.status).toBe(202);
    const { id, expiresAt } = placed.body.order;
    expect(placed.body.order).toMatchObject({ state: "working", limitPrice: "4900.00", takeProfitPrice: "5100.00" });
    expect(new Date(expiresAt).getTime()).toBeGreaterThan(Date.now());
    const path = `/api/trading/orders/${id}`;
    const amended = await request(app).patch(path).send({ lots: "1", limitPrice: "4950.00" });
    expect([amended.status, amended.body.order]).toMatchObject([200, { lots: "1", limitPrice: "4950.00", expiresAt }]);
    const refused = await request(app).patch(path).send({ limitPrice: "1000.00" });
    expect([refused.status, refused.body.code]).toEqual([422, "PRICE_BAND"]);
    const cancelled = await request(app).delete(path);
    expect([cancelled.status, cancelled.body.order]).toMatchObject([
      200,
      { state: "cancelled", cancelCode: "BY_TRADER" },
    ]);
    expect((await request(app).delete(path)).body.code).toBe("ORDER_NOT_WORKING");
    const events = await house.db.owner("order_events").where({ order_id: id }).orderBy("id").select("kind", "said");
    expect(events).toEqual([
      {
        kind: "amended",
        said: {
          before: { lots: "2", limit: "19600", stop: null },
          after: { lots: "1", limit: "19800", stop: null },
        },
      },
      { kind: "cancelled", said: { code: "BY_TRADER" } },
    ]);
  });
  test("is found among the open ones, however many have ended since", async () => {
    const waiting = await post(low());
    for (const side of ["buy", "sell"] as const) await post(anOrderRequest(account, { side, lots: "1" }));
    await house.settler()(
      (await house.db.owner("orders").where({ account_id: account.accountId, state: "accepted" })).map(({ id }) => id),
    );
    const list = (more: string) =>
      request(app).get(`/api/trading/orders?accountId=${account.accountId}&limit=1${more}`);
    const { id } = waiting.body.order;
    expect((await list("")).body.orders.map((order: { id: string }) => order.id)).not.toContain(id);
    const open = await list("&state=open");
    expect([open.body.orders.map((order: { id: string }) => order.id), open.body.next]).toEqual([[id], null]);
    expect((await list("&state=filled")).status).toBe(422);
    await request(app).delete(`/api/trading/orders/${id}`);
  });
  test("of another trader, or none at all, is 404", async () => {
    const other = await house.openAccount(1_000_000n);
    const foreign = await house.desk.place(
      other.trader,
      anOrderRequest(other, { type: "limit", limitPrice: "4900.00" }),
    );
    const ids = [randomUUID(), "order" in foreign ? foreign.order.id : ""];
    for (const id of ids) {
      const path = `/api/trading/orders/${id}`;
      const answers = [await request(app).delete(path), await request(app).patch(path).send({ lots: "1" })];
      for (const answer of answers) expect([answer.status, answer.body.code]).toEqual([404, "UNKNOWN_ORDER"]);
    }
  });
  test("is cancelled with all others, of one instrument or of all; another's account is 404", async () => {
    await post(low());
    await post(low());
    const { accountId } = account;
    const all = (body: object) => post(body, "/api/trading/orders/cancel-all");
    expect((await all({ accountId, instrument: "MNQ" })).body).toEqual({ cancelled: 0, answers: [] });
    expect((await all({ accountId })).body).toEqual({ cancelled: 2, answers: [] });
    expect((await all({ accountId: randomUUID() })).status).toBe(404);
  });
});

describe("a position", () => {
  const open = async () => {
    const placed = await post(anOrderRequest(account, { lots: "2" }));
    await house.settler()([placed.body.order.id]);
    const { body } = await request(app).get("/api/trading/positions").query({ accountId: account.accountId });
    return body.positions[0];
  };
  test("gets a bracket, is turned around, and flattened", async () => {
    const { id } = await open();
    const path = `/api/trading/positions/${id}`;
    const bracket = await request(app).put(`${path}/bracket`).send({ takeProfitPrice: "5100.00", stopLossPrice: null });
    expect([bracket.status, bracket.body.position]).toMatchObject([
      200,
      { takeProfitPrice: "5100.00", stopLossPrice: null },
    ]);
    const wrong = await request(app).put(`${path}/bracket`).send({ takeProfitPrice: "4900.00" });
    expect([wrong.status, wrong.body.code]).toEqual([422, "BRACKET_SIDE"]);
    const reversed = await post({ clientOrderId: randomUUID() }, `${path}/reverse`);
    expect([reversed.status, reversed.body.order]).toMatchObject([202, { side: "sell", lots: "4", reduceOnly: false }]);
    await house.settler()([reversed.body.order.id]);
    const flatten = { accountId: account.accountId, clientOrderId: "out" };
    const flattened = await post(flatten, "/api/trading/flatten");
    expect([flattened.status, flattened.body]).toMatchObject([
      200,
      { cancelled: 0, answers: [{ status: 202, order: { clientOrderId: "out:MES", side: "buy", lots: "2" } }] },
    ]);
    await house.settler()([flattened.body.answers[0].order.id]);
    expect((await post(flatten, "/api/trading/flatten")).body).toEqual({ cancelled: 0, answers: [] });
    expect((await request(app).put(`${path}/bracket`).send({ stopLossPrice: "4900.00" })).body.code).toBe(
      "NO_POSITION",
    );
  });
  test("how much could be traded is asked for an account and an instrument of one's own", async () => {
    const { accountId } = account;
    const ask = (query: object) => request(app).get("/api/trading/capacity").query(query);
    const { body } = await ask({ accountId, instrument: "MES" });
    expect(body.buy).toMatchObject({
      maxLots: "50",
      boundBy: { code: "LOTS_MAX_ORDER", value: "51", source: "terms" },
    });
    expect((await ask({ accountId, instrument: "NOPE" })).status).toBe(404);
    expect((await ask({ accountId: randomUUID(), instrument: "MES" })).status).toBe(404);
    expect((await ask({ accountId })).status).toBe(422);
  });
});

test("after all this the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
