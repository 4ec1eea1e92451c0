import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import jsqr from "jsqr";
import type { Browser, Locator, Page } from "playwright-core";
import transfers from "#contracts/resources/transfers.ts";
import { statementTexts } from "../../widget/i18n/cashier-statements.ts";
import { axeFindings } from "../admin/support/back-office.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { startTron, type Tron } from "../support/chain/tron.ts";
import { tronWalletAddress, tronXpub } from "../support/chain/tron-desk.ts";
import { staffApi } from "../support/staff-api.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { complaintsOf, signIn } from "./page-support.ts";

test("every kind of movement has its words in both languages", () => {
  const kinds = Object.keys(transfers.fields.code.optionLabels);
  for (const texts of Object.values(statementTexts)) expect(Object.keys(texts.kinds)).toEqual(kinds);
});

const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("the cashier", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-statements-"));
  let tron: Tron;
  let truewick: RunningTruewick;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    tron = await startTron();
    tron.mine(3);
    const entry = {
      ...{ channel: "usdt-trc20", nodeUrl: tron.nodeUrl, genesis: tron.genesis, contract: tron.usdt, decimals: 6 },
      xpub: tronXpub,
    };
    const settings = path.join(folder, "payments.json");
    writeFileSync(settings, JSON.stringify({ tron: [1, 2].map((tenantId) => ({ ...entry, tenantId })) }));
    chmodSync(settings, 0o600);
    [truewick, browser] = await Promise.all([startTruewick({ PAYMENTS_FILE: settings }), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
    await tron?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);
  beforeEach(async () => {
    page = await browser.newPage({
      ...{ viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce", locale: "en-US", acceptDownloads: true },
    });
    page.setDefaultTimeout(20_000);
  });
  afterEach(() => page.close());

  const dialog = (): Locator => page.locator("truewick-cashier dialog");
  const open = async (account: string, language = "en"): Promise<void> => {
    await page.goto(`${truewick.url}/demo/`);
    await page.evaluate(
      (locale) => document.querySelector("truewick-trader")?.setAttribute("locale", locale),
      language,
    );
    await signIn(page, truewick.credentials.traders[0]);
    await page.locator("truewick-header select").selectOption(account);
    await page.locator("truewick-header button.cashier").click();
    await dialog().locator("[role=tab]#deposit[aria-selected=true]").waitFor();
  };
  const look = async (name: string): Promise<void> => {
    const to = process.env.CASHIER_LOOKS;
    if (to !== undefined) await page.screenshot({ path: path.join(to, `${name}.png`) });
  };

  /** Statements as the close leaves them, of more days than one page has. */
  const seed = (accountId: string): Promise<unknown> =>
    truewick.database.owner.raw(
      `INSERT INTO account_statements (tenant_id, book_date, account_id, trader_id, book, currency, currency_scale, opening_minor,
         moved_minor, closing_minor, held_minor, movements, totals, movements_hash, positions, open_pnl_minor, hash)
       SELECT tenant_id, day::date, id, trader_id, book, currency, currency_scale, 100000, -1234, 98766, 10000, 3,
         '{"realized-pnl": "-1110", "fee": "-124"}', sha256('x'),
         '[{"instrument": "MES", "lots": "-2", "costTicks": "-40002", "priceTicks": "20004", "markDate": "2026-10-30", "openPnl": "-750", "termsVersion": 1}]',
         -750, decode(md5(day::text) || md5(day::text), 'hex')
       FROM accounts, generate_series('2026-09-01'::timestamp, '2026-10-30', '1 day') AS day WHERE id = ?`,
      [accountId],
    );

  test("shows the daily statements by month, each with what moved, as a file and as a page to print", async () => {
    const complaints = complaintsOf(page);
    const accountId = truewick.credentials.traders[0]?.accountId ?? "";
    await seed(accountId);
    await open(accountId);
    await dialog().locator("#deposit").press("ArrowLeft");
    await dialog().getByRole("heading", { name: "October 2026" }).waitFor();
    expect(await dialog().locator("[data-statement]").count()).toBe(40);
    // Pressed twice at once: the next page comes once.
    await dialog()
      .locator(".more")
      .evaluate((button) => {
        for (const _press of [1, 2]) (button as HTMLElement).click();
      });
    await dialog().locator('[data-statement="2026-09-01"]').waitFor();
    expect(await dialog().locator("[data-statement]").count()).toBe(60);
    expect(await dialog().locator(".more").count()).toBe(0);
    const first = dialog().locator('[data-statement="2026-10-30"]');
    await first.locator(".fold").press("Enter");
    expect(await first.locator(".fold").getAttribute("aria-expanded")).toBe("true");
    const said = await first.locator(".details").innerText();
    for (const text of ["1,000.00", "−11.10", "Realised P&L", "987.66", "−2", "5,000.25", "5,001.00", "SHA-256"])
      expect(said).toContain(text);
    expect(await first.locator("code").innerText()).toMatch(/^[0-9a-f]{64}$/);
    expect(await faultsInEachLook("statements")).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 1000 });

    // While the cashier reads anew after the file, a window could not be filled: none may be opened.
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route("**/api/trading/payout-targets", (route) => held.then(() => route.continue()));
    const saved = page.waitForEvent("download");
    await first.locator(".csv").click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe("statement-2026-10-30.csv");
    expect(readFileSync(await file.path(), "utf8").split("\n").length).toBeGreaterThan(1);
    expect(await first.locator(".print").isDisabled()).toBe(true);
    goOn();
    await first.locator(".print:enabled").waitFor();
    await page.unroute("**/api/trading/payout-targets");
    expect(complaints).toEqual([]);
    // As under a partner who forbids styles that are written into a page: his rules hold for a window opened from it too.
    await page.evaluate(() => {
      const rules = { httpEquiv: "Content-Security-Policy", content: "style-src 'self'" };
      document.head.append(Object.assign(document.createElement("meta"), rules));
    });
    const printed = page.context().waitForEvent("page");
    await first.locator(".print").click();
    const sheet = await printed;
    await until(
      () => sheet.evaluate(() => document.body.innerText),
      (text) => text.includes("2026-10-30"),
    );
    expect(await sheet.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe("960px");
    expect(await sheet.locator("script").count()).toBe(0);
    await sheet.close();
  }, 60_000);

  /** What axe finds in each look, and what is wider than its window. */
  const faultsInEachLook = async (name: string): Promise<string[]> => {
    const faults: string[] = [];
    for (const theme of ["dark", "light"])
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 1000 });
        await page.locator("truewick-trader").evaluate((widget, to) => widget.setAttribute("theme", to), theme);
        faults.push(...(await axeFindings(page, dialog())).map((finding) => `${theme} ${width}: ${finding}`));
        if (await dialog().evaluate((box) => box.scrollWidth > box.clientWidth)) faults.push(`${theme} ${width}: cut`);
        await look(`${name}-${theme}-${width}`);
      }
    return faults;
  };

  test("tells of past deposits by state and beyond one page; what came today, by any channel, leaves less of the day", async () => {
    const { owner } = truewick.database;
    const accountId = truewick.credentials.traders[0]?.accountId ?? "";
    const day = { deposits_enabled: true, deposit_day_max_minor: 500_000 };
    expect(await owner("payment_channels").where({ channel: "bank", currency: "USD" }).update(day)).toBeGreaterThan(0);
    await owner.raw(
      `INSERT INTO deposits (id, tenant_id, trader_id, account_id, channel, reference, asked_minor, currency, currency_scale, state, created_at, ended_at)
       SELECT gen_random_uuid(), a.tenant_id, a.trader_id, a.id, 'bank', 'PAST-' || n, n * 100, a.currency, a.currency_scale, 'expired',
         clock_timestamp() - n * interval '1 day', clock_timestamp()
       FROM accounts a, generate_series(1, 45) n WHERE a.id = ?`,
      [accountId],
    );
    await open(accountId);
    const left = dialog().locator("dl div", { hasText: "Left of 24 hours" });
    await left.filter({ hasText: "5,000.00" }).waitFor();
    const rows = dialog().locator("[data-deposit]");
    await rows.nth(39).waitFor();
    expect(await rows.count()).toBe(40);
    await dialog().locator(".more").click();
    await rows.nth(44).waitFor();
    expect([await rows.count(), await dialog().locator(".more").count()]).toEqual([45, 0]);

    await owner.raw(
      `INSERT INTO deposits (id, tenant_id, trader_id, account_id, channel, payment_no, received_minor, received_at, credited_at, currency, currency_scale, state, ended_at)
       SELECT gen_random_uuid(), tenant_id, trader_id, id, 'stripe', 'today', 7500, clock_timestamp(), clock_timestamp(), currency, currency_scale, 'credited', clock_timestamp()
       FROM accounts WHERE id = ?`,
      [accountId],
    );
    await left.filter({ hasText: "4,925.00" }).waitFor();
    await rows.nth(45).waitFor();
    await dialog().locator("[name=state]").selectOption({ label: "Credited" });
    await rows.nth(1).waitFor({ state: "detached" });
    expect(await rows.innerText()).toContain("75.00");
    expect(await faultsInEachLook("history")).toEqual([]);
  }, 60_000);

  test("on a telephone in Chinese nothing of a statement is cut off", async () => {
    await page.setViewportSize({ width: 360, height: 780 });
    await open(truewick.credentials.traders[0]?.accountId ?? "", "zh-CN");
    await dialog().locator("#statements").click();
    await dialog().locator(".fold").first().click();
    await dialog().getByText("已实现盈亏").waitFor();
    await look("statements-zh-360");
    expect(await dialog().evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  }, 60_000);

  test("shows the address on a chain as a code that a reader reads back", async () => {
    const { app } = truewick.database;
    const currency = { channel: "usdt-trc20", currency: "USDT", deposits_enabled: true };
    await app("payment_channels").insert(currency);
    const trader = await app("traders").where({ email: truewick.credentials.traders[0]?.email }).first("id");
    const staff = await staffApi(truewick);
    const accountId = await staff.create("accounts", { traderId: trader.id, book: "live", currency: "USDT" });
    await until(
      () => app("chain_watches").where({ channel: "usdt-trc20" }).first("network"),
      (watch) => watch !== undefined,
    );
    await open(accountId);
    await dialog().locator(".show").click();
    expect(await dialog().locator('[data-copy="address"]').innerText()).toBe(tronWalletAddress(0));
    const svg = dialog().locator("truewick-qr svg");
    await svg.waitFor();
    expect(await faultsInEachLook("qr")).toEqual([]);
    const size = Number((await svg.getAttribute("viewBox"))?.split(" ")[2]);
    expect(readBack(size, (await svg.locator("path").getAttribute("d")) ?? "")).toBe(tronWalletAddress(0));
    expect(await svg.getAttribute("aria-label")).toBe("Your address as a QR code");
  }, 60_000);
});

/** What an independent reader makes of the modules that were drawn, eight pixels each. */
function readBack(size: number, drawn: string): string | undefined {
  const scale = 8;
  const width = size * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of drawn.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let at = 0; at < scale * scale; at++) {
      const [column, row] = [Number(x) * scale + (at % scale), Number(y) * scale + Math.floor(at / scale)];
      pixels.fill(0, 4 * (row * width + column), 4 * (row * width + column) + 3);
    }
  return (jsqr as unknown as { default: typeof jsqr }).default(pixels, width, width)?.data;
}
