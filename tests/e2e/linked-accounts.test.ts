import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { deskOf, logIn } from "../admin/support/back-office.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { putRiskLine } from "../support/risk-lines.ts";
import { type DemoCredentials, type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { candles } from "../widget/page-support.ts";

/** Two accounts are used in one browser; they are found, looked at by staff and confirmed. Who refuses is not recognised, and trades. */
const timeoutMs = 120_000;
const withBrowser = chromiumPath === null ? test.skip : test;
type Login = DemoCredentials["traders"][number];

let truewick: RunningTruewick;
let browser: Browser;
beforeAll(async () => {
  if (chromiumPath !== null) [truewick, browser] = await Promise.all([startTruewick(), launchBrowser()]);
}, timeoutMs);
afterAll(async () => {
  await browser?.close();
  await truewick?.stop();
}, timeoutMs);

const traderAt = (place: number): Login => {
  const trader = truewick.credentials.traders[place];
  if (!trader) throw new Error("the demo has too few traders");
  return trader;
};

async function widgetOf(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${truewick.url}/demo/`);
  return page;
}

async function logInTrader(page: Page, trader: Login): Promise<void> {
  await page.locator("truewick-login input[name=email]").fill(trader.email);
  await page.locator("truewick-login input[name=password]").fill(trader.password);
  await page.locator("truewick-login button").click();
  await candles(page).first().waitFor({ state: "attached" });
  await page.locator("truewick-desk #tab-account").click();
  await page.locator("truewick-device-consent h3").waitFor();
}

const logOutTrader = (page: Page): Promise<void> =>
  page.locator('truewick-header button[aria-label="Sign out"]').click();

const isTold = ({ url, method }: { url: string; method: string }): boolean =>
  method === "POST" && url.endsWith("/api/trading/device");
const told = (page: Page): Promise<unknown> =>
  page.waitForResponse(
    (response) => isTold({ url: response.url(), method: response.request().method() }) && response.ok(),
  );

/** The most lots of these traders in one instrument, each by a line of his own. */
async function limitOf(lots: number, ...logins: Login[]): Promise<void> {
  const { owner } = truewick.database;
  for (const { accountId } of logins) {
    const of = await owner("accounts").where({ id: accountId }).first("tenant_id", "trader_id");
    await putRiskLine(owner, { scope: "trader", ...of }, { maxPositionLots: `${lots}` });
  }
}

/** Buys on the demo account, or sells fewer than none; "accepted" once it is filled, else what it was refused for. */
async function buy({ email, password, demoAccountId }: Login, lots: number): Promise<string> {
  const send = async (path: string, body: unknown, token = ""): Promise<Record<string, unknown>> => {
    const headers = {
      "content-type": "application/json",
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(`${truewick.url}/api/trading/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const { accessToken } = await send("session", { email, password });
  const side = lots > 0 ? "buy" : "sell";
  const order = { accountId: demoAccountId, instrument: "MES", side, type: "market", lots: `${Math.abs(lots)}` };
  const answer = await send("orders", { clientOrderId: randomUUID(), ...order }, String(accessToken));
  if (answer.order === undefined) return String(answer.code);
  const { id } = answer.order as { id: string };
  await until(
    () => truewick.database.app("orders").where({ id }).first("state"),
    ({ state }) => state === "filled",
  );
  return "accepted";
}

withBrowser(
  "two accounts in one browser are found, shown with what says so, confirmed as one person, and share a limit from then on",
  async () => {
    const [one, other] = [traderAt(0), traderAt(1)];
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
    const page = await widgetOf(context);
    await logInTrader(page, one);
    const picture = process.env.CONSENT_SCREENSHOT ?? `${truewick.dataDir}/consent.png`;
    await page.locator("truewick-desk").screenshot({ path: picture });
    await Promise.all([told(page), page.locator('[data-consent="allow"]').click()]);
    await page.locator("truewick-device-consent").getByText("You allow us").waitFor();
    await logOutTrader(page);
    // The browser keeps the answer: the second account is told of at its login.
    await Promise.all([told(page), logInTrader(page, other)]);
    await context.close();

    const { app } = truewick.database;
    const link = await until(
      () => app("account_links").where("score", ">=", 0.5).first(),
      (found) => found !== undefined,
    );
    const accounts = await app("accounts").whereIn("id", [one.accountId, other.accountId]).select("id", "trader_id");
    expect([link.trader_a, link.trader_b]).toEqual(accounts.map((row) => row.trader_id).sort());
    expect(link.evidence[0]).toMatchObject({ signal: "device", points: 0.63 });
    await limitOf(3, one, other);
    expect([await buy(one, 1), await buy(other, 3)]).toEqual(["accepted", "accepted"]);

    const desk = await deskOf(browser, truewick);
    await logIn(desk, truewick, "risk");
    await desk.open(`/account-links/${link.id}/show`);
    await desk.page.getByText("Same browser").first().waitFor();
    await desk.page.locator('section[aria-label="Group"] svg circle').nth(1).waitFor();
    await desk.page.getByRole("button", { name: "One person", exact: true }).click();
    await desk.page.getByLabel("Reason").fill("The same browser, and he told us so.");
    await desk.page.getByRole("dialog").getByRole("button", { name: "One person", exact: true }).click();
    await until(
      () => app("linked_traders").count("* as n"),
      ([found]) => Number(found?.n) === 2,
    );
    // Of one person there are four lots now, one more than his limit; what closes is taken.
    expect([await buy(one, 1), await buy(other, 1)]).toEqual(["POSITION_LIMIT", "POSITION_LIMIT"]);
    expect([await buy(other, -2), await buy(one, 1), await buy(one, 1)]).toEqual([
      "accepted",
      "accepted",
      "POSITION_LIMIT",
    ]);
    await desk.context.close();
  },
  timeoutMs,
);

withBrowser(
  "who does not agree trades as before, and nothing is told of his browser",
  async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "zh-CN" });
    const page = await widgetOf(context);
    const asked: Request[] = [];
    page.on("request", (request) => void asked.push(request));
    await logInTrader(page, traderAt(0));
    await page.locator('[data-consent="refuse"]').click();
    await page.locator("truewick-device-consent [role=status]").waitFor();
    await logOutTrader(page);
    await logInTrader(page, traderAt(0));
    expect(asked.map((request) => ({ url: request.url(), method: request.method() })).filter(isTold)).toEqual([]);
    expect(asked.filter((request) => /fp\.esm|openfpcdn/.test(request.url())).length).toBe(0);
    await context.close();
  },
  timeoutMs,
);
