import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import { costOf } from "../../widget/format/withdrawal.ts";
import { cashierTexts } from "../../widget/i18n/cashier.ts";
import { depositTexts } from "../../widget/i18n/cashier-deposit.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { houseXpub, walletAddress } from "../support/chain/wallet.ts";
import { staffApi } from "../support/staff-api.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { complaintsOf, signIn } from "./page-support.ts";

test("what arrives is told by the server's own rule, to the minor unit", () => {
  const terms = { fee: { fixed: "1.00", percent: "0.5000", min: "2.00", max: "25.00" } };
  expect(["100.00", "300", "10000", "2.00", "0.001", "", "abc", "-5"].map((amount) => costOf(amount, terms))).toEqual([
    { fee: "2.00", arrives: "98.00" },
    { fee: "2.50", arrives: "297.50" },
    { fee: "25.00", arrives: "9975.00" },
    ...[null, null, null, null, null],
  ]);
});

test.each([
  ["withdrawal", cashierTexts],
  ["deposit", depositTexts],
])("every state and refusal of a %s has its words in both languages", (_name, texts) => {
  const { en, "zh-CN": zhCn } = texts;
  expect(Object.keys(zhCn.states)).toEqual(Object.keys(en.states));
  expect(Object.keys(zhCn.refusals)).toEqual(Object.keys(en.refusals));
  for (const [code, says] of Object.entries(zhCn.refusals))
    expect([code, /[\u4e00-\u9fff]/.test(says?.("1.00", "2.00") ?? "")]).toEqual([code, true]);
});

