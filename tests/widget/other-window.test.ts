import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import type { WireOrder } from "#contracts/trading-api.ts";
import { axeFindings } from "../admin/support/back-office.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { order, orderStatus, signIn } from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("what a trader does in another window", () => {
  let truewick: RunningTruewick;
  let browser: Browser;

  beforeAll(async () => {
    [truewick, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
  }, 30_000);

  test("is on this one's chart at once, and the page is told of each state once", async () => {
    const trader = truewick.credentials.traders[0];
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce" });
    page.setDefaultTimeout(20_000);
    await page.goto(`${truewick.url}/demo/`);
    await signIn(page, trader);
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      document.addEventListener("truewick-order", (event) => {
        const { order } = (event as CustomEvent<{ order: { id: string; state: string } }>).detail;
        told.push(`${order.id} ${order.state}`);
      });
    });
    const login = await fetch(`${truewick.url}/api/trading/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: trader?.email, password: trader?.password }),
    });
    const { accessToken: token } = (await login.json()) as { accessToken: string };
    const ask = async (method: string, path: string, body?: object): Promise<WireOrder> => {
      const response = await fetch(`${truewick.url}/api/trading/${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as { order: WireOrder };
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer.order;
    };
    const instruments = await fetch(`${truewick.url}/api/trading/instruments`).then((answer) => answer.json());
    const mes = instruments.instruments.find(({ id }: { id: string }) => id === "MES");
    const limitPrice = `${Math.floor(Number(mes.quote.bid) * 0.99)}.00`;
    const wanted = { accountId: trader?.demoAccountId, instrument: "MES", side: "buy", type: "limit", lots: "1" };
    const placed = await ask("POST", "orders", { ...wanted, clientOrderId: randomUUID(), limitPrice });
    const line = page.locator("truewick-chart-lines [data-line=limit]");
    await line.waitFor();
    await ask("PATCH", `orders/${placed.id}`, { lots: "2" });
    await line.filter({ hasText: "2" }).waitFor();
    await ask("DELETE", `orders/${placed.id}`);
    await line.waitFor({ state: "detached" });
    const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
    expect(told).toEqual([`${placed.id} working`, `${placed.id} cancelled`]);
    await page.close();
  }, 60_000);

  test("sets limits of his own: the stricter one binds at once, the looser one is announced and taken back", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1300 }, reducedMotion: "reduce" });
    page.setDefaultTimeout(20_000);
    await page.goto(`${truewick.url}/demo/`);
    // Who has given no order in this minute yet.
    await signIn(page, truewick.credentials.traders[1]);
    await page.locator("truewick-desk #tab-account").click();
    const own = page.locator("truewick-own-limits");
    const perMinute = own.getByLabel("Most orders a minute");
    await perMinute.fill("1");
    await perMinute.press("Enter");
    await own.getByText("Your limits are set.").waitFor();
    await order(page, "buy");
    await orderStatus(page).getByText("Filled").waitFor();
    await order(page, "buy");
    await orderStatus(page).getByText("orders a minute: 1 at most (set by yourself)").waitFor();
    await perMinute.fill("9");
    await own.getByLabel("Most loss a day").fill("250");
    await own.getByLabel("Mon", { exact: true }).check();
    await own.locator("[data-own=save]").click();
    await own.locator("[data-later]").getByText("Most orders a minute: 1, then 9").waitFor();
    expect(await looksOf(page, own)).toEqual([]);
    await own.locator("[data-own=keep]").click();
    await own.locator("[data-later]").waitFor({ state: "detached" });
    expect([await perMinute.inputValue(), await own.getByLabel("Most loss a day").inputValue()]).toEqual([
      "1",
      "250.00",
    ]);
    await own.getByLabel("Most loss a day").fill("-5");
    await own.locator("[data-own=save]").click();
    await own.getByText("Can't be set so: Most loss a day.").waitFor();
    await page.close();
  }, 60_000);

  /** What axe finds in each look, and what is wider than its part. `LIMITS_SCREENSHOT`: where pictures of them go. */
  async function looksOf(page: Page, part: Locator): Promise<string[]> {
    const faults: string[] = [];
    for (const locale of ["zh-CN", "en"])
      for (const theme of ["dark", "light"])
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 1300 });
          await page.locator("truewick-trader").evaluate(
            (widget, to) => {
              widget.setAttribute("theme", to.theme);
              widget.setAttribute("locale", to.locale);
            },
            { theme, locale },
          );
          await part.getByRole("heading", { name: locale === "en" ? "My limits" : "我的限额" }).waitFor();
          const found = locale === "en" ? await axeFindings(page, part) : [];
          faults.push(...found.map((finding) => `${theme} ${width}: ${finding}`));
          if (await part.evaluate((box) => box.scrollWidth > box.clientWidth)) faults.push(`${theme} ${width}: cut`);
          const pictures = process.env.LIMITS_SCREENSHOT;
          if (pictures !== undefined) await part.screenshot({ path: `${pictures}-${locale}-${theme}-${width}.png` });
        }
    return faults;
  }

  test("shuts himself out in one, and reads in both what he may no longer do", async () => {
    const trader = truewick.credentials.traders[1];
    const [page, other] = await Promise.all(
      ["en", "zh-CN"].map(async (locale) => {
        const one = await browser.newPage({ viewport: { width: 1280, height: 1100 }, reducedMotion: "reduce" });
        one.setDefaultTimeout(20_000);
        await one.goto(`${truewick.url}/demo/`);
        await one.locator("truewick-trader").evaluate((widget, to) => widget.setAttribute("locale", to), locale);
        await signIn(one, trader);
        await one.locator("truewick-desk #tab-account").click();
        return one;
      }),
    );
    const limits = (of: Page | undefined) => of?.locator("truewick-account-limits");
    await limits(page)?.locator("select").selectOption("7");
    await limits(page)?.locator("[data-exclude=ask]").click();
    await limits(page)?.locator("[data-exclude=yes]").click();
    await limits(page)?.getByText("You have excluded yourself until").waitFor();
    await limits(other)?.getByText("您已自我禁止交易至").waitFor();
    if (page === undefined) throw new Error("no page");
    await order(page, "buy");
    await orderStatus(page)
      .getByText(/you have excluded yourself until [A-Z][a-z]{2} \d+, 20\d\d/)
      .waitFor();
    await Promise.all([page.close(), other?.close()]);
  }, 60_000);
});
