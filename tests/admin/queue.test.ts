import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { axeFindings, type Desk, deskOf, logIn } from "./support/back-office.ts";

jest.setTimeout(180_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;

let server: RunningTruewick;
let browser: Browser;

inBrowser("where money waits for a person, he", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
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
  /** Once nothing is being fetched. */
  const findingsOf = async (page: Page): Promise<string[]> => {
    await page.locator(".app-loader").waitFor({ state: "detached" });
    return axeFindings(page);
  };

  test("adds a bank's advice to an adjustment that waits, and saves it again byte by byte", async () => {
    const { page, open, context } = await loggedIn();
    const { id: accountId } = await server.database.owner("accounts").where({ book: "live" }).first("id");
    await open("/adjustments");
    const id = await page.evaluate(async (account) => {
      const wanted = { accountId: account, amount: "12.50", reasonCode: "goodwill", note: "a slow answer" };
      const headers = { "content-type": "application/json" };
      const answer = await fetch("/api/admin/adjustments", { method: "POST", headers, body: JSON.stringify(wanted) });
      return (await answer.json()).id as string;
    }, accountId);
    await open(`/adjustments/${id}/show`);
    const files = page.getByRole("region", { name: "Files" });
    await files.getByText("No file has been added.").waitFor();
    const give = (name: string, text: string) =>
      files.locator("input[type=file]").setInputFiles({ name, mimeType: "application/pdf", buffer: Buffer.from(text) });
    await give("page.pdf", "<html>");
    await page.getByText("Only PDF, PNG and JPEG files are taken.").waitFor();
    await give("advice.pdf", "%PDF-1.7\nof a bank");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      files.getByRole("link", { name: "advice.pdf" }).click(),
    ]);
    expect(readFileSync(await download.path(), "utf8")).toBe("%PDF-1.7\nof a bank");
    expect(await findingsOf(page)).toEqual([]);
    await page.screenshot({ path: process.env.FILES_SCREENSHOT ?? `${server.dataDir}/files.png` });
    await context.close();
  });

  test("works through the withdrawals by keyboard alone: next, approve, reject with a reason, until none waits", async () => {
    const trader = server.credentials.traders[1];
    const json = { "content-type": "application/json" };
    const login = await fetch(`${server.url}/api/trading/session`, {
      ...{ method: "POST", headers: json, body: JSON.stringify({ email: trader?.email, password: trader?.password }) },
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const ask = async (path: string, body: object) => {
      const headers = { ...json, authorization: `Bearer ${accessToken}` };
      const answer = await fetch(`${server.url}/api/trading/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return (await answer.json()) as Record<string, { id: string }>;
    };
    const bank = { channel: "bank", name: "Ben Okafor", address: "DE89370400440532013000" };
    const targetId = (await ask("payout-targets", bank)).target?.id;
    const wanted = { accountId: trader?.accountId, targetId };
    for (const amount of ["110.00", "120.00", "130.00"])
      await ask("withdrawals", { ...wanted, requestId: randomUUID(), amount });
    const { page, open, context, complaints } = await loggedIn();
    await open("/withdrawals");
    await page.getByRole("menuitem", { name: "To review", exact: true }).click();
    const list = page.getByRole("navigation", { name: "To review", exact: true });
    const current = list.locator("[aria-current=true]");
    const at = (title: string) => current.filter({ hasText: title }).waitFor();
    await at("110.00");
    await page.getByText("Real money").waitFor();
    await page.screenshot({ path: process.env.QUEUE_SCREENSHOT ?? `${server.dataDir}/queue.png` });
    expect(await findingsOf(page)).toEqual([]);
    await page.keyboard.press("j");
    await at("120.00");
    await page.getByRole("heading", { name: "120.00" }).first().waitFor();
    await page.keyboard.press("r");
    const panel = page.getByRole("dialog");
    await panel.locator("textarea").first().fill("The name is not yours.");
    await panel.locator("button[type=submit]").press("Enter");
    await panel.waitFor({ state: "detached" });
    await at("130.00");
    await page.keyboard.press("ArrowUp");
    await at("110.00");
    await page.getByRole("heading", { name: "110.00" }).first().waitFor();
    await page.keyboard.press("a");
    await panel.locator("button[type=submit]").press("Enter");
    await panel.waitFor({ state: "detached" });
    await list.getByText("Approved").first().waitFor();
    const stored = await server.database.owner("withdrawals").orderBy("requested_at").select("state");
    expect(stored.map(({ state }) => state)).toEqual(["approved", "rejected", "in-review"]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
