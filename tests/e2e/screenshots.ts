import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { findChromium } from "../../server/platform/embedded/chromium.ts";
import { launchBrowser } from "../support/browser.ts";
import type { DemoCredentials } from "../support/truewick.ts";
import { logInStaff } from "./staff.ts";

/**
 * `npm run screenshots [-- URL [DATA_DIR]]`: takes the README's pictures from a running demo installation.
 * The trader places a few orders first, so that there is something to see.
 */
const [url = "http://localhost:8080", dataDir = ".data"] = process.argv.slice(2);
const folder = path.resolve(import.meta.dirname, "../../server/docs/screenshots");
const readingMs = 600;
const settleMs = 2_500;

const credentials: DemoCredentials = JSON.parse(readFileSync(path.join(dataDir, "credentials.json"), "utf8"));
mkdirSync(folder, { recursive: true });
const chromium = findChromium(process.env.CHROMIUM_PATH || null, (line) => process.stdout.write(`${line}\n`));
const browser = await launchBrowser(chromium);
try {
  await widget(browser);
  await backOffice(browser);
} finally {
  await browser.close();
}

async function widget(from: Browser): Promise<void> {
  const page = await from.newPage({ viewport: { width: 1360, height: 1000 } });
  const trader = credentials.traders[0];
  await page.goto(`${url}/demo/`);
  await page.getByLabel("Email").fill(trader?.email ?? "");
  await page.getByLabel("Password").fill(trader?.password ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("truewick-chart .highcharts-candlestick-series .highcharts-point").nth(20).waitFor();
  await order(page, /^Buy 1 /);
  await page.waitForTimeout(settleMs);
  await page.screenshot({ path: path.join(folder, "widget.png") });
  await page.close();
}

async function order(page: Page, side: RegExp): Promise<void> {
  await page.getByRole("button", { name: side }).click();
  await page.waitForTimeout(readingMs);
  await page.getByRole("button", { name: /^Confirm/ }).click();
  await page.locator("truewick-trade-buttons .status").filter({ hasText: "Filled" }).waitFor();
}

async function backOffice(from: Browser): Promise<void> {
  const page = await from.newPage({ viewport: { width: 1440, height: 900 } });
  await logInStaff(page, url, credentials.staff.admin);
  await page.waitForTimeout(settleMs);
  await page.screenshot({ path: path.join(folder, "back-office.png") });
  await page.close();
}
