import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { BarsReply, WireBar } from "#contracts/trading-api.ts";
import { subtract } from "../../widget/format/decimal.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { candles, sideButton, signIn } from "./page-support.ts";

const dragMs = 60_000;
const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("a guest", () => {
  let truewick: RunningTruewick;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [truewick, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  }, 120_000);

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-US", timezoneId: "Asia/Tokyo" });
    page.setDefaultTimeout(20_000);
  });

  afterEach(() => page.close());

  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
  }, 30_000);

  const open = async (attributes: Record<string, string> = {}): Promise<void> => {
    await page.addInitScript((given) => {
      document.addEventListener("DOMContentLoaded", () => {
        const widget = document.querySelector("truewick-trader");
        for (const [name, value] of Object.entries(given)) widget?.setAttribute(name, value);
      });
    }, attributes);
    await page.goto(`${truewick.url}/demo/`);
    await candles(page).first().waitFor({ state: "attached" });
    await page.locator("truewick-header .light", { hasText: /live|实时/ }).waitFor();
  };

  const bars = async (query: string): Promise<BarsReply> =>
    (await fetch(`${truewick.url}/api/trading/bars?${query}`)).json() as Promise<BarsReply>;

  test.each([1280, 900, 600, 480, 360])(
    "%i px wide sees candles and prices, and nothing moves when he signs in",
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await open();
      await page.locator("truewick-login").waitFor();
      expect(await sideButton(page, "buy").getAttribute("aria-disabled")).toBe("true");
      const before = await placesOf(page);
      await signIn(page, truewick.credentials.traders[0]);
      await page.locator("truewick-login").waitFor({ state: "detached" });
      expect(await placesOf(page)).toEqual(before);
    },
    60_000,
  );

  test("drags back into older bars: as many as the server has, none twice and none left out", async () => {
    let older = 0;
    page.on("response", (response) => {
      if (/\/bars\?.*interval=1m.*&to=/.test(response.url())) older += 1;
    });
    await open();
    const plot = await page.locator("truewick-chart .canvas").boundingBox();
    if (!plot) throw new Error("the chart has no room");
    // A slow machine needs more drags, since those that come while older bars are awaited move nothing.
    const begun = Date.now();
    for (let drag = 0; older < 2; drag += 1) {
      if (Date.now() - begun > dragMs) throw new Error(`${older} requests for older bars after ${drag} drags`);
      await page.mouse.move(plot.x + 40, plot.y + 120);
      await page.mouse.down();
      await page.mouse.move(plot.x + plot.width - 100, plot.y + 120, { steps: 4 });
      await page.mouse.up();
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    }
    await page.waitForFunction(() => {
      const chart = document.querySelector("truewick-trader")?.shadowRoot?.querySelector("truewick-chart");
      return ((chart as unknown as { source: { bars: unknown[] } }).source.bars.length ?? 0) >= 1_300;
    });
    const shown = await page.locator("truewick-chart").evaluate((chart) => {
      const { source } = chart as unknown as { source: { bars: readonly WireBar[] } };
      return source.bars.map(([openedAt]) => openedAt);
    });
    const known = (await bars("instrument=MES&interval=1m&limit=5000")).bars.map(([openedAt]) => openedAt);
    const common = Math.min(shown.at(-2) ?? 0, known.at(-1) ?? 0);
    const upTo = (times: readonly number[]) => times.filter((at) => at >= (shown[0] ?? 0) && at <= common);
    expect(upTo(shown)).toEqual(upTo(known));
    expect(await page.locator("truewick-chart .highcharts-xaxis-labels text").count()).toBeGreaterThan(2);
  }, 120_000);

  test("sees the change since the close of the trade date before, to the digit", async () => {
    await open({ instrument: "BTCUSDT" });
    await page.locator("truewick-header .price .figure").nth(1).waitFor();
    const text = await page.locator("truewick-header .price").innerText();
    const [price = "", points = ""] =
      text
        .replaceAll(",", "")
        .replaceAll("−", "-")
        .match(/[-+]?\d+\.\d+/g) ?? [];
    const days = await bars("instrument=BTCUSDT&interval=1d&limit=3");
    const before = (days.forming ? days.bars.at(-1) : days.bars.at(-2)) as WireBar;
    expect(subtract(price, points.replace("+", ""))).toBe(before[4].toFixed(1));
  }, 60_000);

  test("reads long prices beside the candles, neither over the other", async () => {
    await open({ instrument: "BTCUSDT" });
    const [bid, ask] = await Promise.all(["bid", "ask"].map((side) => boxOf(page, `.truewick-${side}-tag`)));
    if (!bid || !ask) throw new Error("no price tags");
    expect(ask.y + ask.height).toBeLessThanOrEqual(bid.y + 0.5);
    const rightmost = await candles(page).evaluateAll((paths) =>
      Math.max(...paths.map((path) => path.getBoundingClientRect().right)),
    );
    expect(rightmost).toBeLessThan(Math.min(bid.x, ask.x));
    const canvas = await page.locator("truewick-chart .canvas").boundingBox();
    expect(Math.max(bid.x + bid.width, ask.x + ask.width)).toBeLessThanOrEqual((canvas?.x ?? 0) + (canvas?.width ?? 0));
  }, 60_000);

  test.each([
    ["en", "4h", /^[A-Z][a-z]{2} \d{1,2}$/],
    ["en", "1d", /^[A-Z][a-z]{2} \d{1,2}$/],
    ["zh-CN", "1d", /^\d{1,2}月\d{1,2}日$/],
    ["en", "5m", /^(\d\d:\d\d|[A-Z][a-z]{2} \d{1,2})$/],
  ])(
    "reads the time axis in %s of %s bars",
    async (locale, interval, words) => {
      await open({ locale, interval });
      const labels = await page.locator("truewick-chart .highcharts-xaxis-labels text").allTextContents();
      expect(labels.length).toBeGreaterThan(2);
      for (const label of labels) expect(label).toMatch(words);
      expect(new Set(labels).size).toBe(labels.length);
    },
    60_000,
  );
});

/** Where the parts stand that are there for guest and trader alike. */
async function placesOf(page: Page): Promise<Record<string, unknown>> {
  const places: Record<string, unknown> = {};
  for (const part of ["truewick-header", "truewick-chart .canvas", "truewick-trade-buttons .pair"]) {
    const box = await page.locator(part).boundingBox();
    places[part] = box && Object.values(box).map(Math.round);
  }
  return places;
}

const boxOf = async (page: Page, selector: string) => page.locator(`truewick-chart ${selector}`).boundingBox();
