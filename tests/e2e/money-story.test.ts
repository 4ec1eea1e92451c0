import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { verifyBooks } from "../../server/capabilities/ledger/index.ts";
import { deskOf, logIn } from "../admin/support/back-office.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { merchant, type PaymentGateway, paymentGateway } from "../support/payment-gateway.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { order, signIn } from "../widget/page-support.ts";

/** A trader pays in at the gateway's page, trades, and asks to be paid; two different people of the house agree, and he is paid. */
const timeoutMs = 180_000;
const withBrowser = chromiumPath === null ? test.skip : test;

let peer: PaymentGateway;
let folder: string;
let truewick: RunningTruewick;
let browser: Browser;

beforeAll(async () => {
  if (chromiumPath === null) return;
  peer = await paymentGateway(() => Date.now());
  folder = mkdtempSync(path.join(os.tmpdir(), "truewick-payments-"));
  const settings = path.join(folder, "payments.json");
  // The partners of the demo are the first two of an installation.
  const account = { ...merchant, tenantId: 1, payUrl: peer.payUrl, queryUrl: peer.queryUrl };
  writeFileSync(settings, JSON.stringify({ gateway: [account] }));
  chmodSync(settings, 0o600);
  truewick = await startTruewick({ PAYMENTS_FILE: settings });
  browser = await launchBrowser();
}, timeoutMs);

