import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Page } from "playwright-core";

export type Row = Readonly<Record<string, string>>;

/** Logs in to the back office as a person does. */
export async function logInStaff(page: Page, url: string, who: { email: string; password: string }): Promise<void> {
  await page.goto(`${url}/admin/`);
  await page.locator('input[type="email"]').fill(who.email);
  await page.locator('input[type="password"]').fill(who.password);
  await page.locator('button[type="submit"]').click();
  await page.locator("main").getByText("Books").first().waitFor();
}

/** Opens a resource's list narrowed by a filter and waits until it shows `count` rows. */
export async function openList(
  page: Page,
  url: string,
  resource: string,
  filter: object,
  count: number,
): Promise<void> {
  await page.goto(`${url}/admin/#/${resource}?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  await page
    .locator("tbody tr")
    .nth(count - 1)
    .waitFor();
}

/** Presses the list's export button and reads the file that the browser saves. */
export async function exportCsv(page: Page): Promise<readonly Row[]> {
  const saving = page.waitForEvent("download");
  await page
    .getByRole("button", { name: /Export/ })
    .or(page.getByRole("link", { name: /Export/ }))
    .first()
    .click();
  const file = await (await saving).path();
  return parse(readFileSync(file), { columns: true, bom: true }) as Row[];
}
