import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { StaffRole } from "#contracts/names.ts";
import { camt053 } from "../support/bank-files.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { staffApi } from "../support/staff-api.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { type Desk, deskOf, logIn } from "./support/back-office.ts";
import { buyOne } from "./support/buy-one.ts";

jest.setTimeout(120_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;
if (chromiumPath === null) process.stderr.write("CHROMIUM_PATH is not set: the pages of records are not looked at\n");

let server: RunningTruewick;
let browser: Browser;

inBrowser("on the page of a record an operator", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const loggedIn = async (role: StaffRole): Promise<Desk> => {
    const desk = await deskOf(browser, server);
    await logIn(desk, server, role);
    return desk;
  };

  test("makes a partner and keeps his key, which is shown once and then is nowhere", async () => {
    const { page, open, context, complaints } = await loggedIn("admin");
    await open("/partners/create");
    await page.getByLabel("Code").fill("quay");
    await page.getByLabel("Name").fill("Quay Street");
    await page.getByRole("button", { name: "Save" }).click();
    const key = page.getByRole("region", { name: "Private key" });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      key.getByRole("button", { name: "Download .pem" }).click(),
    ]);
    const pem = await key.locator("pre").innerText();
    expect(readFileSync(await download.path(), "utf8").trim()).toBe(pem.trim());
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(download.suggestedFilename()).toMatch(/^quay-[0-9a-f]{12}\.pem$/);
    await page.getByRole("button", { name: "I have kept it" }).click();
    await page.getByRole("heading", { name: "Quay Street" }).first().waitFor();
    const keys = page.getByRole("region", { name: "Partner keys" });
    await keys.getByText(/^quay-/).waitFor();
    expect(await page.content()).not.toContain("PRIVATE KEY");
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain("PRIVATE");

    await page.getByRole("button", { name: "Add a key" }).click();
    const panel = page.getByRole("dialog");
    await panel.getByLabel("Reason").fill("a second site");
    await panel.getByRole("button", { name: "Add a key" }).click();
    await panel.getByText("-----BEGIN PRIVATE KEY-----").waitFor();
    await panel.getByRole("button", { name: "I have kept it" }).click();
    await panel.waitFor({ state: "detached" });
    await keys.locator("tbody tr").nth(1).waitFor();

    await page.getByRole("button", { name: "Revoke a key" }).click();
    await panel.getByRole("combobox").click();
    const offered = page.getByRole("option");
    await offered.nth(1).waitFor();
    expect((await offered.allInnerTexts()).every((text) => text.startsWith("quay-"))).toBe(true);
    await offered.first().click();
    await panel.getByLabel("Reason").fill("lost");
    await panel.getByRole("button", { name: "Revoke a key" }).click();
    await keys.getByText("Revoked").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("finds an account by its trader's name, book and currency, with its transfers and no raw amounts", async () => {
    const { page, open, context } = await loggedIn("admin");
    await open(`/accounts/${server.credentials.traders[0]?.accountId}/show`);
    await page.getByRole("heading", { name: "Ada Marlow · Live · USD" }).first().waitFor();
    const transfers = page.getByRole("region", { name: "Transfers" });
    await transfers.getByText("25,000.00").waitFor();
    const history = page.getByRole("region", { name: "History" });
    await history.getByText("25,000.00 USD").first().waitFor();
    expect(await history.innerText()).not.toMatch(/2500000|[{}[\]"]/);
    await transfers.locator("tbody a").first().click();
    await page.waitForURL(/\/transfers\/\d+\/show/);
    await page.getByRole("region", { name: "Facts" }).getByText("Book date").waitFor();
    await page.getByRole("region", { name: "Transfers" }).locator("tbody tr").first().waitFor();
    expect(await page.getByRole("region", { name: "History" }).count()).toBe(0);
    await context.close();
  });

  test("sees an order's fill and the fill's transfers on its page, and no empty history", async () => {
    const { page, open, context } = await loggedIn("risk");
    await page.getByRole("row", { name: /^BTCUSDT/ }).waitFor();
    const orderId = await buyOne(server, "BTCUSDT");
    await page.waitForFunction(
      async (id) => (await (await fetch(`/api/admin/orders/${id}`)).json()).state === "filled",
      orderId,
    );
    await open(`/orders/${orderId}/show`);
    const [fills, transfers] = ["Fills", "Transfers"].map((name) => page.getByRole("region", { name }));
    await fills?.locator("tbody tr").first().waitFor();
    await transfers?.locator("tbody tr", { hasText: "Fee" }).first().waitFor();
    expect(await fills?.locator("tbody tr").count()).toBe(1);
    expect(await page.getByText("No change has been recorded.").count()).toBe(0);
    await context.close();
  });

  test("is refused in the language on the screen, whatever was set for him", async () => {
    const { page, open, context } = await loggedIn("admin");
    await page.getByRole("button", { name: "中文" }).click();
    await open("/session-calendars/cme-equity-index");
    await page.getByLabel("时区").fill("Mars/Olympus");
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("必须是时区名，例如 America/Chicago").waitFor();
    await context.close();
  });

  test("chooses a bank's file in the page's own words, and is told what is wrong with it", async () => {
    const iban = "GB82WEST12345698765432";
    const partner = await server.database.app("partners").where({ code: "harbour" }).first("id");
    const staff = await staffApi(server);
    const id = await staff.create("bank-accounts", {
      ...{ tenantId: Number(partner.id), holder: "Harbour Markets", iban, currency: "USD", isOffered: true },
    });
    const { page, open, context } = await loggedIn("admin");
    await page.getByRole("button", { name: "中文" }).click();
    await open(`/bank-accounts/${id}/show`);
    const part = page.getByRole("region", { name: "导入银行对账单" });
    await part.getByText("未选择文件").waitFor();
    expect(await part.locator("input[type=file]").isVisible()).toBe(false); // it would speak the browser's language
    const file = camt053({ iban, currency: "USD", opening: "100.00", closing: "130.00", lines: [] });
    const chooser = page.waitForEvent("filechooser");
    await part.getByRole("button", { name: "银行文件" }).click();
    const chosen = { name: "november.xml", mimeType: "application/xml", buffer: Buffer.from(file) };
    await (await chooser).setFiles(chosen);
    await part.getByText("november.xml").waitFor();
    await part.getByRole("button", { name: "试导入" }).click();
    await part.getByText("期初加明细为 100.00，期末余额为 130.00。").waitFor();
    await context.close();
  });
});
