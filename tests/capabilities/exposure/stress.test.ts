import { afterAll, beforeAll, expect, test } from "@jest/globals";
import express, { type RequestHandler } from "express";
import request from "supertest";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { StressReply } from "#contracts/stress.ts";
import { ProblemError } from "../../../server/platform/http/problem.ts";
import { openStress } from "../../../server/roles/exposure.ts";
import { aStaff } from "../../resources/support/world.ts";
import { type BookDesk, bookDesk } from "./book-desk.ts";

let book: BookDesk;
let staff: StaffIdentity = aStaff("risk");
let app: express.Express;
let poor: string;

beforeAll(async () => {
  book = await bookDesk();
  // Two long lots each: 7 % are 1,400 ticks of the bid, 3,500.00.
  poor = (await book.holding(100_000n, 2n)).accountId;
  await book.holding(1_000_000n, 2n);
  await book.holding(1_000_000n, -1n);
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.staff = staff;
    next();
  };
  app = express().use(express.json(), openStress(book.deps, loggedIn));
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    if (!(error instanceof ProblemError)) throw error;
    response.status(error.status).json({ code: error.code, errors: error.errors });
  });
});
afterAll(() => book?.house.close());

const ask = async (body: object, as: StaffIdentity = aStaff("risk")): Promise<request.Response> => {
  staff = as;
  return request(app).post("/stress").send(body);
};
const indexDown = { book: "live", shocks: [{ on: "class", assetClass: "equity-index", percent: "-7" }] };

test("tells who is stopped out, what is made good and what the house wins, and changes nothing", async () => {
  const before = await book.stateOf(poor);
  const { body, status } = await ask(indexDown);
  expect(status).toBe(200);
  const reply: StressReply = body;
  expect(reply).toMatchObject({ book: "live", accounts: 3, unpriced: 0, stoppedOut: { count: 1 } });
  // Traders: two times two lots lose 1,400 ticks (3,500.00), the short lot gains 1,400 (1,750.00).
  expect(reply.totals).toEqual([
    {
      ...{ currency: "USD", accounts: 3, stoppedOut: 1, equityBefore: "20990.65", equityAfter: "18244.39" },
      ...{ market: "5250.00", fees: "1.24", madeGood: "2504.98", net: "2746.26" },
      stages: { ok: 2, "margin-call": 0, "reduce-only": 0, "stop-out": 1 },
    },
  ]);
  expect(reply.instruments).toEqual([
    {
      ...{ instrumentId: "MES", currency: "USD", percent: "-7.00", bidBefore: "5000.00", bidAfter: "4650.00" },
      ...{ longLots: "4", shortLots: "1", closedLots: "2", market: "5250.00" },
    },
  ]);
  expect(reply.stoppedOut.rows).toMatchObject([
    {
      ...{ accountId: poor, partner: "House", fees: "1.24", madeGood: "2504.98" },
      before: { equity: "996.26", required: "200.00", percent: "498.1" },
      shocked: { equity: "-2503.74", required: "200.00", percent: "-1251.8" },
      after: { equity: "0.00", required: "0.00", percent: null },
      closed: [{ instrumentId: "MES", side: "sell", lots: "2" }],
    },
  ]);
  expect(await book.stateOf(poor)).toEqual(before);
});

test("a shock of another class moves nothing", async () => {
  const { body } = await ask({ book: "live", shocks: [{ on: "class", assetClass: "metal", percent: "-50" }] });
  expect(body).toMatchObject({ accounts: 3, stoppedOut: { count: 0 }, totals: [{ market: "0.00", net: "0.00" }] });
});

test("a partner's staff see their own accounts alone", async () => {
  const { body: own } = await ask(indexDown, aStaff("risk", { tenantId: book.house.tenantId }));
  expect(own.accounts).toBe(3);
  const { body: other } = await ask(indexDown, aStaff("risk", { tenantId: book.house.tenantId + 1 }));
  expect(other).toMatchObject({
    accounts: 0,
    totals: [],
    instruments: [],
    partners: [],
    stoppedOut: { count: 0, rows: [] },
  });
});

test.each(["finance", "support", "agent"] as const)("%s may not ask", async (role) => {
  expect((await ask(indexDown, aStaff(role))).status).toBe(403);
});

const shock = { on: "all", percent: "-1" };
test.each<[field: string, body: object]>([
  ["book", { shocks: [shock] }],
  ["shocks", { book: "live", shocks: [] }],
  ["shocks", { book: "live", shocks: Array.from({ length: 51 }, () => shock) }],
  ["shocks.0.percent", { book: "live", shocks: [{ ...shock, percent: "-100" }] }],
  ["shocks.0.percent", { book: "live", shocks: [{ ...shock, percent: "1e3" }] }],
  ["shocks.0.percent", { book: "live", shocks: [{ ...shock, percent: "1.005" }] }],
  ["shocks.1", { book: "live", shocks: [shock, shock] }],
  ["shocks.0.instrumentId", { book: "live", shocks: [{ on: "instrument", instrumentId: "NOPE", percent: "1" }] }],
])("refuses a wrong %s by its name", async (field, body) => {
  const reply = await ask(body);
  expect([reply.status, Object.keys(reply.body.errors)]).toEqual([422, [field]]);
});

test("runs wait for each other, and beyond a few are sent away", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(indexDown)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses.slice(0, 4)).toEqual([200, 200, 200, 200]);
  expect(statuses.at(-1)).toBe(503);
});

test("a position since is in the next run", async () => {
  await book.holding(1_000_000n, 1n);
  expect((await ask(indexDown)).body).toMatchObject({ accounts: 4, instruments: [{ longLots: "5" }] });
});
