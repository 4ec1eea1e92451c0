import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import express, { type RequestHandler } from "express";
import request from "supertest";
import type { BreachPreviewReply } from "#contracts/breach-preview.ts";
import { breachPreviewReply } from "#contracts/breach-preview.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { draftChange, type LineTarget, setLine } from "../../../server/capabilities/risk/index.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { ProblemError } from "../../../server/platform/http/problem.ts";
import { loadResources } from "../../../server/resources/index.ts";
import { openRiskChangePages } from "../../../server/roles/risk-change-pages.ts";
import { aCell } from "../../core/loss-builders.ts";
import { aStaff } from "../../resources/support/world.ts";
import { clearRiskTable, putRiskLine } from "../../support/risk-lines.ts";
import { anOrderRequest, type TestAccount } from "../../support/trading.ts";
import { type BookDesk, bookDesk } from "../exposure/book-desk.ts";

let book: BookDesk;
let app: express.Express;
let staff: StaffIdentity = aStaff("risk");
/** Two long lots, one short, none; 1,000.00 each. */
let [long, short, idle]: readonly TestAccount[] = [];

beforeAll(async () => {
  book = await bookDesk();
  long = await book.holding(100_000n, 2n);
  short = await book.holding(100_000n, -1n);
  idle = await book.house.openAccount(100_000n);
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.staff = staff;
    next();
  };
  app = express().use(openRiskChangePages(book.deps, await loadResources(), loggedIn));
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    if (!(error instanceof ProblemError)) throw error;
    response.status(error.status).json({ code: error.code, errors: error.errors });
  });
});
afterEach(async () => {
  book.house.market.quote("MES", "5000.00", "5000.25");
  await clearRiskTable(book.house.db.owner);
});
afterAll(() => book?.house.close());

const ann: Actor = { ...systemActor, kind: "staff", id: randomUUID(), name: "Ann" };
const everybody: LineTarget = {
  ...{ scope: "default", tenantId: null, agentId: null, groupId: null, traderId: null },
  ...{ instrumentId: null, assetClass: null },
};

/** A draft with one line. */
const drafted = (settings: Readonly<Record<string, unknown>>, more: Partial<LineTarget> = {}, cleared: string[] = []) =>
  transactor(book.house.db.app)(ann, async (work) => {
    const change = await draftChange(work, ann, { name: "Tried", reason: "a test" });
    if (!change.ok) throw new Error(change.refusal.code);
    const target = { ...everybody, ...more };
    const line = await setLine(work, { changeId: change.value.id, target, settings, cleared });
    if (!line.ok) throw new Error(line.refusal.code);
    return { changeId: change.value.id, lineId: line.value.id };
  });

const asked = async (changeId: string, query = ""): Promise<BreachPreviewReply> => {
  const { body, status } = await request(app).get(`/risk-changes/${changeId}/breaches${query}`);
  expect([status, body.errors]).toEqual([200, undefined]);
  return breachPreviewReply.parse(body);
};

test("a tighter position limit: who is over it by the change and not now, with limit, value and line", async () => {
  await putRiskLine(book.house.db.owner, { scope: "default", instrument_id: "MES" }, { maxPositionLots: "2" });
  const { changeId, lineId } = await drafted({ maxPositionLots: "1" }, { instrumentId: "MES" });
  expect(await asked(changeId)).toMatchObject({
    ...{ changeId, book: "live", settings: ["maxPositionLots"], accounts: 2, unpriced: 0 },
    added: {
      ...{ accounts: 1, breaches: 1 },
      rows: [
        {
          ...{ accountId: long?.accountId, traderId: long?.trader.traderId, tenantId: book.house.tenantId },
          ...{ partner: "House", currency: "USD", setting: "maxPositionLots", instrumentId: "MES", assetClass: null },
          ...{ value: "2", limit: "1", before: "2", overPercent: "100", source: "default", version: 2 },
          ...{ lineId, isDrafted: true, action: null },
        },
      ],
    },
    ...{ standing: { accounts: 0, breaches: 0 }, relieved: { accounts: 0, breaches: 0 } },
  });
});

