import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { merchant, type PaymentGateway, paymentGateway } from "../support/payment-gateway.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { axeFindings, deskOf, logIn, overflowOf } from "./support/back-office.ts";

jest.setTimeout(240_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;

let server: RunningTruewick;
let browser: Browser;
let peer: PaymentGateway;
let settings: string;

inBrowser("what a channel says beside the books", () => {
  beforeAll(async () => {
    peer = await paymentGateway(() => Date.now());
    settings = mkdtempSync(path.join(os.tmpdir(), "truewick-payments-"));
    const file = path.join(settings, "payments.json");
    const account = {
      ...merchant,
      tenantId: 1,
      payUrl: peer.payUrl,
      queryUrl: peer.queryUrl,
      settleUrl: peer.settleUrl,
    };
    writeFileSync(file, JSON.stringify({ gateway: [account] }), { mode: 0o600 });
    [server, browser] = await Promise.all([startTruewick({ PAYMENTS_FILE: file }), launchBrowser()]);
    await server.database.owner("payment_channels").insert({
      channel: "gateway",
      currency: "USD",
      deposits_enabled: true,
      deposit_four_eyes_above_minor: 10_000_000,
    });
    await payments();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await peer?.close();
    if (settings !== undefined) rmSync(settings, { recursive: true, force: true });
  });
  const pictureOf = (name: string): string =>
    path.join(process.env.RECONCILIATION_SCREENSHOTS ?? server.dataDir, `${name}.png`);

  /** Two payments that both sides have, one that the gateway says less of, one that it has not, one that we were never told of. */
  async function payments(): Promise<void> {
    const trader = server.credentials.traders[0];
    const json = { "content-type": "application/json" };
    const login = await fetch(`${server.url}/api/trading/session`, {
      ...{ method: "POST", headers: json, body: JSON.stringify({ email: trader?.email, password: trader?.password }) },
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const headers = { ...json, authorization: `Bearer ${accessToken}` };
    for (const amount of ["100.00", "250.00", "75.50", "310.00", "40.00"]) {
      const body = JSON.stringify({
        requestId: randomUUID(),
        accountId: trader?.accountId,
        channel: "gateway",
        amount,
      });
      const answer = await fetch(`${server.url}/api/trading/deposits`, { method: "POST", headers, body });
      const { deposit } = (await answer.json()) as { deposit: { payUrl: string } };
      const payment = peer.pay(deposit.payUrl);
      if (amount === "40.00") continue;
      await fetch(`${server.url}/api/payments/gateway/1/notice`, {
        ...{ method: "POST", body: peer.notice(payment) },
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    }
    const credited = () => server.database.owner("deposits").where({ state: "credited" }).count({ n: "*" }).first();
    await until(
      async () => Number((await credited())?.n),
      (n) => n === 4,
    );
    peer.settled.rowsOf = ({ tradeNo, orderNo, amount }) => {
      const said = amount === "75.50" ? "75.05" : amount;
      return amount === "310.00" ? [] : [`${tradeNo},${orderNo},PAY,${said},USD,${Math.floor(Date.now() / 1_000)}`];
    };
  }

  const settled = (page: Page) => page.locator(".app-loader").waitFor({ state: "detached" });
  const shoot = async (page: Page, name: string) => {
    await settled(page);
    await page.screenshot({ path: pictureOf(name), fullPage: true });
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
  };

  test("is compared when a person asks, told in lists, and cleared by keyboard", async () => {
    const desk = await deskOf(browser, server);
    const { page } = desk;
    await logIn(desk, server, "finance");
    await desk.open("/reconciliation-runs/create");
    const { name: partner } = await server.database.owner("partners").where({ id: 1 }).first("name");
    await page.getByRole("combobox", { name: "Partner" }).fill(partner);
    await page.getByRole("option").first().click();
    await page.getByRole("combobox", { name: "Channel" }).click();
    await page.getByRole("option", { name: "Payment gateway" }).click();
    const { rows } = await server.database.owner.raw(
      "SELECT to_char(book_date_of(clock_timestamp()), 'YYYY-MM-DD') AS today",
    );
    await page.locator('input[name="fromDate"]').fill(rows[0].today);
    await page.locator('input[name="toDate"]').fill(rows[0].today);
    await page.locator("button[type=submit]").click();
    await page.getByText("Totals by currency").waitFor();
    for (const [list, figure] of [
      ["Only theirs", "40.00"],
      ["Only ours", "310.00"],
      ["Two amounts", "75.05"],
      ["Matched", "250.00"],
    ] as const)
      await page
        .getByRole("region", { name: `Compared payments · ${list}` })
        .getByText(figure)
        .first()
        .waitFor();
    await shoot(page, "reconciliation-run-en-1440");
    await page.getByRole("menuitem", { name: "To clear" }).click();
    const list = page.getByRole("navigation", { name: "To clear" });
    const at = (title: string) => list.locator("[aria-current=true]").filter({ hasText: title }).waitFor();
    await list.getByText("310.00").waitFor();
    await shoot(page, "reconciliation-queue-en-1440");
    const panel = page.getByRole("dialog");
    const waiting = await list.locator("button").allTextContents();
    expect(waiting).toHaveLength(3);
    await at(waiting[0] ?? "");
    await page.keyboard.press("c");
    await panel.locator("button[type=submit]").press("Enter");
    await panel.waitFor({ state: "detached" });
    await list.getByText("Finance", { exact: false }).first().waitFor();
    await page.keyboard.press("r");
    await panel.getByRole("combobox", { name: "Reason" }).click();
    await page.getByRole("option", { name: "Error of the channel" }).click();
    expect(await panel.getByLabel("Mending transfers' group").count()).toBe(0);
    await panel.locator("textarea").first().fill("The gateway will send it again.");
    await panel.screenshot({ path: pictureOf("reconciliation-resolve-en-1440") });
    await panel.locator("button[type=submit]").press("Enter");
    await panel.waitFor({ state: "detached" });
    await at(waiting[1] ?? "");
    const states = await server.database.owner("reconciliation_tasks").orderBy("state").select("state", "reason");
    expect(states).toEqual([
      { state: "open", reason: null },
      { state: "open", reason: null },
      { state: "resolved", reason: "channel-error" },
    ]);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test.each([
    { locale: "zh-CN", width: 1440, theme: "light" },
    { locale: "zh-CN", width: 360, theme: "dark" },
    { locale: "en", width: 360, theme: "light" },
  ] as const)("fits its window: $locale, $width px", async (looks) => {
    const desk = await deskOf(browser, server, looks);
    await logIn(desk, server, "admin");
    const { id } = await server.database.owner("reconciliation_runs").where({ channel: "gateway" }).first("id");
    const shots = [
      ["run", `/reconciliation-runs/${id}/show`],
      ["queue", "/queue/reconciliation-tasks"],
      ["tasks", "/reconciliation-tasks"],
    ] as const;
    for (const [name, route] of shots) {
      await desk.open(route);
      await desk.page.locator('main :text("310.00"):visible').first().waitFor();
      await shoot(desk.page, `reconciliation-${name}-${looks.locale}-${looks.width}`);
    }
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });
});
