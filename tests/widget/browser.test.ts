import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, BrowserContext, Page, WebSocket } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type PartnerSite, servePartnerPage } from "../support/partner-site.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import {
  candles,
  coloursOf,
  complaintsOf,
  order,
  orderStatus,
  pastDoubleClick,
  sideButton,
  signIn,
} from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

inBrowser("the widget in a browser", () => {
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
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
  });
  afterEach(() => context.close());

  /** The partner's page on the origin that is registered for him, under his own content policy. */
  const partnerPage = async (options: { csp?: string } = {}): Promise<PartnerSite> => {
    const port = Number(new URL(truewick.credentials.partners[0]?.origin ?? "").port);
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A partner</title>
      <script type="module" src="${truewick.url}/widget/v1/truewick.js"></script></head>
      <body><truewick-trader instrument="MES"></truewick-trader></body></html>`;
    return servePartnerPage({ html, port, ...options });
  };

  test("draws candles in their colours, not in black", async () => {
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, truewick.credentials.traders[0]);
    const colours = await coloursOf(page.locator("truewick-chart .canvas"));
    expect(colours.black / colours.total).toBeLessThan(0.02);
    expect(colours.up).toBeGreaterThan(200);
    expect(colours.down).toBeGreaterThan(200);
    expect(await page.locator("truewick-chart .highcharts-credits").textContent()).toBe("Highcharts.com");
  }, 60_000);

  test("labels simulated prices and moves the candles", async () => {
    await page.goto(`${truewick.url}/demo/`);
    await page.locator("truewick-trader").evaluate((widget) => widget.setAttribute("instrument", "BTCUSDT"));
    await signIn(page, truewick.credentials.traders[0]);
    expect(await page.locator("truewick-header .chip.warn").textContent()).toBe("simulated");
    const before = await candles(page).evaluateAll((paths) => paths.map((path) => path.getAttribute("d")).join());
    await page.waitForFunction((drawn) => {
      const chart = document.querySelector("truewick-trader")?.shadowRoot?.querySelector("truewick-chart");
      const paths = [...(chart?.shadowRoot?.querySelectorAll(".highcharts-candlestick-series path") ?? [])];
      return paths.length > 0 && paths.map((path) => path.getAttribute("d")).join() !== drawn;
    }, before);
  }, 60_000);

  test("trades from another origin under a strict content policy without one complaint", async () => {
    const { url, port } = truewick;
    const csp = [
      "default-src 'none'",
      "style-src 'self'",
      "require-trusted-types-for 'script'",
      `script-src ${url}`,
      `connect-src ${url} ws://localhost:${port}`,
    ].join("; ");
    const site = await partnerPage({ csp });
    try {
      const complaints = complaintsOf(page);
      await page.goto(site.origin);
      await signIn(page, truewick.credentials.traders[0]);
      await order(page, "buy");
      await page.locator("truewick-trade-buttons .ok").waitFor();
      expect(await orderStatus(page).textContent()).toMatch(/✓ Filled 1 at [\d,.]+ \([\d,]+ ms\)/);
      const colours = await coloursOf(page.locator("truewick-chart .canvas"));
      expect(colours.black / colours.total).toBeLessThan(0.02);
      await page.locator("truewick-desk tbody [data-command=close]").click();
      await pastDoubleClick(page);
      await page.locator("truewick-desk tbody [data-command=close].sure").click();
      await page.locator("truewick-desk .empty").waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await site.close();
    }
  }, 90_000);

  test("goes on working in a page that resets every element and loads the script twice", async () => {
    const complaints = complaintsOf(page);
    await page.goto(`${truewick.url}/demo/hostile.html`);
    await signIn(page, truewick.credentials.traders[1]);
    const look = await sideButton(page, "buy").evaluate((button) => {
      const { display, fontStyle, textTransform, backgroundColor } = getComputedStyle(button);
      return { display, fontStyle, textTransform, backgroundColor };
    });
    expect(look).toEqual({
      display: "block",
      fontStyle: "normal",
      textTransform: "none",
      backgroundColor: "rgb(22, 104, 220)",
    });
    await order(page, "sell");
    await page.locator("truewick-trade-buttons .ok").waitFor();
    expect(complaints).toEqual([]);
  }, 90_000);

  test("sends nothing that the page holds back", async () => {
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, truewick.credentials.traders[2]);
    await page.evaluate(() => {
      document.addEventListener("truewick-before-order", (event) => event.preventDefault());
    });
    await order(page, "buy");
    await page.locator("truewick-trade-buttons .wait").waitFor();
    expect(await orderStatus(page).textContent()).toContain("this page held the order back");
    await page.locator("truewick-desk #tab-orders").click();
    expect(await page.locator("truewick-desk .page").textContent()).toContain("No orders yet");
  }, 60_000);

  test("is worked by keyboard alone: B prepares, Esc cancels, Enter confirms", async () => {
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, truewick.credentials.traders[3]);
    await page.locator("truewick-desk #tab-positions").focus();
    await page.keyboard.press("b");
    await page.locator("truewick-trade-buttons button.confirm.buy").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("truewick-trade-buttons button.confirm").waitFor({ state: "detached" });
    await sideButton(page, "buy").focus();
    await page.keyboard.press("b");
    await page.locator("truewick-trade-buttons button.confirm.buy").waitFor();
    await pastDoubleClick(page);
    await page.keyboard.press("Enter");
    await page.locator("truewick-trade-buttons .ok").waitFor();
  }, 60_000);

  test("tells a wrong password in the form and keeps the session out of the page's storage", async () => {
    await page.goto(`${truewick.url}/demo/`);
    await page.locator("truewick-login input[name=email]").fill("nobody@example.com");
    await page.locator("truewick-login input[name=password]").fill("not the password");
    await page.locator("truewick-login button").click();
    expect(await page.locator("truewick-login [role=alert]").textContent()).toContain("Email or password is not right");
    await signIn(page, truewick.credentials.traders[0]);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie)).toBe(
      "{}",
    );
  }, 60_000);

  test("leaves no socket and no listener after 50 times in and out of the page", async () => {
    const sockets = new Set<WebSocket>();
    let made = 0;
    page.on("websocket", (socket) => {
      made += 1;
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    await page.addInitScript(countListeners);
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, truewick.credentials.traders[4]);
    const { before, after } = await page.evaluate(async () => {
      const counts = globalThis as unknown as { listeners: number };
      const trader = document.querySelector("truewick-trader");
      const place = trader?.parentElement;
      if (!trader || !place) throw new Error("no widget");
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      trader.remove();
      await frame();
      const before = counts.listeners;
      for (let turn = 0; turn < 50; turn += 1) {
        place.append(trader);
        await frame();
        trader.remove();
        await frame();
      }
      return { before, after: counts.listeners };
    });
    expect(after).toBe(before);
    expect(made).toBeGreaterThan(0);
    while (sockets.size > 0) await [...sockets][0]?.waitForEvent("close");
    expect(sockets.size).toBe(0);
  }, 90_000);

  test.each(["light", "dark"] as const)(
    "has no serious accessibility fault in %s",
    async (colorScheme) => {
      const looked = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme, bypassCSP: true });
      try {
        const seen = await looked.newPage();
        await seen.goto(`${truewick.url}/demo/`);
        await signIn(seen, truewick.credentials.traders[0]);
        await seen.addScriptTag({ content: readFileSync(axePath, "utf8") });
        const serious = await seen.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run: (on: string) => Promise<AxeResults> } };
          const { violations } = await axe.run("truewick-trader");
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
        });
        expect(serious).toEqual([]);
      } finally {
        await looked.close();
      }
    },
    90_000,
  );
});

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly target: readonly unknown[] }[];
  }[];
}

/** Runs in the page before its scripts: counts what listens on document and window. */
function countListeners(): void {
  const counts = Object.assign(globalThis, { listeners: 0 });
  for (const target of [document, window]) {
    const { addEventListener, removeEventListener } = target;
    target.addEventListener = (...given: unknown[]) => {
      counts.listeners += 1;
      return Reflect.apply(addEventListener, target, given);
    };
    target.removeEventListener = (...given: unknown[]) => {
      counts.listeners -= 1;
      return Reflect.apply(removeEventListener, target, given);
    };
  }
}
