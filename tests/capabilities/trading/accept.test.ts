import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { placeOrders } from "../../../server/capabilities/trading/index.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { clearRiskTable, putRiskLine } from "../../support/risk-lines.ts";
import { tcpProxy } from "../../support/tcp-proxy.ts";
import { acceptedId, anOrderRequest, brokenBooks, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
beforeEach(() => {
  house.market.quote("MES", "5000.00", "5000.00");
  house.market.open = true;
  house.market.ageMs = 0;
});
afterAll(() => house.close());

const codeOf = (answer: OrderAnswer): string | number => ("code" in answer ? answer.code : answer.status);
const count = async (accountId: string): Promise<number> => {
  const rows = await house.db.owner("orders").where({ account_id: accountId }).count("* as n");
  return Number(rows[0]?.n);
};

describe("one client order id, one order", () => {
  test("ten identical submits at two processes make one order and ten equal answers", async () => {
    const account = await house.openAccount(100_000n);
    const request = anOrderRequest(account);
    const desks = [house.desk, house.anotherDesk()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (desks[index % 2] ?? house.desk).place(account.trader, request)),
    );
    const ids = answers.map(acceptedId);
    expect(new Set(ids).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
    const orders = answers.map((answer) => ("order" in answer ? answer.order : null));
    for (const order of orders) expect(order).toEqual(orders[0]);
    expect(await count(account.accountId)).toBe(1);
  });
  test("the same id with another body is refused, and nothing is written", async () => {
    const account = await house.openAccount(100_000n);
    const request = anOrderRequest(account);
    const [first, second] = await Promise.all([
      house.desk.place(account.trader, request),
      house.desk.place(account.trader, { ...request, lots: "2" }),
    ]);
    expect(first.status).toBe(202);
    expect(second).toMatchObject({ status: 409, code: "CLIENT_ORDER_ID_REUSED" });
    expect(await house.desk.place(account.trader, { ...request, side: "sell" })).toMatchObject({ status: 409 });
    expect(await count(account.accountId)).toBe(1);
  });
  test("repeated after it was filled, the answer is the filled order", async () => {
    const account = await house.openAccount(100_000n);
    const request = anOrderRequest(account);
    const id = acceptedId(await house.desk.place(account.trader, request));
    await house.settler()([id]);
    house.market.open = false;
    expect(await house.desk.place(account.trader, request)).toMatchObject({
      status: 200,
      order: { id, state: "filled" },
    });
  });
});

test("money for 33 orders, 320 sent in parallel at two processes: exactly 33 are accepted", async () => {
  const account = await house.openAccount(33n * 10_062n);
  const desks = [house.desk, house.anotherDesk()];
  const answers = await Promise.all(
    Array.from({ length: 320 }, (_, index) =>
      (desks[index % 2] ?? house.desk).place(account.trader, anOrderRequest(account)),
    ),
  );
  const codes = answers.map(codeOf);
  expect(codes.filter((code) => code === 202)).toHaveLength(33);
  expect(codes.filter((code) => code === "INSUFFICIENT_FUNDS")).toHaveLength(287);
  expect(await house.reads.account(account.trader, account.accountId)).toMatchObject({
    held: "3320.46",
    available: "0.00",
  });
});

describe("refusals write nothing", () => {
  test.each([
    ["UNKNOWN_INSTRUMENT", { instrument: "NOPE" }],
    ["LOTS_MAX_ORDER", { lots: "51" }],
    ["INSUFFICIENT_FUNDS", { lots: "50" }],
    ["INVALID_REQUEST", { quotedPrice: "5000.10", maxSlippageTicks: 1 }],
    ["INVALID_REQUEST", { quotedPrice: "-5000.00" }],
    ["PRICE_MOVED", { quotedPrice: "4999.00", maxSlippageTicks: 3 }],
  ])("%s", async (code, more) => {
    const account = await house.openAccount(100_000n);
    expect(codeOf(await house.desk.place(account.trader, anOrderRequest(account, more)))).toBe(code);
    expect(await count(account.accountId)).toBe(0);
  });
  test("PRICE_MOVED names both prices", async () => {
    const account = await house.openAccount(100_000n);
    const request = anOrderRequest(account, { quotedPrice: "4999.00", maxSlippageTicks: 3 });
    expect(await house.desk.place(account.trader, request)).toMatchObject({
      status: 422,
      message: "The price is 5000.00, beyond the 4999.75 that the slippage allows.",
    });
  });
  test("MARKET_CLOSED and QUOTE_STALE", async () => {
    const account = await house.openAccount(100_000n);
    house.market.ageMs = 5_001;
    expect(codeOf(await house.desk.place(account.trader, anOrderRequest(account)))).toBe("QUOTE_STALE");
    house.market.open = false;
    expect(codeOf(await house.desk.place(account.trader, anOrderRequest(account)))).toBe("MARKET_CLOSED");
  });
  test("an account of another trader does not exist", async () => {
    const mine = await house.openAccount(100_000n);
    const other = await house.openAccount(100_000n);
    const request = anOrderRequest(other);
    expect(await house.desk.place(mine.trader, request)).toMatchObject({ status: 404, code: "UNKNOWN_ACCOUNT" });
    expect(await count(other.accountId)).toBe(0);
    expect(await house.reads.account(mine.trader, other.accountId)).toBeNull();
    expect(await house.reads.orders(mine.trader, other.accountId, { limit: 10, after: null })).toBeNull();
  });
  test("a disabled account", async () => {
    const account = await house.openAccount(100_000n);
    await house.db.owner("accounts").where({ id: account.accountId }).update({ state: "disabled" });
    expect(codeOf(await house.desk.place(account.trader, anOrderRequest(account)))).toBe("ACCOUNT_DISABLED");
  });
});

describe("limits", () => {
  test("of the nearest scope are applied, and the decision says where they came from", async () => {
    const [agent] = await house.db
      .owner("agents")
      .insert({ tenant_id: house.tenantId, code: "north", name: "North" })
      .returning("id");
    const account = await house.openAccount(1_000_000n, { agentId: agent.id });
    const { owner } = house.db;
    await putRiskLine(owner, { scope: "default" }, { maxLotsPerOrder: "40", maxPositionLots: "45" });
    const north = { scope: "agent", tenant_id: house.tenantId, agent_id: agent.id, instrument_id: "MES" };
    await putRiskLine(owner, north, { maxLotsPerOrder: "2" });
    const refused = await house.desk.place(account.trader, anOrderRequest(account, { lots: "3" }));
    expect(refused).toMatchObject({ code: "LOTS_MAX_ORDER" });
    const checks = "checks" in refused ? refused.checks : undefined;
    expect(checks?.find((check) => !check.passed)).toMatchObject({ limit: "2", value: "3", source: "agent:north" });
    const id = acceptedId(await house.desk.place(account.trader, anOrderRequest(account, { lots: "2" })));
    const row = await house.db.owner("admin_orders").where({ id }).first("checks");
    expect(row.checks).toContainEqual(
      expect.objectContaining({ code: "POSITION_LIMIT", limit: "45", source: "default" }),
    );
    await clearRiskTable(owner);
  });
});

describe("closing", () => {
  test("a position of another trader does not exist", async () => {
    const owner = await house.openAccount(100_000n);
    const other = await house.openAccount(100_000n);
    await house.settler()([acceptedId(await house.desk.place(owner.trader, anOrderRequest(owner)))]);
    const [position] = (await house.reads.positions(owner.trader, owner.accountId)) ?? [];
    const id = position?.id ?? "";
    const close = { clientOrderId: randomUUID() };
    expect(await house.desk.close(other.trader, id, close)).toMatchObject({ status: 404, code: "UNKNOWN_POSITION" });
    expect(await house.desk.close(owner.trader, randomUUID(), close)).toMatchObject({ status: 404 });
    expect(await house.desk.close(owner.trader, id, { ...close, lots: "2" })).toMatchObject({
      code: "EXCEEDS_POSITION",
    });
    const twice = await Promise.all([
      house.desk.close(owner.trader, id, { clientOrderId: randomUUID() }),
      house.desk.close(owner.trader, id, { clientOrderId: randomUUID() }),
    ]);
    expect(twice.map(codeOf).sort()).toEqual([202, "NO_POSITION"]);
  });
});

test("when the database is away the answer is 503, and the same order is taken when it is back", async () => {
  const account = await house.openAccount(100_000n);
  const request = anOrderRequest(account);
  const url = new URL(house.db.appUrl);
  const wire = await tcpProxy(url.hostname, Number(url.port || 5432));
  url.host = `127.0.0.1:${wire.port}`;
  const db = connectDatabase({ url: url.toString(), applicationName: "cut", poolMax: 2, statementTimeoutMs: 5_000 });
  const failures: unknown[] = [];
  const desk = placeOrders({ ...house.ports, readDb: db, transact: transactor(db) }, (error) => failures.push(error));
  expect((await desk.place(account.trader, anOrderRequest(account))).status).toBe(202);
  wire.cut();
  expect(await desk.place(account.trader, request)).toMatchObject({ status: 503, code: "TRY_AGAIN" });
  expect(failures).toHaveLength(1);
  wire.mend();
  expect((await desk.place(account.trader, request)).status).toBe(202);
  await db.destroy();
  await wire.close();
});

test("after all this the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
