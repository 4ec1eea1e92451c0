import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { LoginReply, OrderAnswer } from "#contracts/trading-api.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type StaffApi, staffApi } from "../support/staff-api.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { order, orderStatus, pastDoubleClick, sideButton, signIn } from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;
/** On a Wednesday, while Chicago trades. */
const quotedAtMs = Date.parse("2024-01-10T18:00:00Z");

inBrowser("what may not be traded", () => {
  let truewick: RunningTruewick;
  let browser: Browser;
  let page: Page;
  let staff: StaffApi;
  let session: LoginReply;
  let folder: string;
  let tape: number;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "truewick-tape-"));
    // A pipe in the place of a price file: the replay waits at its end for the row that the test writes next.
    const pipe = path.join(folder, "tape.csv");
    execFileSync("mkfifo", [pipe]);
    tape = openSync(pipe, "r+");
    play("ts_ms,symbol,bid,ask,price,size");
    [truewick, browser] = await Promise.all([startTruewick({ FEED: `simulated,replay:${pipe}@MNQ` }), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
    page.setDefaultTimeout(20_000);
    const trader = truewick.credentials.traders[0];
    [staff, session] = await Promise.all([staffApi(truewick), logIn(truewick.url, trader)]);
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, trader);
  }, 120_000);

  afterAll(async () => {
    // The end of the tape first: a replay that waits for a row can't be stopped.
    closeSync(tape);
    await browser?.close();
    await truewick?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  /** Puts a row on the tape; the CSV reader looks some characters ahead, which empty lines give it. */
  const play = (row: string): void => {
    writeSync(tape, `${row}${"\n".repeat(16)}`);
  };

  const demoAccount = (): string => truewick.credentials.traders[0]?.demoAccountId ?? "";

  /** The server's own answer to an order, without the widget. */
  const refusalOf = async (instrument: string, side: "buy" | "sell"): Promise<string> => {
    const response = await fetch(`${truewick.url}/api/trading/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${session.accessToken}` },
      body: JSON.stringify({
        ...{
          clientOrderId: crypto.randomUUID(),
          accountId: demoAccount(),
          instrument,
          side,
          type: "market",
          lots: "1",
        },
      }),
    });
    const answer = (await response.json()) as Partial<Extract<OrderAnswer, { code: string }>>;
    return `${response.status} ${answer.code}`;
  };

  /** The words by the buttons, in both languages, and that the side can't be pressed. */
  const says = async (side: "buy" | "sell", words: Record<"en" | "zh-CN", string>): Promise<void> => {
    for (const locale of ["zh-CN", "en"] as const) {
      await page.locator("truewick-trader").evaluate((widget, value) => widget.setAttribute("locale", value), locale);
      await orderStatus(page).filter({ hasText: words[locale] }).waitFor();
    }
    expect(await sideButton(page, side).getAttribute("aria-disabled")).toBe("true");
  };
  const canPress = (side: "buy" | "sell"): Promise<void> =>
    sideButton(page, side).and(page.locator('[aria-disabled="false"]')).waitFor();
  const light = (words: string): Promise<void> => page.locator("truewick-header .light", { hasText: words }).waitFor();
  /** What was said of an order gives way to the reasons. */
  const forgetOrder = async (): Promise<void> => {
    for (const instrument of ["MGC", "MES"])
      await page.locator("truewick-trader").evaluate((widget, id) => widget.setAttribute("instrument", id), instrument);
  };

  test("an instrument that the operator halts, or lets only be closed", async () => {
    await order(page, "buy");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    await forgetOrder();
    const mode = (tradeMode: string): Promise<void> =>
      staff.command("instruments/MES", "set-trade-mode", { tradeMode, reason: "A test" });
    await mode("halted");
    await says("sell", { en: "Trading in this instrument is halted.", "zh-CN": "该合约已暂停交易。" });
    await light("halted");
    expect(await refusalOf("MES", "sell")).toBe("422 INSTRUMENT_HALTED");
    await mode("close-only");
    await says("buy", { en: "Only closing is allowed in this instrument.", "zh-CN": "该合约目前只允许平仓。" });
    await canPress("sell");
    expect(await refusalOf("MES", "buy")).toBe("422 CLOSE_ONLY");
    await mode("full");
    await canPress("buy");
  }, 90_000);

  test("an account that may only close, or is disabled", async () => {
    const state = (to: string): Promise<void> =>
      staff.command(`accounts/${demoAccount()}`, "set-state", { state: to, reason: "A test" });
    await state("close-only");
    await says("buy", { en: "This account may only close positions.", "zh-CN": "该账户只可平仓。" });
    await canPress("sell");
    expect(await refusalOf("MES", "buy")).toBe("422 CLOSE_ONLY");
    await state("disabled");
    await says("sell", { en: "This account is disabled.", "zh-CN": "该账户已停用" });
    expect(await refusalOf("MES", "sell")).toBe("422 ACCOUNT_DISABLED");
    await state("active");
    await canPress("buy");
    await page.locator("truewick-desk tbody [data-command=close]").click();
    await pastDoubleClick(page);
    await page.locator("truewick-desk tbody [data-command=close].sure").click();
    await page.locator("truewick-desk .empty").waitFor();
  }, 90_000);

  test("a price that has grown old", async () => {
    await page.locator("truewick-trader").evaluate((widget) => widget.setAttribute("instrument", "MNQ"));
    play(`${quotedAtMs},MNQ,16800.00,16800.25,,`);
    await canPress("buy");
    await says("buy", { en: "The price is stale.", "zh-CN": "报价已过期" });
    await light("prices stale");
    expect(await refusalOf("MNQ", "buy")).toBe("422 QUOTE_STALE");
  }, 90_000);
});

async function logIn(url: string, trader: { email: string; password: string } | undefined): Promise<LoginReply> {
  const response = await fetch(`${url}/api/trading/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: trader?.email, password: trader?.password }),
  });
  return (await response.json()) as LoginReply;
}