const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("the cashier of a live account", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-cashier-"));
  // Nothing listens there: an address is read without a node.
  const silentChain = {
    ...{ channel: "usdt-erc20", rpcUrl: "http://127.0.0.1:9", chainId: 1, decimals: 6, xpub: houseXpub },
    contract: "0xdAC17F958D2ee523a2206206994597C13D831ec7",
  };
  let truewick: RunningTruewick;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const settings = path.join(folder, "payments.json");
    const evm = [1, 2].map((tenantId) => ({ ...silentChain, tenantId }));
    writeFileSync(settings, JSON.stringify({ evm }));
    chmodSync(settings, 0o600);
    [truewick, browser] = await Promise.all([startTruewick({ PAYMENTS_FILE: settings }), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce", locale: "en-US" });
    page.setDefaultTimeout(20_000);
  });
  afterEach(() => page.close());

  const dialog = (): Locator => page.locator("truewick-cashier dialog");
  const open = async (language = "en", account?: string): Promise<void> => {
    const [trader] = truewick.credentials.traders;
    await page.goto(`${truewick.url}/demo/`);
    await page.evaluate(
      (locale) => document.querySelector("truewick-trader")?.setAttribute("locale", locale),
      language,
    );
    await signIn(page, trader);
    expect(await page.locator("truewick-header button.cashier").count()).toBe(0); // a demo account has none
    await page.locator("truewick-header select").selectOption(account ?? trader?.accountId ?? "");
    await page.locator("truewick-header button.cashier").click();
    await dialog().locator("[role=tab]#deposit[aria-selected=true]").press("ArrowRight");
    await dialog().locator("dd b").waitFor();
  };
  const says = (text: string): Promise<void> => dialog().locator("[role=status]").filter({ hasText: text }).waitFor();
  const staff = async (withdrawalId: string, command: string, body: object): Promise<void> => {
    const headers = { "content-type": "application/json", origin: truewick.url };
    const login = await fetch(`${truewick.url}/api/admin/session`, {
      ...{ method: "POST", headers, body: JSON.stringify(truewick.credentials.staff.finance) },
    });
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    const answer = await fetch(`${truewick.url}/api/admin/withdrawals/${withdrawalId}/commands/${command}`, {
      method: "POST",
      headers: { ...headers, cookie, "idempotency-key": randomUUID() },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };

  test("asks to be paid to a bank account, sees what staff decide, and takes a request back", async () => {
    const complaints = complaintsOf(page);
    await open();
    await dialog().getByText(cashierTexts.en.places.bank.none).waitFor();
    await dialog().locator(".place").click();
    await dialog().locator("[name=name]").fill("Ada Lovelace");
    await dialog().locator("[name=address]").fill("GB82 WEST 1234 5698 7654 33");
    await dialog().locator("form .primary").click();
    await says("its check digits are wrong");
    await dialog().locator("[name=address]").fill("GB82 WEST 1234 5698 7654 32");
    await dialog().locator("form .primary").click();
    await dialog().locator("option", { hasText: "GB82 WEST 1234 5698 7654 32" }).waitFor({ state: "attached" });

    await dialog().locator("[name=amount]").fill("0.01");
    await dialog().locator(".send").click();
    await says("The least withdrawal is");
    await dialog().locator("[name=amount]").fill("250");
    expect(await dialog().locator(".arrives").textContent()).toMatch(/^2\d\d\.\d\d\sUSD$/);
    await page.screenshot({ path: process.env.CASHIER_SCREENSHOT ?? `${truewick.dataDir}/cashier.png` });
    await dialog().locator(".send").click();
    await says("The money is held");
    const first = dialog().locator("li").filter({ hasText: "Being reviewed" });
    const id = (await first.getAttribute("data-withdrawal")) ?? "";

    await staff(id, "reject", { note: "Please send a copy of your passport." });
    const rejected = dialog().locator(`[data-withdrawal="${id}"]`);
    await rejected.filter({ hasText: "Rejected" }).filter({ hasText: "copy of your passport" }).waitFor();

    await dialog().locator("[name=amount]").fill("100");
    await dialog().locator(".send").click();
    await says("The money is held");
    await dialog().locator("button.back").click();
    await dialog().locator("li").filter({ hasText: "Taken back" }).waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    expect(complaints.filter((text) => !/422|409/.test(text))).toEqual([]);
  }, 90_000);

  test("asks once, though the answer was lost and the button is pressed again; in Chinese", async () => {
    await open("zh-CN");
    const before = await dialog().locator("li").count();
    await dialog().locator("[name=amount]").fill("120");
    let lost = 0;
    await page.route("**/api/trading/withdrawals", async (route) => {
      if (route.request().method() !== "POST" || lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      await route.abort();
    });
    await dialog().locator(".send").click();
    await says(cashierTexts["zh-CN"].noAnswer);
    await dialog().locator(".send").click();
    await says("款项已冻结");
    await dialog().locator("li").nth(before).waitFor();
    expect(await dialog().locator("li").count()).toBe(before + 1);
    await page.screenshot({ path: process.env.CASHIER_SCREENSHOT_ZH ?? `${truewick.dataDir}/cashier-zh.png` });
  }, 90_000);

  test("tells where a transfer goes and with which reference, on a phone in Chinese, and says when nothing is offered", async () => {
    const [trader] = truewick.credentials.traders;
    const { owner } = truewick.database;
    await open("zh-CN");
    await dialog().locator("#deposit").click();
    await dialog().getByText(depositTexts["zh-CN"].refusals.CHANNEL_CLOSED("", "")).waitFor();
    await owner("payment_channels")
      .where({ channel: "bank" })
      .update({ deposits_enabled: true, deposit_day_max_minor: 500_000 });
    const { tenant_id } = await owner("accounts").where({ id: trader?.accountId }).first("tenant_id");
    await owner("bank_accounts").insert({
      ...{
        tenant_id,
        holder: "Harbour Markets Ltd",
        iban: "DE89370400440532013000",
        bic: "COBADEFFXXX",
        currency: "USD",
      },
    });
    await page.setViewportSize({ width: 360, height: 780 });
    await page.locator("truewick-trader").evaluate((widget) => widget.setAttribute("theme", "dark"));
    await dialog().locator("button.show").click();
    await dialog().locator("code[data-copy=iban]", { hasText: "DE89370400440532013000" }).waitFor();
    const reference = await dialog().locator("code[data-copy=reference]").textContent();
    expect(reference).toMatch(/^DEP-[0-9A-Z]{8}$/);
    const stored = await owner("payment_references").where({ account_id: trader?.accountId }).first("reference");
    expect(stored.reference).toBe(reference);
    expect(await dialog().evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: process.env.CASHIER_SCREENSHOT_PHONE ?? `${truewick.dataDir}/cashier-phone.png` });

    const words = depositTexts["zh-CN"];
    await dialog().locator("[name=amount]").fill("75");
    await dialog().locator(".send").click();
    await says(words.announced);
    const deposit = await owner("deposits").where({ account_id: trader?.accountId, channel: "bank" }).first();
    await dialog().locator("code[data-copy=reference]", { hasText: deposit.reference }).waitFor();
    const receipt = dialog().locator(".row .proof input");
    await receipt.setInputFiles({ name: "notes.pdf", mimeType: "application/pdf", buffer: Buffer.from("<html>") });
    await says(words.refusals.FILE_TYPE_UNKNOWN?.("", "") ?? "");
    await receipt.setInputFiles({ name: "回单.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 x") });
    await says(words.proofAdded);
    await dialog()
      .locator(`[data-deposit="${deposit.id}"]`, { hasText: words.proofs(1) })
      .waitFor();
    expect(await owner("attachments").where({ object_id: deposit.id }).select("name")).toEqual([{ name: "回单.pdf" }]);
    expect(await dialog().evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: process.env.CASHIER_SCREENSHOT_PROOF ?? `${truewick.dataDir}/cashier-proof.png` });
  }, 90_000);

  test("keeps an address on a chain to be paid to, with its network named; a bank account has its own list", async () => {
    const [login] = truewick.credentials.traders;
    const { app } = truewick.database;
    for (const channel of ["bank", "usdt-erc20"])
      await app("payment_channels").insert({ channel, currency: "USDT", withdrawals_enabled: true });
    const trader = await app("traders").where({ email: login?.email }).first("id");
    const staff = await staffApi(truewick);
    const accountId = await staff.create("accounts", { traderId: trader.id, book: "live", currency: "USDT" });
    const words = cashierTexts["zh-CN"].places.wallet;
    await page.setViewportSize({ width: 360, height: 780 });
    await open("zh-CN", accountId);
    await dialog().locator("[name=channel]").selectOption("usdt-erc20");
    await dialog().getByText(words.none).waitFor();
    await dialog().getByRole("button", { name: words.add }).click();
    await dialog().locator(".warning", { hasText: "以太坊" }).waitFor();
    await dialog().locator("[name=name]").fill("Ada Lovelace");
    const address = walletAddress(7);
    await dialog().locator("[name=address]").fill(address.slice(0, -1));
    await dialog().locator("form .primary").click();
    await says(words.invalid);
    await page.screenshot({ path: process.env.CASHIER_SCREENSHOT_PLACE ?? `${truewick.dataDir}/cashier-place.png` });
    await dialog().locator("[name=address]").fill(address);
    await dialog().locator("form .primary").click();
    await dialog().locator("option", { hasText: address }).waitFor({ state: "attached" });
    await dialog().locator("code", { hasText: address }).waitFor(); // whole: its end is what one compares
    expect(await dialog().evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: process.env.CASHIER_SCREENSHOT_CHAIN ?? `${truewick.dataDir}/cashier-chain.png` });
    expect(await app("payout_targets").where({ trader_id: trader.id, address }).select("channel")).toEqual([
      { channel: "usdt-erc20" },
    ]);
    await dialog().locator("[name=channel]").selectOption("bank");
    await dialog().getByRole("button", { name: cashierTexts["zh-CN"].places.bank.add }).waitFor();
    expect(await dialog().locator("option", { hasText: address }).count()).toBe(0);
  }, 90_000);
});
