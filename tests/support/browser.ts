import { type Browser, chromium } from "playwright-core";

/** Set by `npm test`; null where no Chromium was found, and the browser tests are skipped with a notice. */
export const chromiumPath: string | null = process.env.CHROMIUM_PATH ?? null;

/** Headless Chromium that makes no connection of its own. */
export function launchBrowser(): Promise<Browser> {
  if (chromiumPath === null) throw new Error("CHROMIUM_PATH is not set");
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
