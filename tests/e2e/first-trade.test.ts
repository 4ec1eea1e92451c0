import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import { formatDecimal, parseDecimal } from "#core/units.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type PartnerSite, servePartnerPage } from "../support/partner-site.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { exportCsv, logInStaff, openList } from "./staff.ts";

/**
 * The whole story in a real browser: a trader on a partner's page buys and closes, an operator finds it, finance exports it,
 * the books are balanced.
 */
const storyTimeoutMs = 180_000;
const withBrowser = chromiumPath === null ? test.skip : test;

let truewick: RunningTruewick;
let partner: PartnerSite;
let browser: Browser;

beforeAll(async () => {
  if (chromiumPath === null) return;
  truewick = await startTruewick();
  partner = await servePartnerPage({
    html: `<!doctype html><meta charset="utf-8"><title>A partner</title>
      <script type="module" src="${truewick.url}/widget/v1/truewick.js"></script>
      <truewick-trader instrument="MES" interval="1m" locale="en" theme="light"></truewick-trader>`,
    csp: `default-src 'none'; script-src ${truewick.url}; style-src 'self'; connect-src ${truewick.url} ${truewick.url.replace("http", "ws")}; img-src data:`,
  });
  browser = await launchBrowser();
}, storyTimeoutMs);

afterAll(async () => {
  await browser?.close();
  await partner?.close();
  await truewick?.stop();
}, storyTimeoutMs);

withBrowser(
  "a trader on a partner's page buys and closes; the operator, finance and the auditor find the same money",
  async () => {
    await admitPartner();
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const errors = watchErrors(page);
    const quotes = watchQuotes(page);
    await logInTrader(page);
    await seeLiveCandles(page, quotes);
    const account = await chosenAccount(page);
    await sendOrder(page, { press: /^Buy 1 /, confirm: /^Confirm: buy 1/, shows: /Positions 1/ });
    await sendOrder(page, { press: /^Close MES/, confirm: /^Confirm/, shows: /No open positions/ });
    expect(errors).toEqual([]);
    await page.close();
    await findItInTheBackOffice(account);
    expect(await verifyCommand()).toEqual({ code: 0, broken: [] });
  },
  storyTimeoutMs,
);