test("who is over it already is counted and not told; who is let go too", async () => {
  const { owner } = book.house.db;
  await putRiskLine(owner, { scope: "default" }, { maxTotalLots: "0", maxInstruments: 5 });
  const tight = await asked((await drafted({ maxTotalLots: "1" })).changeId);
  expect(tight.added).toEqual({ accounts: 0, breaches: 0, rows: [] });
  // Two lots are over 0 and over 1; one lot only over 0.
  expect([tight.standing, tight.relieved]).toEqual([
    { accounts: 1, breaches: 1 },
    { accounts: 1, breaches: 1 },
  ]);
  const gone = await asked((await drafted({ maxTotalExposure: "900000.00" }, {}, ["maxTotalLots"])).changeId);
  expect([gone.settings, gone.relieved.accounts, gone.standing.accounts]).toEqual([
    ["maxTotalLots", "maxTotalExposure"],
    2,
    0,
  ]);
});

test("money is measured at the price of now: exposure, and margin as it is held", async () => {
  // Two lots at a bid of 5,000.00 and $5 a point are 50,000.00; a short lot at 5,000.25 is 25,001.25.
  const worth = await asked((await drafted({ maxTotalExposure: "25001.25" })).changeId);
  expect(worth.added.rows).toMatchObject([{ value: "50000.00", limit: "25001.25", before: null, overPercent: "99" }]);
  book.house.market.quote("MES", "5000.00", "5000.50");
  expect((await asked((await drafted({ maxTotalExposure: "25001.25" })).changeId)).added.accounts).toBe(2);
  // Margin is 100.00 a lot.
  const held = await asked((await drafted({ maxMarginUsed: "100.00" })).changeId);
  expect(held.added.rows).toMatchObject([{ setting: "maxMarginUsed", value: "200.00", limit: "100.00" }]);
});

test("waiting orders count as they do before an order", async () => {
  if (idle === undefined) throw new Error("no account");
  const { trader, accountId } = idle;
  const order = anOrderRequest(idle, { type: "limit", limitPrice: "4990.00", lots: "3" });
  expect((await book.house.desk.place(trader, order)).status).toBe(202);
  const one = { scope: "trader", tenantId: book.house.tenantId, traderId: trader.traderId } as const;
  const { changeId } = await drafted({ maxWorkingOrders: 0, maxTotalLots: "2" }, one);
  expect((await asked(changeId)).added.rows).toMatchObject([
    { accountId, setting: "maxWorkingOrders", value: "1", limit: "0", overPercent: null },
    { accountId, setting: "maxTotalLots", value: "3", limit: "2", overPercent: "50" },
  ]);
});

test("a new loss limit: who would be found breached at the next look, and what would be done", async () => {
  // Two lots bought at 5,000.25 lose 0.50 of spread and 1.24 of fees: 3.74. Ten points down it is 103.74; the short one has won.
  book.house.market.quote("MES", "4990.00", "4990.25");
  const rule = aCell({ amount: "103.74", base: "initial" });
  const { changeId, lineId } = await drafted({ dailyLoss: rule });
  expect((await asked(changeId)).added).toMatchObject({
    ...{ accounts: 1, breaches: 1 },
    rows: [
      {
        ...{ accountId: long?.accountId, setting: "dailyLoss", value: "103.74", limit: "103.74", before: null },
        ...{ overPercent: "0", action: "flatten-until-reset", source: "default", lineId, isDrafted: true },
      },
    ],
  });
  const wider = await drafted({ dailyLoss: { ...rule, amount: "103.75" } });
  expect((await asked(wider.changeId)).added.accounts).toBe(0);
  expect(await book.house.db.owner("loss_states").select()).toEqual([]);
});

test("accounts of one person are measured together", async () => {
  const ids = [long, short].map((account) => account?.trader.traderId);
  await book.house.db.owner("linked_traders").insert(ids.map((id) => ({ trader_id: id, cluster_id: ids[0] })));
  const { added } = await asked((await drafted({ maxTotalLots: "2" })).changeId);
  expect(added).toMatchObject({ accounts: 3, rows: [{ value: "3" }, { value: "3" }, { value: "3" }] });
  await book.house.db.owner("linked_traders").delete();
});

test("the demo book is another one; a partner's staff and who may not read changes get none", async () => {
  const { changeId } = await drafted({ maxTotalLots: "0" });
  expect(await asked(changeId, "?book=demo")).toMatchObject({ book: "demo", accounts: 0, added: { accounts: 0 } });
  for (const [who, status] of [
    [aStaff("risk", { tenantId: book.house.tenantId }), 404],
    [aStaff("support"), 403],
  ] as const) {
    staff = who;
    expect((await request(app).get(`/risk-changes/${changeId}/breaches`)).status).toBe(status);
  }
  staff = aStaff("risk");
  expect((await request(app).get(`/risk-changes/${randomUUID()}/breaches`)).status).toBe(404);
});
