import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { type Locale, locales } from "#contracts/names.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { en } from "../../admin/i18n/en.ts";
import { zhCN } from "../../admin/i18n/zh-CN.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { axeFindings, type Desk, deskOf, logIn, overflowOf } from "./support/back-office.ts";
import { declarations } from "./support/declarations.ts";

jest.setTimeout(240_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;
if (chromiumPath === null)
  process.stderr.write("CHROMIUM_PATH is not set: the pages of the back office are not opened\n");

let server: RunningTruewick;
let browser: Browser;

inBrowser("every declared resource", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test.each(locales)("shows its list, pages and forms without a complaint, in %s", async (locale) => {
    const desk = await deskOf(browser, server, { locale });
    await logIn(desk, server, "admin");
    const found: string[] = [];
    for (const declaration of declarations)
      for (const route of await routesOf(desk, declaration)) {
        // Pages and forms show the labels of the list; once is enough.
        if (locale === "zh-CN" && route !== `/${declaration.name}`) continue;
        await desk.open(route);
        await settled(desk.page, declaration, route);
        found.push(...(await faultsOf(desk.page, locale)).map((fault) => `${route}: ${fault}`));
        if ((await cutColumnsOf(desk.page)) > 0) found.push(`${route}: columns are cut`);
      }
    expect(found).toEqual([]);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test.each([
    { locale: "en", theme: "light", width: 1440 },
    { locale: "zh-CN", theme: "dark", width: 1440 },
    { locale: "zh-CN", theme: "light", width: 360 },
    { locale: "en", theme: "dark", width: 360 },
  ] as const)("main screens pass axe and fit their window: $locale, $theme, $width px", async (looks) => {
    const desk = await deskOf(browser, server, looks);
    const found: string[] = [];
    const look = async (name: string) => {
      found.push(...(await axeFindings(desk.page)).map((finding) => `${name} ${finding}`));
      if ((await overflowOf(desk.page)) > 0) found.push(`${name} is wider than its window`);
      if (await isTitleClipped(desk.page)) found.push(`${name}: the title is cut without an ellipsis`);
    };
    await desk.open("/login");
    await desk.page.locator('input[name="email"]').waitFor();
    await look("login");
    await logIn(desk, server, "admin");
    await desk.page.locator("main section h2").first().waitFor();
    await look("dashboard");
    for (const [name, route] of await mainRoutes(desk)) {
      await desk.open(route);
      await settled(desk.page, declared(name), route);
      await look(route);
    }
    expect(found).toEqual([]);
    await desk.context.close();
  });
});

const declared = (name: string): ResourceDeclaration => {
  const found = declarations.find((declaration) => declaration.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
};

async function mainRoutes(desk: Desk): Promise<[string, string][]> {
  const routes = await Promise.all(
    ["accounts", "instruments", "session-calendars"].map(async (name) =>
      (await routesOf(desk, declared(name))).map((route): [string, string] => [name, route]),
    ),
  );
  return routes.flat();
}

/** The list, then the pages of the newest record and the forms, as far as they are declared. */
async function routesOf({ page }: Desk, { name, operations }: ResourceDeclaration): Promise<string[]> {
  const reply = await page.request.get(`${server.url}/api/admin/${name}?range=[0,0]`);
  const [first] = (await reply.json()) as { id: string | number }[];
  const id = first === undefined ? null : encodeURIComponent(first.id);
  return [
    `/${name}`,
    ...(operations.read !== undefined && id !== null ? [`/${name}/${id}/show`] : []),
    ...(operations.update !== undefined && id !== null ? [`/${name}/${id}`] : []),
    ...(operations.create !== undefined ? [`/${name}/create`] : []),
  ];
}

/** Waits for what the route is there for, and until nothing is being fetched. */
async function settled(page: Page, { name }: ResourceDeclaration, route: string): Promise<void> {
  const parts = {
    list: page.locator(`.list-page :is(tbody tr, dl, .empty-state)`),
    show: page.locator("section dl"),
    form: page.locator("main form button[type=submit]"),
  };
  const part = route === `/${name}` ? "list" : route.endsWith("/show") ? "show" : "form";
  await parts[part].first().waitFor();
  await page.locator(".app-loader").waitFor({ state: "detached" });
}

/** Words that were not translated, and a page that scrolls sideways. */
async function faultsOf(page: Page, locale: Locale): Promise<string[]> {
  const text = await page.locator("body").innerText();
  const keys = text.match(/\b(?:desk|ra|resources)\.[a-z_]+\.[\w.-]+/g) ?? [];
  const foreign = sentencesOf(locale === "en" ? zhCN : en).filter((sentence) => text.includes(sentence));
  const overflow = await overflowOf(page);
  return [...keys, ...foreign, ...(overflow > 0 ? [`${overflow} px wider than the window`] : [])];
}

/** How far the table of a list is wider than the room it has: 0 where every column is seen without scrolling. */
const cutColumnsOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const table = document.querySelector(".RaDataTable-tableWrapper");
    return table === null ? 0 : table.scrollWidth - table.clientWidth;
  });

/** Whether a title that is too long for the bar holds boxes, which are cut where text would end in an ellipsis. */
const isTitleClipped = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const title = document.querySelector("#react-admin-title");
    if (title === null || title.scrollWidth <= title.clientWidth) return false;
    const parts = [...title.querySelectorAll("*")];
    return (
      getComputedStyle(title).textOverflow !== "ellipsis" ||
      parts.some((part) => getComputedStyle(part).display !== "inline")
    );
  });

/** Phrases of a dictionary that can't stand on a page of the other language by chance. */
function sentencesOf(messages: object): string[] {
  return Object.values(messages).flatMap((value: unknown) => {
    if (typeof value === "object" && value !== null) return sentencesOf(value);
    const isPhrase =
      typeof value === "string" && !value.includes("%{") && (/[\u3400-\u9fff]{2}/.test(value) || /\w \w/.test(value));
    return isPhrase ? [value as string] : [];
  });
}
