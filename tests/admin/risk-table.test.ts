import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { order, signIn } from "../widget/page-support.ts";
import { axeFindings, deskOf, logIn } from "./support/back-office.ts";

jest.setTimeout(120_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("the risk table", () => {
  let server: RunningTruewick;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const cell = (page: Page, setting: string, level: string) =>
    page.locator(`[data-setting="${setting}"] [data-level="${level}"] input`);
  const shot = async (page: Page, name: string): Promise<void> => {
    const to = process.env.RISK_LOOKS;
    if (to !== undefined) await page.screenshot({ path: `${to}/${name}.png`, fullPage: true });
  };

  test("a limit is tightened for one trader, and his widget says so in words on the next order", async () => {
    const trader = server.credentials.traders[0];
    const account = await server.database.owner("accounts").where({ id: trader?.demoAccountId }).first("trader_id");
    const desk = await deskOf(browser, server, { width: 1440 });
    await logIn(desk, server, "risk");
    const { page } = desk;
    await desk.open(`/risk-table?trader=${account.trader_id}&instrument=MES&object=instrument`);
    const longs = cell(page, "maxLongLots", "trader");
    await longs.waitFor();
    expect(await cell(page, "maxPositionLots", "trader").getAttribute("placeholder")).not.toBe("");
    // What is measured over the whole account has no cell on a line of one instrument.
    expect(await cell(page, "maxTotalLots", "trader").count()).toBe(0);
    await longs.fill("-2");
    await longs.press("Enter");
    await page.getByLabel("Reason", { exact: true }).fill("a nervous week");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("alert").waitFor();
    expect(await longs.getAttribute("aria-invalid")).toBe("true");
    await longs.fill("2");
    await longs.press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator('[data-setting="maxLongLots"] b').waitFor();
    expect(await page.locator('[data-setting="maxLongLots"] td').last().innerText()).toMatch(/^2 Trader v1/);
    await shot(page, "risk-table");
    expect(await axeFindings(page)).toEqual([]);
    expect(desk.complaints.filter((complaint) => !complaint.includes("422"))).toEqual([]);

    const widget = await browser.newPage({ viewport: { width: 1280, height: 1000 }, locale: "en-US" });
    await widget.goto(`${server.url}/demo/`);
    await signIn(widget, trader);
    await widget.locator("truewick-header select").selectOption(trader?.demoAccountId ?? "");
    const lots = widget.locator("truewick-ticket #lots");
    await lots.fill("3");
    await lots.press("Enter");
    await order(widget, "buy");
    const said = widget.locator("truewick-trade-buttons .no");
    await said.waitFor();
    expect(await said.innerText()).toContain("this would make 3 lots of MES; your limit is 2 (set by your own limit)");
    await shot(widget, "risk-widget");
    await widget.close();
    await desk.context.close();
  });
});
