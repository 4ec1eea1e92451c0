import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type { Locale, StaffRole } from "#contracts/names.ts";
import type { RunningTruewick } from "../../support/truewick.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Desk {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of: console errors and uncaught exceptions. */
  readonly complaints: string[];
  /** Opens a page of the back office by its route. */
  readonly open: (route: string) => Promise<void>;
}

interface Looks {
  readonly locale?: Locale;
  readonly theme?: "light" | "dark";
  readonly width?: number;
}

/** A browser at the back office with these looks, not yet logged in. */
export async function deskOf(browser: Browser, server: RunningTruewick, looks: Looks = {}): Promise<Desk> {
  const { locale = "en", theme = "light", width = 1440 } = looks;
  const context = await browser.newContext({ viewport: { width, height: 900 }, timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(
    ([chosenLocale, chosenTheme]) => {
      if (localStorage.getItem("RaStoretruewick.locale") !== null) return;
      localStorage.setItem("RaStoretruewick.locale", JSON.stringify(chosenLocale));
      localStorage.setItem("RaStoretruewick.theme", JSON.stringify(chosenTheme));
    },
    [locale, theme] as const,
  );
  return { context, page, complaints, open: async (route) => void (await page.goto(`${server.url}/admin/#${route}`)) };
}

/** Logs in through the page, as a person does. */
export async function logIn({ page, open }: Desk, server: RunningTruewick, role: StaffRole): Promise<void> {
  const { email, password } = server.credentials.staff[role];
  await open("/login");
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('button[type="submit"]').click();
  await page.locator(".RaLayout-appFrame").waitFor();
}

/** The serious and critical findings of axe on the page as it is now, or on a part of it, one line each. */
export async function axeFindings(page: Page, part?: Locator): Promise<string[]> {
  await page.evaluate(axeSource);
  const find = async (root: unknown): Promise<string[]> => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(root instanceof Element ? root : document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`);
  };
  return part === undefined ? page.evaluate(find, null) : part.evaluate(find);
}

/** How far the page is wider than its window: 0 where only parts of it scroll sideways. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
