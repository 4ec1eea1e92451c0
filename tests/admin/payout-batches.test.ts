import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { makePayable } from "../resources/support/money-rows.ts";
import { camt053 } from "../support/bank-files.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { axeFindings, deskOf, logIn, overflowOf } from "./support/back-office.ts";

jest.setTimeout(180_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;
const iban = "DE89370400440532013000";

inBrowser("paying out by the bank", () => {
  let server: RunningTruewick;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
    const { owner } = server.database;
    const of = await owner("accounts").where({ book: "live", currency: "USD" }).first("id", "tenant_id", "trader_id");
    const { id: accountId, tenant_id: tenantId, trader_id: traderId } = of;
    for (const address of ["DE75512108001245126199", "GB82WEST12345698765432"])
      await makePayable(owner, { accountId, tenantId, traderId }, address);
    const bank = { tenant_id: tenantId, holder: "Harbour Markets Ltd", iban, bic: "COBADEFFXXX", currency: "USD" };
    await owner("bank_accounts").insert(bank);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const settled = (page: Page): Promise<void> => page.locator(".app-loader").waitFor({ state: "detached" });
  const shot = (page: Page, name: string) =>
    page.screenshot({ path: `${process.env.PAYOUT_SCREENSHOTS ?? server.dataDir}/payouts-${name}.png` });
  const ask = (page: Page, path: string, init: { method?: string; body?: string } = {}) =>
    page.evaluate(
      async ([at, given]) => {
        const headers = { "content-type": given.body?.startsWith("<") ? "application/xml" : "application/json" };
        const answer = await fetch(`/api/admin/${at}`, { headers, ...given });
        return { status: answer.status, text: await answer.text() };
      },
      [path, init] as const,
    );

  test("one person gathers, another releases and downloads the bank's file, and its statement says what was paid", async () => {
    const { owner } = server.database;
    const maker = await deskOf(browser, server);
    await logIn(maker, server, "finance");
    await maker.open("/payout-batches/create");
    await maker.page.getByLabel("Paid from").click();
    await maker.page.getByRole("option", { name: /Harbour Markets/ }).click();
    await shot(maker.page, "gather");
    await maker.page.getByRole("button", { name: "Save" }).click();
    const batch = await until(
      () => owner("payout_batches").first("id"),
      (row) => row !== undefined,
    );
    const path = `payout-batches/${batch.id}`;
    expect((await ask(maker.page, `${path}/pain001`)).status).toBe(409);
    const own = await ask(maker.page, `${path}/commands/release`, { method: "POST", body: "{}" });
    expect([own.status, JSON.parse(own.text).code]).toEqual([409, "OWN_BATCH"]);

    const { page, open, complaints } = await deskOf(browser, server);
    await logIn({ page, open, complaints, context: maker.context }, server, "admin");
    await open("/payout-batches");
    await page.getByRole("menuitem", { name: "To release", exact: true }).click();
    await page.getByText("200.00").first().waitFor();
    await settled(page);
    await shot(page, "queue");
    await page.getByRole("button", { name: /^Release/ }).waitFor();
    await page.keyboard.press("a");
    const panel = page.getByRole("dialog");
    await panel.getByText("Only somebody else than who gathered it may").waitFor();
    await panel.locator("button[type=submit]").press("Enter");
    await panel.waitFor({ state: "detached" });
    await open(`/payout-batches/${batch.id}/show`);
    const button = page.getByRole("link", { name: "File for the bank" });
    const saved = async (): Promise<string> => {
      const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
      expect(download.suggestedFilename()).toBe(`truewick-payouts-${batch.id}.xml`);
      return readFileSync(await download.path(), "utf8");
    };
    const [first, second] = [await saved(), await saved()];
    expect(second).toBe(first);
    const { file_hash } = await owner("payout_batches").where({ id: batch.id }).first("file_hash");
    expect(createHash("sha256").update(first).digest()).toEqual(file_hash);
    const noted = await owner("audit_log").where({ object_id: batch.id }).orderBy("id").pluck("action");
    expect(noted).toEqual(["gather", "release", "export", "export"]);

    await takeStatement(page);
    await open("/statement-lines");
    await page.getByText("Unmatched").first().waitFor();
    await settled(page);
    await shot(page, "lines");
    await open(`/payout-batches/${batch.id}/show`);
    await page.getByRole("row").filter({ hasText: "PAY-" }).filter({ hasText: "Paid" }).waitFor();
    await settled(page);
    expect([await overflowOf(page), await axeFindings(page)]).toEqual([0, []]);
    await shot(page, "batch");
    expect(complaints).toEqual([]);

    const chinese = await deskOf(browser, server, { locale: "zh-CN", theme: "dark" });
    await logIn(chinese, server, "finance");
    await chinese.open(`/payout-batches/${batch.id}/show`);
    await chinese.page.getByText("已付款").first().waitFor();
    await settled(chinese.page);
    await shot(chinese.page, "batch-zh");
    await chinese.open("/payout-batches");
    await chinese.page.getByText("已放行").first().waitFor();
    await shot(chinese.page, "list-zh");
    for (const role of ["support", "risk", "agent"] as const) expect(await statusAs(role, path)).toBe(403);
  });

  /** One of the two was paid; the bank's fee is nobody's. */
  async function takeStatement(page: Page): Promise<void> {
    const { owner } = server.database;
    const { id } = await owner("bank_accounts").where({ iban }).first("id");
    const payout = await owner("bank_payouts").where({ place: 1 }).first("reference", "withdrawal_id");
    const line = { bookedOn: "2026-11-20", bankReference: "B-1", partyName: "Ann", text: "Withdrawal" };
    const body = camt053({
      ...{ iban, currency: "USD", opening: "500.00", closing: "397.00" },
      lines: [
        { ...line, amount: "-100.00", endToEndId: payout.reference },
        { ...line, amount: "-3.00", bankReference: "B-2", text: "charges" },
      ],
    });
    const taken = await ask(page, `bank-accounts/${id}/statements?format=camt053`, { method: "POST", body });
    expect(JSON.parse(taken.text)).toMatchObject({ paid: 1, out: 1 });
    await until(
      () => owner("withdrawals").where({ id: payout.withdrawal_id }).first("state"),
      ({ state }) => state === "confirmed",
    );
  }

  async function statusAs(role: "support" | "risk" | "agent", path: string): Promise<number> {
    const headers = { "content-type": "application/json", origin: server.url };
    const login = await fetch(`${server.url}/api/admin/session`, {
      ...{ method: "POST", headers, body: JSON.stringify(server.credentials.staff[role]) },
    });
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    return (await fetch(`${server.url}/api/admin/${path}/pain001`, { headers: { cookie } })).status;
  }
});
