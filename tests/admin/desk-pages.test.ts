import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { axeFindings, type Desk, deskOf, logIn } from "./support/back-office.ts";
import { buyOne } from "./support/buy-one.ts";

jest.setTimeout(180_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;
if (chromiumPath === null) process.stderr.write("CHROMIUM_PATH is not set: the desk's pages are not looked at\n");

let server: RunningTruewick;
let browser: Browser;
let orderId: string;

inBrowser("at the desk an operator", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
    orderId = await buyOne(server, "BTCUSDT");
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const loggedIn = async (looks: Parameters<typeof deskOf>[2] = {}): Promise<Desk> => {
    const desk = await deskOf(browser, server, looks);
    await logIn(desk, server, "admin");
    return desk;
  };
  /** Once nothing is being fetched and no colour is on its way to another. */
  const findingsOf = async (page: Page): Promise<string[]> => {
    await page.locator(".app-loader").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
    return axeFindings(page);
  };
  const save = (page: Page): Promise<void> => page.locator("main form button[type=submit]").click();
  const stopping = async (page: Page, scope: string): Promise<void> => {
    await page.getByRole("combobox", { name: "停止范围" }).click();
    await page.getByRole("option", { name: scope, exact: true }).click();
  };

  test("is asked only for whom a kill switch stops, told what lacks at its field, and can save on a phone", async () => {
    const { page, open, context } = await loggedIn({ locale: "zh-CN", theme: "dark", width: 360 });
    await open("/kill-switches/create");
    await stopping(page, "所有人");
    expect(await page.getByRole("combobox", { name: "合约" }).count()).toBe(0);
    await page.getByLabel("原因").fill("演练");
    await save(page);
    await page.locator('input[name="confirmation"][aria-invalid="true"]').waitFor();
    await page.getByLabel("确认").fill("all");
    await save(page);
    await page.getByText("停止所有人请输入 ALL。").waitFor();
    await stopping(page, "合约");
    expect(await page.getByLabel("确认").count()).toBe(0);
    await save(page);
    await page.locator('input[name="instrumentId"][aria-invalid="true"]').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole("combobox", { name: "合约" }).fill("M2K");
    await page.getByRole("option", { name: /^M2K/ }).click();
    await save(page);
    await page.getByRole("heading", { name: "合约 · M2K" }).first().waitFor();
    await page.getByText("生效中").first().waitFor();
    await context.close();
  });

  test("goes from an order to its account, fill and transfer, and back in one click each", async () => {
    const { page, open, context } = await loggedIn();
    await page.waitForFunction(
      async (id) => (await (await fetch(`/api/admin/orders/${id}`)).json()).state === "filled",
      orderId,
    );
    const section = (name: string) => page.getByRole("region", { name });
    await open(`/orders/${orderId}/show`);
    await section("Fills").locator("tbody a").first().click();
    await page.waitForURL(/\/fills\/\d+\/show/);
    await section("Transfers").locator("tbody a").first().click();
    await page.waitForURL(/\/transfers\/\d+\/show/);
    await section("Fills").locator("tbody a").first().click();
    await page.waitForURL(/\/fills\/\d+\/show/);
    await section("Facts").getByRole("link", { name: /01a|…/ }).click();
    await page.waitForURL(new RegExp(`/orders/${orderId}/show`));
    await section("Facts").getByRole("link", { name: "Ada Marlow · Demo · USD" }).click();
    await page.waitForURL(/\/accounts\/.*\/show/);
    await page.getByRole("link", { name: "Orders" }).last().click();
    await page.waitForURL(/\/orders\?/);
    await context.close();
  });

  test("sees a filter that a link has set, though the list does not offer it, and takes it off by keyboard", async () => {
    const { page, open, context } = await loggedIn();
    await open(`/fills?filter=${encodeURIComponent(JSON.stringify({ orderId, quoteSeq_gte: "1" }))}`);
    await page.getByRole("button", { name: /^Order:/ }).waitFor();
    const undeclared = page.getByRole("button", { name: "Remove filter Quote number" });
    await undeclared.waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await undeclared.focus();
    await page.keyboard.press("Enter");
    await undeclared.waitFor({ state: "detached" });
    expect(decodeURIComponent(page.url())).not.toContain("quoteSeq");
    await context.close();
  });

  test("opens a record by keyboard alone, and sees where he is", async () => {
    const { page, open, context, complaints } = await loggedIn();
    await open("/trader-groups");
    const group = page.getByRole("link", { name: "Standard" });
    await group.waitFor();
    const outline = () =>
      page.evaluate(() => document.activeElement && getComputedStyle(document.activeElement).outlineWidth);
    await page.getByRole("textbox", { name: "Search" }).focus();
    await page.keyboard.press("Tab");
    expect(await page.getByRole("button", { name: "Filter" }).evaluate((it) => it === document.activeElement)).toBe(
      true,
    );
    expect(await outline()).toBe("2px");
    for (let pressed = 0; pressed < 20; pressed++) {
      if (await group.evaluate((it) => it === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    expect(await outline()).toBe("2px");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Standard" }).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("keeps a hovered button's contrast in the dark theme", async () => {
    const { page, open, context } = await loggedIn({ theme: "dark" });
    await open("/trader-groups/create");
    await page.locator("main form button[type=submit]").hover();
    await page.getByLabel(/^Stop-out fee/).fill("-1");
    await save(page);
    await page.getByText("At least 0").waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await context.close();
  });

  test("reads clearly that a page is not there, or not for him", async () => {
    const desk = await deskOf(browser, server);
    await logIn(desk, server, "finance");
    for (const [route, words] of [
      ["/kill-switches", "Your role does not allow this page"],
      ["/no-such-page", "There is no such page"],
    ] as const) {
      await desk.open(route);
      await desk.page.getByText(words).waitFor();
      expect(await findingsOf(desk.page)).toEqual([]);
    }
    await desk.context.close();
  });

  test("sees a position arrive, stops an instrument and lets it go again, and stresses the book", async () => {
    const { page, open, context, complaints } = await loggedIn();
    await page.evaluate(() => localStorage.setItem("RaStoretruewick.dashboard.book", '"demo"'));
    await open("/exposure");
    await page.reload();
    const exposure = page.getByRole("region", { name: "Exposure by" });
    await exposure.getByRole("row", { name: /^BTCUSDT/ }).waitFor();
    const gold = exposure.getByRole("row", { name: /^MGC/ });
    expect(await gold.count()).toBe(0);
    await buyOne(server, "MGC");
    await gold.waitFor();
    await gold.getByRole("button", { name: "Stop…" }).click();
    const dialog = page.getByRole("dialog");
    expect(await findingsOf(page)).toEqual([]);
    await dialog.getByLabel(/^Reason/).fill("metal is moving");
    await dialog.getByRole("button", { name: "Stop now" }).click();
    const stopped = page
      .getByRole("region", { name: "Standing stops" })
      .getByRole("row", { name: /MGC.*metal is moving/ });
    await stopped.getByText("Close only").waitFor();
    await gold.getByText("Close only").waitFor();
    await stopped.getByRole("button", { name: "Lift" }).click();
    await dialog.getByLabel(/^Reason/).fill("quiet again");
    await dialog.getByRole("button", { name: "Lift" }).click();
    await stopped.waitFor({ state: "detached" });
    await gold.getByRole("button", { name: "MGC" }).click();
    await exposure.getByRole("row", { name: /^Harbour Markets/ }).waitFor();
    await page.getByRole("tab", { name: "Stress" }).click();
    await page.getByLabel("Move, %").fill("-101");
    await save(page);
    await page.getByText("must be above -100 and at most 1000").waitFor();
    await page.getByRole("combobox", { name: "On", exact: true }).click();
    await page.getByRole("option", { name: "Everything" }).click();
    await page.getByLabel("Move, %").fill("-7");
    await save(page);
    const metal = page.getByRole("region", { name: "By instrument" }).getByRole("row", { name: /^MGC −7\.00/ });
    await metal.waitFor();
    expect(await findingsOf(page)).toEqual([]);
    expect(complaints.filter((line) => !line.includes("422"))).toEqual([]);
    await context.close();
  });

  test("sees whole rows on a tablet", async () => {
    const { page, open, context } = await loggedIn({ width: 768 });
    await open("/orders");
    await page.locator(".list-page dl").first().waitFor();
    expect(await page.locator(".RaDataTable-tableWrapper").count()).toBe(0);
    await context.close();
  });

  test("is not offered to edit a settled contract, and reads who settled it in the screen's words", async () => {
    const { page, open, context } = await loggedIn({ locale: "zh-CN" });
    // By the database: a person may list only a contract that ends in whole minutes ahead.
    const [{ id }] = await server.database
      .owner("contracts")
      .insert({
        ...{ id: randomUUID(), instrument_id: "BTCUSDT", code: "BTCX6", expiry_action: "close" },
        first_trade_at: server.database.owner.raw("now() - interval '1 day'"),
        last_trade_at: server.database.owner.raw("clock_timestamp() + interval '1 second'"),
      })
      .returning("id");
    await open(`/contracts/${id}/show`);
    await page.getByRole("link", { name: "编辑" }).waitFor();
    await until(
      () => server.database.owner("contracts").where({ id }).first("settled_at"),
      ({ settled_at }) => settled_at !== null,
    );
    await page.getByRole("button", { name: "刷新" }).click();
    await page.getByText("操作人：系统").waitFor();
    expect(await page.getByRole("link", { name: "编辑" }).count()).toBe(0);
    await context.close();
  });
});