afterAll(async () => {
  await browser?.close();
  await truewick?.stop();
  await peer?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, timeoutMs);

withBrowser(
  "money comes in, is traded with, and goes out after two different people said so",
  async () => {
    expect(truewick.credentials.partners[0]?.id).toBe(1);
    await offerChannels();
    const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    const page = await openAccount(context);
    const before = await balanceOf();
    await payIn(context, page, "500");
    const paidIn = await balanceOf();
    expect(paidIn - before).toBe(50_000n);
    await page.locator("truewick-trader").evaluate((widget) => widget.setAttribute("instrument", "M6E"));
    await page.locator("truewick-ticket .pair").getByText("1.").first().waitFor();
    await order(page, "buy");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    await order(page, "sell");
    await page.locator("truewick-desk .empty").waitFor();

    const id = await askToBePaid(page, "300");
    await review(id, "finance");
    await reviewAgain(id, "finance");
    await review(id, "risk");
    await payOut(id);
    await cashier(page).locator(`[data-withdrawal="${id}"]`).filter({ hasText: "Arrived" }).waitFor();
    await page.screenshot({ path: process.env.MONEY_SCREENSHOT ?? `${truewick.dataDir}/money.png` });
    await context.close();
    expect(await verifyBooks(truewick.database.owner)).toEqual([]);
    const stored = await truewick.database.owner("withdrawals").where({ id }).first("review_1_by_id", "review_2_by_id");
    expect(stored.review_1_by_id).not.toBe(stored.review_2_by_id);
    expect(peer.asked.length).toBeGreaterThan(0);
  },
  timeoutMs,
);

/** What the operator sets before: the gateway takes deposits, the bank pays out at once, above 100.00 with four eyes. */
async function offerChannels(): Promise<void> {
  const desk = await deskOf(browser, truewick);
  await logIn(desk, truewick, "admin");
  const answers = await desk.page.evaluate(async () => {
    const at = "/api/admin/payment-channels";
    const headers = { "content-type": "application/json" };
    const [bank] = await (await fetch(`${at}?filter=${encodeURIComponent('{"channel":"bank"}')}`)).json();
    const changed = JSON.stringify({ ...bank, coolingHours: 0, fourEyesAbove: "100.00" });
    const changing = await fetch(`${at}/${bank.id}`, { method: "PUT", headers, body: changed });
    const wanted = {
      channel: "gateway",
      currency: "USD",
      depositsEnabled: true,
      withdrawalsEnabled: false,
      least: "10.00",
    };
    const made = await fetch(at, { method: "POST", headers, body: JSON.stringify(wanted) });
    return Promise.all([changing, made].map(async (answer) => [answer.status, await answer.text()] as const));
  });
  expect(answers.map(([status]) => status)).toEqual([200, 201]);
  await desk.context.close();
}

const cashier = (page: Page): Locator => page.locator("truewick-cashier dialog");

async function openAccount(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const [trader] = truewick.credentials.traders;
  await page.goto(`${truewick.url}/demo/`);
  await signIn(page, trader);
  await page.locator("truewick-header select").selectOption(trader?.accountId ?? "");
  return page;
}

/** Booked money of the trader's live account, in minor units. */
async function balanceOf(): Promise<bigint> {
  const row = await truewick.database
    .owner("accounts as a")
    .join("balances as b", "b.ledger_account_id", "a.ledger_account_id")
    .where("a.id", truewick.credentials.traders[0]?.accountId)
    .first("b.posted");
  return row.posted;
}

async function payIn(context: BrowserContext, page: Page, amount: string): Promise<void> {
  await page.locator("truewick-header button.cashier").click();
  await cashier(page).locator("select[name=channel]").selectOption("gateway");
  await cashier(page).locator("[name=amount]").fill(amount);
  await cashier(page).locator(".send").click();
  const opening = context.waitForEvent("page");
  await cashier(page).locator("a.pay:not(.small)").click();
  const gateway = await opening;
  await gateway.getByRole("button", { name: `Pay ${amount}.00 USD` }).click();
  await gateway.waitForURL(`${truewick.url}/**`);
  await gateway.close();
  await cashier(page).locator("[data-deposit]").filter({ hasText: "Credited" }).waitFor();
  await page.keyboard.press("Escape");
}

async function askToBePaid(page: Page, amount: string): Promise<string> {
  await page.locator("truewick-header button.cashier").click();
  await cashier(page).getByRole("tab", { name: "Withdraw" }).click();
  await cashier(page).locator(".place").click();
  await cashier(page).locator("[name=name]").fill("Ada Lovelace");
  await cashier(page).locator("[name=address]").fill("GB82 WEST 1234 5698 7654 32");
  await cashier(page).locator("form .primary").click();
  await cashier(page).locator("[name=amount]").fill(amount);
  await cashier(page).locator(".send").click();
  await cashier(page).locator("[role=status]").filter({ hasText: "two people look at it" }).waitFor();
  return (await cashier(page).locator("[data-withdrawal]").first().getAttribute("data-withdrawal")) ?? "";
}

/** A person finds it in the queue and approves it. */
async function review(id: string, who: "finance" | "risk"): Promise<void> {
  const desk = await deskOf(browser, truewick);
  await logIn(desk, truewick, who);
  await desk.open("/queue/withdrawals");
  await desk.page.getByRole("heading", { name: "300.00" }).first().waitFor();
  await desk.page.keyboard.press("a");
  const panel = desk.page.getByRole("dialog");
  await panel.locator("button[type=submit]").press("Enter");
  await panel.waitFor({ state: "detached" });
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  await desk.context.close();
}

/** The same person once more: refused, and it still waits for somebody else. */
async function reviewAgain(id: string, who: "finance"): Promise<void> {
  const desk = await deskOf(browser, truewick);
  await logIn(desk, truewick, who);
  await desk.open(`/withdrawals/${id}/show`);
  await desk.page.getByRole("button", { name: "Approve" }).click();
  await desk.page.getByRole("dialog").locator("button[type=submit]").click();
  await desk.page.getByText("a second person must").first().waitFor();
  const { state } = await truewick.database.owner("withdrawals").where({ id }).first("state");
  expect(state).toBe("in-review");
  await desk.context.close();
}

/** Finance marks it as sent with the bank's reference, and as arrived. */
async function payOut(id: string): Promise<void> {
  const desk = await deskOf(browser, truewick);
  await logIn(desk, truewick, "finance");
  await desk.open(`/withdrawals/${id}/show`);
  const panel = desk.page.getByRole("dialog");
  await desk.page.getByRole("button", { name: "Mark as sent" }).click();
  await panel.locator("input").first().fill("BANK-REF-1");
  await panel.locator("button[type=submit]").click();
  await desk.page.getByRole("button", { name: "Confirm arrival" }).click();
  await panel.locator("button[type=submit]").click();
  await panel.waitFor({ state: "detached" });
  await desk.context.close();
}
