import { afterAll, beforeAll, expect, test } from "@jest/globals";
import express, { type Express, type RequestHandler } from "express";
import { pino } from "pino";
import request from "supertest";
import { closeDays } from "../../server/capabilities/day-close/index.ts";
import { accountStatementRoutes } from "../../server/platform/http/account-statement-routes.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { openAccountStatements } from "../../server/roles/account-statements.ts";
import { type CommissionHouse, commissionHouse } from "../capabilities/agents/support.ts";
import { closePorts, markDay } from "../capabilities/day-close/support.ts";
import type { TestAccount } from "../support/trading.ts";

let desk: CommissionHouse;
let account: TestAccount;
let other: TestAccount;
let app: Express;
const days: string[] = [];

beforeAll(async () => {
  desk = await commissionHouse();
  account = await desk.house.openAccount(1_000_000n);
  other = await desk.house.openAccount(5_000n);
  const { owner } = desk.house.db;
  await owner.raw("UPDATE partners SET name = 'Ames & <Sons>' WHERE id = ?", [desk.house.tenantId]);
  await desk.trade(account, 2n);
  await endDay();
  await desk.trade(account, 1n);
  await endDay();
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.trader = account.trader;
    next();
  };
  const routes = accountStatementRoutes(openAccountStatements({ readDb: desk.house.db.app }));
  app = createApp({
    ...{ log: pino({ level: "silent" }), metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0 },
    routers: [{ path: "/api/trading", router: express.Router().use(loggedIn, routes) }],
  });
});
afterAll(() => desk?.house.close());

async function endDay(): Promise<void> {
  const day = await desk.today();
  days.push(day);
  await markDay(desk.house.db, day, 20_005n);
  await desk.house.db.owner.raw("INSERT INTO test_days VALUES (clock_timestamp(), ?::date + 1)", [day]);
  await closeDays({
    ...(await closePorts(desk.house.db)),
    onOutcome: () => {},
    onError: (error) => {
      throw error;
    },
  });
}

const list = (query: string) => request(app).get(`/api/trading/statements?accountId=${account.accountId}${query}`);
const newest = async (): Promise<string> => (await list("&limit=1")).body.statements[0].id;
const setLocale = (locale: string) =>
  desk.house.db.owner("traders").where({ id: account.trader.traderId }).update({ locale });

test("statements come newest first, a page after another, each opening where the one before closed", async () => {
  const first = await list("&limit=1");
  expect(first.status).toBe(200);
  expect(first.body.statements).toMatchObject([
    {
      ...{ bookDate: days[1], opening: "9998.76", closing: "9998.14", moved: "-0.62", currency: "USD", movements: 1 },
      ...{ totals: { fee: "-0.62" }, openPnl: "15.00" },
      positions: [
        {
          ...{ instrument: "MES", lots: "3", averagePrice: "5000.25", settlementPrice: "5001.25", openPnl: "15.00" },
          priceDate: days[1],
        },
      ],
    },
  ]);
  const second = await list(`&after=${first.body.next}`);
  expect(second.body).toMatchObject({
    statements: [{ bookDate: days[0], opening: "0.00", closing: "9998.76", totals: { adjustment: "10000.00" } }],
    next: null,
  });
});

test("the CSV goes from the opening to the closing balance, each entry with the balance after it", async () => {
  const [older] = (await list("")).body.statements.slice(1);
  const { text, headers } = await request(app).get(`/api/trading/statements/${older.id}/csv`);
  expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
  const rows = text.trimEnd().split("\n");
  expect(rows.map((line) => line.split(",").filter((_, at) => [2, 3, 5, 7, 9].includes(at)))).toEqual([
    ["kind", "instrument", "lots", "amount", "balance"],
    ["opening-balance", "", "", "", "0.00"],
    ["adjustment", "", "", "10000.00", "10000.00"],
    ["fee", "MES", "2", "-1.24", "9998.76"],
    ["closing-balance", "", "", "", "9998.76"],
  ]);
  const again = await request(app).get(`/api/trading/statements/${older.id}/csv`);
  expect(again.text).toBe(text);
});

test("the page bears the partner's name, is in the trader's language, and may load and run nothing", async () => {
  const id = await newest();
  const page = await request(app).get(`/api/trading/statements/${id}/page`);
  expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; frame/);
  expect(page.text).toContain("<h1>Ames &amp; &lt;Sons&gt;</h1>");
  expect(page.text).toContain("Closing balance");
  await setLocale("zh-CN");
  const chinese = await request(app).get(`/api/trading/statements/${id}/page`);
  await setLocale("en");
  expect(chinese.text).toContain('<html lang="zh-CN">');
  expect(chinese.text).toContain("期末余额");
  expect(chinese.text).not.toContain("balance</td>");
});

test("what is not the trader's does not exist for him", async () => {
  const foreign = await desk.house.db.owner("account_statements").where({ account_id: other.accountId }).first("id");
  for (const form of ["csv", "page"])
    expect((await request(app).get(`/api/trading/statements/${foreign.id}/${form}`)).status).toBe(404);
  expect((await request(app).get(`/api/trading/statements?accountId=${other.accountId}`)).status).toBe(404);
  const below = await list(`&after=${foreign.id}`);
  expect([below.status, below.body.statements.map(({ bookDate }: { bookDate: string }) => bookDate)]).toEqual([
    200,
    [],
  ]);
});
