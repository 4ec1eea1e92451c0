import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { verifyReceipt } from "#core/verify-receipt.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { nodeCrypto } from "../support/proofs.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { order, signIn } from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("the proof of a fill in a browser", () => {
  let truewick: RunningTruewick;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [truewick, browser] = await Promise.all([startTruewick({ SEAL_SECONDS: "1" }), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
  }, 30_000);
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
  });
  afterEach(() => context.close());

  const proof = (): Locator => page.locator("truewick-fill-proof dialog");

  /** Buys one, and opens the proof of it once its quotes are sealed. */
  async function openProof(trader: number, locale = "en"): Promise<void> {
    await page.goto(`${truewick.url}/demo/`);
    await page.locator("truewick-trader").evaluate((widget, to) => widget.setAttribute("locale", to), locale);
    await signIn(page, truewick.credentials.traders[trader]);
    await order(page, "buy");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    await page.locator("truewick-desk #tab-fills").click();
    await page.locator("truewick-desk button[data-verify]").first().click();
    await proof().waitFor();
    // Not sealed yet is an answer too: the button asks again.
    const again = proof().locator(".actions button", { hasText: /Try again|重试/ });
    for (let done = false; !done; ) {
      await proof().locator(".download").or(again).waitFor();
      done = (await again.count()) === 0;
      if (!done) await again.click();
    }
  }

  test("says in words what is proved, checked by the browser's own crypto; the download is the receipt letter by letter", async () => {
    await openProof(0);
    expect(await proof().locator(".sum").textContent()).toBe(
      "✓ Genuine as far as a receipt can show. Checked by your own browser.",
    );
    expect(await proof().locator("li.proved").count()).toBe(7);
    expect(await proof().locator("li.broken").count()).toBe(0);
    expect(await proof().locator("li.open").first().textContent()).toContain("it is a simulated one");
    const [download] = await Promise.all([page.waitForEvent("download"), proof().locator(".download").click()]);
    const text = readFileSync(await download.path(), "utf8");
    expect((await verifyReceipt(text, nodeCrypto)).holds).toBe(true);
    await page.screenshot({ path: process.env.PROOF_SCREENSHOT ?? `${truewick.dataDir}/proof.png` });
    await page.keyboard.press("Escape");
    await proof().waitFor({ state: "detached" });
  }, 90_000);

  test("speaks Chinese", async () => {
    await openProof(1, "zh-CN");
    expect(await proof().locator(".sum").textContent()).toContain("由您自己的浏览器核验");
    expect(await proof().locator("h2").textContent()).toBe("核验这笔成交");
  }, 90_000);

  test("says that something is wrong when a figure was changed on the way", async () => {
    await page.route("**/receipt", async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      await route.fulfill({ response, body: text.replace(/"fee": "\d/, '"fee": "9') });
    });
    await openProof(2);
    expect(await proof().locator(".sum.bad").textContent()).toContain("Do not rely on this fill");
    expect(await proof().locator("li.broken").allTextContents()).toEqual([
      expect.stringContaining("Nothing was changed since key"),
      expect.stringContaining("The fee 9"),
    ]);
  }, 90_000);

  test("says plainly when the browser cannot check signatures, and offers the download", async () => {
    await page.addInitScript(() => {
      SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"));
    });
    await openProof(3);
    expect(await proof().textContent()).toContain("This browser cannot check signatures");
    expect(await proof().locator(".download").count()).toBe(1);
    expect(await proof().locator("li").count()).toBe(0);
  }, 90_000);
});
