import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { order, signIn } from "../widget/page-support.ts";
import { axeFindings, deskOf, logIn } from "./support/back-office.ts";
import { trade } from "./support/buy-one.ts";

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

  test("a limit is tightened in a draft, tried on what was traded, applied, and the trader's widget says so in words", async () => {
    const trader = server.credentials.traders[0];
    const account = await server.database.owner("accounts").where({ id: trader?.demoAccountId }).first("trader_id");
    await trade(server, { instrument: "MES", side: "buy", lots: "3" });
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
    const asDraft = page.getByRole("button", { name: "As a draft" });
    await asDraft.click();
    await page.getByRole("alert").waitFor();
    expect(await longs.getAttribute("aria-invalid")).toBe("true");
    await longs.fill("2");
    await longs.press("Enter");
    await shot(page, "risk-table");
    expect(await axeFindings(page)).toEqual([]);
    await asDraft.click();

    await page.waitForURL(/\/risk-changes\/.*\/show/);
    const line = page.getByRole("article", { name: "Trader Ada Marlow · MES" });
    const setting = line.locator('[data-setting="maxLongLots"]');
    await setting.waitFor();
    expect(await setting.locator('[data-part="now"]').innerText()).toBe("no limit");
    expect(await setting.locator('[data-part="planned"]').innerText()).toMatch(/^2\s+this line$/);
    expect(await setting.locator("[data-direction]").innerText()).toBe("Tighter");
    expect(await server.database.owner("risk_limits").where({ trader_id: account.trader_id })).toEqual([]);
    await shot(page, "risk-draft");

    await page.getByRole("region", { name: "Rehearsal" }).getByRole("combobox", { name: "Book" }).click();
    await page.getByRole("option", { name: "Demo" }).click();
    // He holds 3 lots: over the limit as soon as it holds.
    const breach = page
      .getByRole("region", { name: "Whom it would put in breach now" })
      .getByRole("row", { name: /^Ada Marlow/ });
    await breach.waitFor();
    expect((await breach.innerText()).split("\t").map((cell) => cell.trim())).toEqual([
      ...[
        "Ada Marlow · Demo · USD",
        "Harbour Markets",
        "Most lots long",
        "MES",
        "3",
        "2",
        "no limit",
        "50",
        "this change",
      ],
      "opening is refused",
    ]);
    await page.getByRole("button", { name: "Rehearse", exact: true }).click();
    const result = page.getByRole("region", { name: "What it would have done" });
    await result.getByText("One order that was accepted would have been refused.").waitFor();
    await result
      .getByRole("region", { name: "By reason" })
      .getByRole("row", { name: /^Position limit/ })
      .waitFor();
    const sums = result.getByRole("row", { name: /^USD/ }).first();
    expect(await sums.innerText()).toMatch(/^USD\s+1\s+0\s+3\s/);
    await result.getByRole("region", { name: "By trader" }).getByRole("link", { name: "Ada Marlow" }).waitFor();
    await page.locator(".app-loader").waitFor({ state: "detached" });
    await shot(page, "risk-rehearsed");
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole("button", { name: "Apply", exact: true }).click();
    const panel = page.getByRole("dialog");
    await panel.getByLabel(/^Note/).fill("as rehearsed");
    await panel.getByRole("button", { name: "Apply", exact: true }).click();
    await page.getByText("Applied by Robin Risk: as rehearsed").waitFor();
    await shot(page, "risk-applied");
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
    expect(await said.innerText()).toContain("this would make 6 lots of MES; your limit is 2 (set by your own limit)");
    await shot(widget, "risk-widget");
    await widget.close();
    await desk.context.close();
  });

  test("what loosens a limit is proposed by one, and approved by another who sees what it changes", async () => {
    await server.database.owner("risk_policy").update({ four_eyes_above_percent: 0 });
    const author = await deskOf(browser, server);
    await logIn(author, server, "risk");
    await author.open("/risk-changes/create");
    await author.page.getByLabel(/^Name/).fill("Larger orders");
    await author.page.getByLabel(/^Reason/).fill("a quiet week");
    await author.page.getByRole("button", { name: "Save" }).click();
    const adding = author.page.getByRole("region", { name: "Add a line" });
    await adding.getByRole("combobox", { name: "Setting" }).click();
    await author.page.getByRole("option", { name: "Most lots an order" }).click();
    await adding.getByLabel("Draft: Most lots an order").fill("500");
    await adding.getByRole("button", { name: "Add to the draft" }).click();
    const line = author.page.getByRole("article", { name: "Everyone · everything" });
    await line.locator('[data-direction="looser"]').waitFor();
    await author.page.getByText("It loosens a limit, which nobody does alone").waitFor();
    await author.page.getByRole("button", { name: "Propose" }).click();
    await author.page.getByRole("dialog").getByRole("button", { name: "Propose" }).click();
    await author.page.getByText("You proposed it").waitFor();
    await author.context.close();

    const other = await deskOf(browser, server, { locale: "zh-CN", theme: "dark", width: 1280 });
    await logIn(other, server, "admin");
    await other.open("/queue/risk-changes");
    const { page } = other;
    await page.getByRole("article", { name: "全部 · 全部品种" }).getByText("放宽", { exact: true }).waitFor();
    await page.locator(".app-loader").waitFor({ state: "detached" });
    await shot(page, "risk-queue");
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("a");
    await page.getByRole("dialog").getByLabel(/^说明/).fill("看过演练");
    await page.getByRole("dialog").locator("button[type=submit]").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const change = await server.database.owner("risk_changes").where({ name: "Larger orders" }).first();
    expect(change).toMatchObject({
      state: "applied",
      author: "Robin Risk",
      decided_by: "Alex Admin",
      decision_note: "看过演练",
    });
    expect(other.complaints).toEqual([]);
    await other.context.close();
  });
});
