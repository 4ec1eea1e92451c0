import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { WireOrder } from "#contracts/trading-api.ts";
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
