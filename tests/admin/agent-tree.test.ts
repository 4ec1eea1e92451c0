import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Locator, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { axeFindings, deskOf, logIn, overflowOf } from "./support/back-office.ts";

jest.setTimeout(120_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;

let server: RunningTruewick;
let browser: Browser;

inBrowser("the tree of agents", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const row = (page: Page, code: string): Locator =>
    page.locator("[role=treeitem]").filter({ has: page.getByText(code, { exact: true }) });
  /** The code of who is above, as stored. */
  const above = async (code: string): Promise<string | null> => {
    const [told, ...more] = await server.database
      .app("agents as a")
      .leftJoin("agents as b", "b.id", "a.parent_id")
      .where("a.code", code)
      .select("b.code as above");
    expect(more).toEqual([]);
    return told?.above ?? null;
  };

  test("moves an agent by the mouse after a look at what it changes, and back by keys; not below himself", async () => {
    const desk = await deskOf(browser, server);
    const { page } = desk;
    await logIn(desk, server, "admin");
    await desk.open("/agent-tree");
    await row(page, "north-city").dragTo(row(page, "south"), { targetPosition: { x: 300, y: 10 } });
    const dialog = page.getByRole("dialog");
    const told = (name: string): Locator => dialog.locator(`dt:text-is("${name}") + dd`);
    await told("Above him then").waitFor();
    expect(await told("Above him now").textContent()).toBe("North Desk");
    expect(await told("Above him then").textContent()).toBe("South Desk");
    expect(await told("Agents that move").textContent()).toBe("2");
    expect(await told("Their traders").textContent()).toBe("2");
    expect(await axeFindings(page)).toEqual([]);
    const move = dialog.getByRole("button", { name: "Move" });
    expect(await move.isDisabled()).toBe(true); // a reason is wanted first
    expect(await above("north-city")).toBe("north");
    await dialog.getByRole("textbox").fill("He works for the south now.");
    await page.screenshot({ path: process.env.TREE_SCREENSHOT ?? `${server.dataDir}/tree.png` });
    await move.click();
    await row(page, "north-city").and(page.locator("[aria-level='2']")).waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(await above("north-city")).toBe("south");

    await row(page, "south").press("m");
    await row(page, "north-city").press("Enter"); // he is below him: nothing happens
    expect(await dialog.count()).toBe(0);
    await page.keyboard.press("Escape");
    await row(page, "north-city").press("m");
    await row(page, "north").press("Enter");
    await told("Above him then").filter({ hasText: "North Desk" }).waitFor();
    await dialog.getByRole("textbox").fill("Back again.");
    await move.click();
    await dialog.waitFor({ state: "detached" });
    expect(await above("north-city")).toBe("north");
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test("shows an agent's own staff their subtree alone, with e-mails masked and nothing to move, in Chinese on a phone", async () => {
    const desk = await deskOf(browser, server, { locale: "zh-CN", width: 360 });
    const { page } = desk;
    await logIn(desk, server, "agent");
    await desk.open("/agent-tree");
    await row(page, "north").waitFor();
    expect(await page.locator("[role=treeitem]").evaluateAll((all) => all.length)).toBe(3);
    expect(await row(page, "south").count()).toBe(0);
    expect(await page.getByRole("button", { name: /^移动/ }).count()).toBe(0);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: process.env.TREE_SCREENSHOT_PHONE ?? `${server.dataDir}/tree-phone.png` });
    const traders = await page.evaluate(async () => (await fetch("/api/admin/traders")).json());
    expect(traders.map(({ email }: { email: string }) => email).sort()).toEqual([
      "a•••@harbour.example",
      "m•••@harbour.example",
    ]);
    await desk.open("/traders");
    await page.getByText("a•••@harbour.example").waitFor();
    expect(await page.getByText("ada@harbour.example").count()).toBe(0);
    await desk.context.close();
  });
});
