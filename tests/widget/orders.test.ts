import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { complaintsOf, order, orderStatus, pastDoubleClick, sideButton, signIn } from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("orders that wait and positions that are protected", () => {
  let truewick: RunningTruewick;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [truewick, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
  }, 30_000);

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce", locale: "en-US" });
    page.setDefaultTimeout(20_000);
  });
  afterEach(() => page.close());

  const open = async (trader: number): Promise<void> => {
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, truewick.credentials.traders[trader]);
  };
  const tag = (kind: string): Locator => page.locator(`truewick-chart-lines [data-line=${kind}]`);
  const slider = (kind: string): Locator => tag(kind).locator("[role=slider]");
  const priceOf = async (kind: string): Promise<number> => Number(await slider(kind).getAttribute("aria-valuenow"));
  const send = (kind: string): Promise<void> => tag(kind).locator("[data-do=send]").click();
  /** A button that asks once more. */
  const pressTwice = async (button: Locator): Promise<void> => {
    await button.click();
    await pastDoubleClick(page);
    await button.click();
  };
  const waitForPrice = (kind: string, price: number): Promise<void> =>
    tag(kind).locator(`[aria-valuenow="${price}"][aria-busy=false]`).waitFor();
  const isSent = (kind: string): Promise<void> =>
    tag(kind)
      .filter({ has: page.locator("[data-do=remove]") })
      .locator("[aria-busy=false]")
      .waitFor();

  test("a limit order is placed by keys alone, its line is dragged, and it is cancelled", async () => {
    const complaints = complaintsOf(page);
    await open(0);
    await page.locator("truewick-ticket input[value=market]").focus();
    await page.keyboard.press("ArrowRight");
    const price = page.locator("truewick-ticket #limitPrice");
    await price.waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    for (let turn = 0; turn < 6; turn += 1) await page.keyboard.press("Shift+ArrowDown");
    const typed = Number(await price.inputValue());
    await sideButton(page, "buy").focus();
    await page.keyboard.press("b");
    await page.locator("truewick-trade-buttons button.confirm.buy").waitFor();
    await pastDoubleClick(page);
    await page.keyboard.press("Enter");
    await orderStatus(page).filter({ hasText: "Limit order is working at" }).waitFor();
    await waitForPrice("limit", typed);

    const box = await slider("limit").boundingBox();
    if (!box) throw new Error("the line has no tag");
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y - 20, { steps: 4 });
    await page.mouse.up();
    const dragged = await priceOf("limit");
    expect(dragged).toBeGreaterThan(typed);
    expect((dragged * 100) % 25).toBe(0);
    await send("limit");
    await isSent("limit");
    expect(await priceOf("limit")).toBe(dragged);

    await page.locator("truewick-desk #tab-orders").click();
    const row = page.locator("truewick-desk .working tbody tr");
    const shown = await row.locator(".limitPrice button").textContent();
    expect(shown?.replace(/[^\d.]/g, "")).toBe(dragged.toFixed(2));
    await row.locator("[data-command=cancel]").click();
    await row.waitFor({ state: "detached" });
    expect(await page.locator("truewick-desk tbody").textContent()).toContain("by you");
    expect(complaints).toEqual([]);
  }, 90_000);

  test("a bracket is set by button, moved by keys and by drag, and tells its money", async () => {
    await open(1);
    await order(page, "buy");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    for (const kind of ["takeProfit", "stopLoss"] as const) {
      await tag("average").locator(`[data-do=add-${kind}]`).click();
      await page.keyboard.press("Enter");
      await isSent(kind);
    }
    const [stop, profit] = [await priceOf("stopLoss"), await priceOf("takeProfit")];
    await slider("stopLoss").focus();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("ArrowUp");
    const average = await page.locator("truewick-desk tbody td").nth(3).textContent();
    const loss = ((stop - 2.25 - Number(average?.replace(",", ""))) * 5).toFixed(2).replace("-", "−");
    expect(await slider("stopLoss").getAttribute("aria-valuetext")).toContain(`${loss}\u00a0USD`);
    await page.keyboard.press("Escape");
    expect(await priceOf("stopLoss")).toBe(stop);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await isSent("stopLoss");
    expect(await priceOf("stopLoss")).toBe(stop - 0.25);

    const box = await slider("takeProfit").boundingBox();
    if (!box) throw new Error("the line has no tag");
    await page.mouse.move(box.x + 10, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + 10, box.y - 12, { steps: 3 });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    expect(await priceOf("takeProfit")).toBe(profit);
  }, 90_000);

  test("a change that the server refuses goes back, with the reason", async () => {
    await open(1);
    await slider("stopLoss").waitFor();
    const before = await priceOf("stopLoss");
    await slider("stopLoss").focus();
    for (let turn = 0; turn < 20; turn += 1) await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Enter");
    const refusal = page.locator("truewick-chart-lines .refused p");
    await refusal.waitFor();
    expect(await refusal.textContent()).toContain("would trigger at once");
    expect(await priceOf("stopLoss")).toBe(before);
  }, 60_000);

  test("a position is turned, then everything is closed", async () => {
    await open(2);
    await order(page, "buy");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    await pressTwice(page.locator("truewick-desk [data-command=reverse]"));
    await page.locator("truewick-desk td.side", { hasText: "Short" }).waitFor();
    await pressTwice(page.locator("truewick-desk [data-command=flatten]"));
    await page.locator("truewick-desk .note .ok").waitFor();
    await page.locator("truewick-desk .empty").waitFor();
    expect(await page.locator("truewick-desk .note").textContent()).toContain("Positions closed: 1.");
  }, 60_000);

  test("the ticket tells the most lots now and what binds them, as the server has it, and takes them", async () => {
    const asked = page.waitForResponse((response) => response.url().includes("/api/trading/capacity"));
    await open(3);
    const reply = await asked;
    const { buy } = (await reply.json()) as { buy: { maxLots: string } };
    const most = page.locator("truewick-ticket .most");
    await most.locator(".most-buy", { hasText: `Buy ${buy.maxLots}` }).click();
    expect(await page.locator("truewick-ticket #lots").inputValue()).toBe(buy.maxLots);
    expect(await most.textContent()).toMatch(/max now.*bound by the limit per order/s);
  }, 60_000);

  test("a refusal stands at the field it is for, until that is changed", async () => {
    await open(3);
    // So small that the money would do for more than the limit of 20 lots an order, which the ticket is not told of.
    await page.locator("truewick-trader").evaluate((widget) => widget.setAttribute("instrument", "M6E"));
    await sideButton(page, "buy").filter({ hasText: "1." }).and(page.locator('[aria-disabled="false"]')).waitFor();
    const lots = page.locator("truewick-ticket #lots");
    await lots.fill("21");
    await lots.press("Enter");
    await order(page, "buy");
    const fault = page.locator("truewick-ticket #lots-fault");
    await fault.waitFor();
    expect(await fault.textContent()).toMatch(/21 lots in one order; your limit is 20/);
    expect([await lots.getAttribute("aria-invalid"), await lots.getAttribute("aria-describedby")]).toEqual([
      "true",
      "lots-fault",
    ]);
    await lots.press("ArrowDown");
    await fault.waitFor({ state: "detached" });
    expect(await lots.getAttribute("aria-invalid")).toBe("false");
  }, 60_000);

  test("on a phone nothing lies beyond the edge", async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    await open(1);
    await page.locator("truewick-trader button.handle").click();
    await page.locator("truewick-ticket input[value=stop-limit]").check({ force: true });
    await page.locator("truewick-ticket #stopPrice").waitFor();
    const wide = await page.evaluate(() => {
      const trader = document.querySelector("truewick-trader")?.shadowRoot;
      const parts = ["truewick-ticket", "truewick-desk"].map((name) => trader?.querySelector(name)?.shadowRoot);
      const inner = parts.flatMap((part) => [...(part?.querySelectorAll("button, input, select, td") ?? [])]);
      return inner.filter((one) => one.getBoundingClientRect().right > 361).map((one) => one.className || one.tagName);
    });
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }, 60_000);
});
