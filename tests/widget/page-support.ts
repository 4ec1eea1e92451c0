import type { ConsoleMessage, Locator, Page } from "playwright-core";
import type { DemoCredentials } from "../support/truewick.ts";

type TraderLogin = DemoCredentials["traders"][number];

/** Fills the widget's own form and waits until live candles are drawn. */
export async function signIn(page: Page, trader: TraderLogin | undefined): Promise<void> {
  if (!trader) throw new Error("the demo has no such trader");
  await page.locator("truewick-login input[name=email]").fill(trader.email);
  await page.locator("truewick-login input[name=password]").fill(trader.password);
  await page.locator("truewick-login button").click();
  await candles(page).first().waitFor({ state: "attached" });
  await sideButton(page, "buy").and(page.locator('[aria-disabled="false"]')).waitFor();
}

export const candles = (page: Page): Locator => page.locator("truewick-chart .highcharts-candlestick-series path");

export const sideButton = (page: Page, side: "buy" | "sell"): Locator =>
  page.locator(`truewick-trade-buttons button.${side}`);

export const orderStatus = (page: Page): Locator => page.locator("truewick-trade-buttons .status");

/** Presses a side and confirms it. */
export async function order(page: Page, side: "buy" | "sell"): Promise<void> {
  await sideButton(page, side).click();
  const confirm = page.locator("truewick-trade-buttons button.confirm");
  await confirm.waitFor();
  await pastDoubleClick(page);
  await confirm.click();
}

/** Lets the page's clock pass the time in which a second click counts as half of a double click. */
export async function pastDoubleClick(page: Page): Promise<void> {
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction((began) => performance.now() - began > 420, since);
}

/** Everything the page complains of. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("console", (message: ConsoleMessage) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

export interface Colours {
  readonly total: number;
  readonly black: number;
  readonly up: number;
  readonly down: number;
}

/** Counts what colours a picture of an element has: a chart can be right in the DOM and black on the screen. */
export async function coloursOf(element: Locator): Promise<Colours> {
  const png = (await element.screenshot()).toString("base64");
  const looker = await element.page().context().browser()?.newPage();
  if (!looker) throw new Error("the browser has gone");
  try {
    return await looker.evaluate(async (encoded) => {
      const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, 0, picture.width, picture.height);
      const near = (at: number, [red, green, blue]: readonly [number, number, number]): boolean =>
        Math.abs((data[at] ?? 0) - red) < 12 &&
        Math.abs((data[at + 1] ?? 0) - green) < 12 &&
        Math.abs((data[at + 2] ?? 0) - blue) < 12;
      const counted = { total: data.length / 4, black: 0, up: 0, down: 0 };
      for (let at = 0; at < data.length; at += 4) {
        if (near(at, [0, 0, 0])) counted.black += 1;
        if (near(at, [10, 128, 88])) counted.up += 1;
        if (near(at, [209, 54, 63])) counted.down += 1;
      }
      return counted;
    }, png);
  } finally {
    await looker.close();
  }
}