/** The operator lists the partner's origin, as he does for a new site. */
async function admitPartner(): Promise<void> {
  const login = await fetch(`${truewick.url}/api/admin/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: truewick.url },
    body: JSON.stringify(truewick.credentials.staff.admin),
  });
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
  const headers = { "content-type": "application/json", origin: truewick.url, cookie };
  const id = truewick.credentials.partners[0]?.id;
  const partnerRow = await (await fetch(`${truewick.url}/api/admin/partners/${id}`, { headers })).json();
  const saved = await fetch(`${truewick.url}/api/admin/partners/${id}`, {
    method: "PUT",
    headers,
    body: JSON.stringify({ origins: [...partnerRow.origins, partner.origin], version: partnerRow.version }),
  });
  expect(saved.status).toBe(200);
}

function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon")) errors.push(message.text());
  });
  return errors;
}

async function logInTrader(page: Page): Promise<void> {
  const trader = truewick.credentials.traders[0];
  await page.goto(partner.origin);
  await page.getByLabel("Email").fill(trader?.email ?? "");
  await page.getByLabel("Password").fill(trader?.password ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Numbers of the quotes that the page's socket has received. */
function watchQuotes(page: Page): Set<number> {
  const seen = new Set<number>();
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      for (const [, seq] of payload.toString().matchAll(/"quote",\{[^}]*"seq":(\d+)/g)) seen.add(Number(seq));
    }),
  );
  return seen;
}

/** Candles are drawn, the light says live, and new quotes keep coming (a quiet market may repeat its price). */
async function seeLiveCandles(page: Page, quotes: ReadonlySet<number>): Promise<void> {
  // Drawn, not "visible": a minute in which nothing moved is a line without height.
  const candle = page.locator("truewick-chart .highcharts-candlestick-series .highcharts-point").nth(20);
  await candle.waitFor({ state: "attached" });
  await expectText(page.locator("truewick-header"), /live/);
  const deadline = Date.now() + 30_000;
  while (quotes.size < 3) {
    if (Date.now() > deadline) throw new Error(`only ${quotes.size} quotes came in 30 s`);
    await page.waitForTimeout(100);
  }
}

async function chosenAccount(page: Page): Promise<{ id: string }> {
  const id = await page.locator("truewick-header select").inputValue();
  expect(truewick.credentials.traders[0]).toEqual(
    expect.objectContaining(
      id === truewick.credentials.traders[0]?.accountId ? { accountId: id } : { demoAccountId: id },
    ),
  );
  return { id };
}

/** Longer than a double click: the widget does not take the second half of one for a confirmation. */
const readingMs = 500;

/** Presses, reads, confirms. The widget itself says how long the order took from the press to the fill. */
async function sendOrder(page: Page, order: { press: RegExp; confirm: RegExp; shows: RegExp }): Promise<void> {
  await page.getByRole("button", { name: order.press }).click();
  await page.waitForTimeout(readingMs);
  await page.getByRole("button", { name: order.confirm }).click();
  await expectText(page.locator("truewick-desk"), order.shows);
  const status = page.locator("truewick-trade-buttons .status");
  await expectText(status, /Filled 1 at [\d,.]+ \(\d+ ms\)/);
  const tookMs = Number(/\(([\d,]+) ms\)/.exec(await status.innerText())?.[1]?.replace(",", ""));
  expect(tookMs).toBeLessThanOrEqual(1000);
}

/** Waits for the words; a failure says what stood there instead. */
async function expectText(where: Locator, pattern: RegExp): Promise<void> {
  try {
    await where.filter({ hasText: pattern }).first().waitFor();
  } catch {
    throw new Error(`waited for ${pattern}, found: ${await where.first().innerText()}`);
  }
}

async function findItInTheBackOffice(account: { id: string }): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors = watchErrors(page);
  await logInStaff(page, truewick.url, truewick.credentials.staff.finance);
  await openList(page, truewick.url, "orders", { accountId: account.id }, 2);
  expect(await page.locator("tbody tr").count()).toBe(2);
  await openList(page, truewick.url, "fills", { accountId: account.id }, 2);
  const fills = await exportCsv(page);
  expect(fills.map((fill) => fill.side)).toEqual(expect.arrayContaining(["buy", "sell"]));
  await openList(page, truewick.url, "transfers", { accountId: account.id }, 3);
  const transfers = await exportCsv(page);
  expect(errors.filter((text) => !text.includes("401"))).toEqual([]);
  await page.close();
  const moved = sum(
    transfers.map((row) => (row.creditKind === "trader.cash" ? cents(row.amount) : -cents(row.amount))),
  );
  const earned = sum(fills.map((fill) => cents(fill.realizedPnl) - cents(fill.fee)));
  const funded = sum(
    transfers.filter((row) => row.code === "adjustment" || row.code === "deposit").map((row) => cents(row.amount)),
  );
  expect(formatDecimal(moved, 2)).toBe(formatDecimal(funded + earned, 2));
  const { rows } = await truewick.database.owner.raw(
    "SELECT b.posted FROM balances b JOIN accounts a USING (ledger_account_id) WHERE a.id = ?",
    [account.id],
  );
  expect(rows[0].posted).toBe(moved);
}

const cents = (text: string | undefined): bigint => {
  const value = parseDecimal(text ?? "", 2);
  if (value === null) throw new Error(`not an amount: ${text}`);
  return value;
};

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

function verifyCommand(): Promise<{ code: number | null; broken: string[] }> {
  const { NODE_OPTIONS: _jestOnly, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", "server/verify.ts"], {
    cwd: path.resolve(import.meta.dirname, "../.."),
    env: { ...inherited, DATABASE_URL: truewick.database.ownerUrl, DATA_DIR: truewick.dataDir, DEMO: "1" },
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  return new Promise((resolve) => {
    child.once("exit", (code) =>
      resolve({ code, broken: printed.split("\n").filter((line) => line.startsWith("BROKEN")) }),
    );
  });
}
