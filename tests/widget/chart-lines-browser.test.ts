import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { type Desk, deskOf, isSent, priceOf, pull, seen, slider, tag } from "./line-support.ts";
import { complaintsOf, order, signIn } from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

inBrowser("lines on the chart, in a browser", () => {
  let truewick: RunningTruewick;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [truewick, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
  }, 30_000);
  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: "reduce",
      bypassCSP: true,
    });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
  });
  afterEach(() => context.close());

  /** The widget on hours, whose candles leave room around the market. */
  const open = async (index: number): Promise<Desk> => {
    const trader = truewick.credentials.traders[index];
    await page.goto(`${truewick.url}/demo/`);
    await page.locator("truewick-trader").evaluate((widget) => widget.setAttribute("interval", "1h"));
    await signIn(page, trader);
    return deskOf(truewick, trader);
  };

  /** A position on the side whose take profit has more room in the plot; `up` is that side's direction on the screen. */
  const hold = async (): Promise<{ readonly isLong: boolean; readonly up: 1 | -1 }> => {
    const { bid, ask, min, max } = await seen(page);
    const isLong = max - ask >= bid - min;
    await order(page, isLong ? "buy" : "sell");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    await tag(page, "average").waitFor();
    return { isLong, up: isLong ? -1 : 1 };
  };

  test("a limit order's line is pulled, and the order has its price at the server", async () => {
    const complaints = complaintsOf(page);
    const desk = await open(0);
    const { bid, ask, min, max } = await seen(page);
    const isSell = max - ask >= bid - min;
    const limitPrice = (isSell ? Math.round(ask + (max - ask) / 3) : Math.round(bid - (bid - min) / 3)).toFixed(2);
    const { id } = await desk.place({ side: isSell ? "sell" : "buy", type: "limit", limitPrice });
    // Only the widget that placed an order hears of it at once.
    await open(0);
    await slider(page, "limit").waitFor();
    await pull(page, slider(page, "limit"), isSell ? -24 : 24);
    const pulled = Number(await priceOf(page, "limit"));
    expect(Math.sign(pulled - Number(limitPrice))).toBe(isSell ? 1 : -1);
    expect(pulled * 4).toBe(Math.round(pulled * 4));
    await page.mouse.up();
    expect((await desk.order(id)).limitPrice).toBe(limitPrice);
    await tag(page, "limit").locator("[data-do=send]").click();
    await until(
      () => desk.order(id),
      (now) => now.limitPrice === pulled.toFixed(2),
    );
    await isSent(page, "limit");
    expect(Number(await priceOf(page, "limit"))).toBe(pulled);
    expect(complaints).toEqual([]);
  }, 90_000);

  test("a take profit is pulled from the position, tells its money, and stands at the server", async () => {
    const desk = await open(1);
    const { isLong, up } = await hold();
    await pull(page, tag(page, "average").locator("[data-do=add-takeProfit]"), up * 40);
    await page.mouse.up();
    const price = Number(await priceOf(page, "takeProfit"));
    const { averagePrice } = (await desk.position()) ?? { averagePrice: "" };
    // One lot of MES is 5 USD a point; the average of a single fill is its price.
    const points = isLong ? price - Number(averagePrice) : Number(averagePrice) - price;
    expect(points).toBeGreaterThan(0);
    expect(await slider(page, "takeProfit").getAttribute("aria-valuetext")).toContain(`+${(points * 5).toFixed(2)}`);
    await tag(page, "takeProfit").locator("[data-do=send]").click();
    await until(desk.position, (now) => Number(now?.takeProfitPrice) === price);
  }, 90_000);

  test("a stop loss is added, moved, sent and removed by keys alone", async () => {
    const desk = await open(2);
    await hold();
    await tag(page, "average").locator("[data-do=add-stopLoss]").focus();
    await page.keyboard.press("Enter");
    await slider(page, "stopLoss").and(page.locator(":focus")).waitFor();
    const begun = Number(await priceOf(page, "stopLoss"));
    await page.keyboard.press("ArrowUp");
    expect(Number(await priceOf(page, "stopLoss"))).toBe(begun + 0.25);
    await page.keyboard.press("Shift+ArrowDown");
    expect(Number(await priceOf(page, "stopLoss"))).toBe(begun - 2.25);
    await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Enter");
    await until(desk.position, (now) => Number(now?.stopLossPrice) === begun + 0.25);
    await isSent(page, "stopLoss");
    await slider(page, "stopLoss").focus();
    await page.keyboard.press("Delete");
    await until(desk.position, (now) => now?.stopLossPrice === null);
    await slider(page, "stopLoss").waitFor({ state: "detached" });
  }, 90_000);

  test("Escape takes a pull back, and a refused one goes back with the reason", async () => {
    const desk = await open(3);
    const { up } = await hold();
    await pull(page, tag(page, "average").locator("[data-do=add-takeProfit]"), up * 40);
    await page.mouse.up();
    await tag(page, "takeProfit").locator("[data-do=send]").click();
    await isSent(page, "takeProfit");
    const stands = await priceOf(page, "takeProfit");

    await pull(page, slider(page, "takeProfit"), up * 20);
    expect(await priceOf(page, "takeProfit")).not.toBe(stands);
    await page.keyboard.press("Escape");
    expect(await priceOf(page, "takeProfit")).toBe(stands);
    await page.mouse.up();
    expect(await tag(page, "takeProfit").locator("[data-do=send]").count()).toBe(0);

    // To the other side of the market, where a take profit would fill at once at a loss.
    await pull(page, slider(page, "takeProfit"), -up * 70);
    await page.mouse.up();
    await tag(page, "takeProfit").locator("[data-do=send]").click();
    await page.locator("truewick-chart-lines .refused p").waitFor();
    expect(await page.locator("truewick-chart-lines .refused p").textContent()).toMatch(/^✕ Refused: .{10,}/);
    expect(await priceOf(page, "takeProfit")).toBe(stands);
    expect(Number((await desk.position())?.takeProfitPrice)).toBe(Number(stands));
  }, 90_000);

  test("have no serious accessibility fault, nor do they leave a phone's plot", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(4);
    await hold();
    await page.addScriptTag({ content: readFileSync(axePath, "utf8") });
    const serious = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: (on: string) => Promise<AxeResults> } };
      const { violations } = await axe.run("truewick-trader");
      return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id);
    });
    expect(serious).toEqual([]);
    const plot = await page.locator("truewick-chart .plot").boundingBox();
    const label = await tag(page, "average").boundingBox();
    expect(label && plot && label.x >= plot.x && label.x + label.width <= plot.x + plot.width).toBe(true);
  }, 90_000);
});

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly impact: string }[];
}
