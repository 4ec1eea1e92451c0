import { type Browser, chromium } from "playwright-core";

/** Set by `npm test`; null where no Chromium was found, and the browser tests are skipped with a notice. */
export const chromiumPath: string | null = process.env.CHROMIUM_PATH ?? null;

/** Headless Chromium that makes no connection of its own. */
export function launchBrowser(executablePath: string | null = chromiumPath): Promise<Browser> {
  if (executablePath === null) throw new Error("No Chromium: install it, or set CHROMIUM_PATH.");
  return chromium.launch({
    executablePath,
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
