import path from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { axeFindings, deskOf, logIn, overflowOf } from "./support/back-office.ts";

jest.setTimeout(240_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;

let server: RunningTruewick;
let browser: Browser;
let closing: string;
let stopped: string;

inBrowser("a day's close", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
    // The scheduler opens each partner's date and leaves it alone until it is over.
    const [one, other] = await server.database.owner("day_closes").orderBy("tenant_id").select("id");
    [closing, stopped] = [String(one.id), String(other.id)];
    const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    await end(closing, "set-closed", { closedThrough: "2026-11-23" });
    await end(closing, "snapshot", { accounts: "1284", transfers: "90211", digest });
    await end(closing, "invariants", { checked: 17, broken: [] });
    await end(closing, "seal", { heads: [`transfers 41 ${digest}`, `audit-log 17 ${digest}`] });
    await end(closing, "statements", { statements: "311" });
    const channels = ["bank USD ours 1005.00, theirs 1255.00, unexplained 250.00", "gateway USD ours 735.50"];
    const rows = ["gateway only-theirs line T-99:PAY: USD ours 0.00, theirs 7.00, since 2026-11-20"];
    await end(closing, "reconcile", { matched: "57", open: "1", channels, incomplete: ["stripe NO_ANSWER"], rows });
    await end(closing, "commissions", { commissionFills: "902", payouts: "12", held: "1" });
    await server.database
      .owner("day_close_steps")
      .where({ close_id: closing, step: "pay-commissions" })
      .update({ waits_for: "cut-off", waits_until: "2026-11-24T18:00:00Z" });
    await server.database.owner("day_closes").where({ id: closing }).update({ state: "closing" });
    await end(stopped, "set-closed", { closedThrough: "2026-11-23" });
    await end(stopped, "snapshot", { accounts: "9", transfers: "0", digest });
    await end(
      stopped,
      "invariants",
      { checked: 17, broken: ["I2"], rows: ["I2 account 7: posted 5, journal 4"] },
      "failed",
    );
    await server.database.owner("day_closes").where({ id: stopped }).update({ state: "failed" });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const end = (close: string, step: string, figures: object, state = "done") =>
    server.database
      .owner("day_close_steps")
      .where({ close_id: close, step })
      .update({
        ...{ state, figures: JSON.stringify(figures), told_by: "system", took_ms: 1_234 },
        told_at: server.database.owner.raw("clock_timestamp()"),
      });

  test("tells each step with its figures, what it waits for and what stopped it", async () => {
    const desk = await deskOf(browser, server);
    const { page } = desk;
    await logIn(desk, server, "finance");
    await desk.open(`/day-closes/${closing}/show`);
    const step = (name: string) =>
      page.getByRole("region", { name: "Steps" }).getByRole("listitem", { name, exact: true });
    await page.getByText("7 of 8 done").waitFor();
    await step("Balances of the date").getByText("90,211").waitFor();
    await step("Balances of the date").getByText("took 1.2 s").waitFor();
    await step("Compare with the channels").getByText("stripe NO_ANSWER").waitFor();
    await step("Pay commissions on the next date").getByText("Waits for: The hour").waitFor();
    await desk.open(`/day-closes/${stopped}/show`);
    await page.getByText("ALARM: a rule does not hold at “Rules of the books”.").waitFor();
    await step("Rules of the books").getByText("I2 account 7: posted 5, journal 4").waitFor();
    await page.getByRole("button", { name: "Dry run" }).click();
    const panel = page.getByRole("dialog");
    await panel.locator("button[type=submit]").click();
    await panel.getByText("Payments that differ by what is known now").waitFor();
    await desk.open("/");
    await page.getByRole("link", { name: /Day closes stopped by a broken rule: 1/ }).waitFor();
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  test.each([
    { locale: "en", width: 1440, theme: "light" },
    { locale: "zh-CN", width: 1440, theme: "dark" },
    { locale: "en", width: 360, theme: "dark" },
    { locale: "zh-CN", width: 360, theme: "light" },
  ] as const)("fits its window: $locale, $width px", async (looks) => {
    const desk = await deskOf(browser, server, looks);
    await logIn(desk, server, "admin");
    for (const [name, id] of [
      ["closing", closing],
      ["stopped", stopped],
    ] as const) {
      await desk.open(`/day-closes/${id}/show`);
      await desk.page.locator('main :text("2026"):visible').first().waitFor();
      await desk.page.locator("main ol li:visible").nth(7).waitFor();
      await desk.page.locator(".app-loader").waitFor({ state: "detached" });
      const picture = `close-${name}-${looks.locale}-${looks.width}.png`;
      const folder = process.env.RECONCILIATION_SCREENSHOTS ?? server.dataDir;
      await desk.page.screenshot({ path: path.join(folder, picture), fullPage: true });
      expect(await axeFindings(desk.page)).toEqual([]);
      expect(await overflowOf(desk.page)).toBe(0);
    }
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });
});
