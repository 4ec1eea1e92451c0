import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { exposureRoles } from "#contracts/exposure.ts";
import { fundFlowSubjects } from "#contracts/fund-flow.ts";
import { staffRoles } from "#contracts/names.ts";
import { mayDo, mayWork } from "../../admin/providers/permissions.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { type Desk, deskOf, logIn } from "./support/back-office.ts";
import { declarations } from "./support/declarations.ts";

jest.setTimeout(120_000);
const inBrowser = chromiumPath === null ? describe.skip : describe;
if (chromiumPath === null)
  process.stderr.write("CHROMIUM_PATH is not set: the stories of the back office are not told\n");

let server: RunningTruewick;
let browser: Browser;

inBrowser("an operator", () => {
  beforeAll(async () => {
    [server, browser] = await Promise.all([startTruewick(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const loggedIn = async (role: (typeof staffRoles)[number]): Promise<Desk> => {
    const desk = await deskOf(browser, server);
    await logIn(desk, server, role);
    return desk;
  };

  test("who mistypes his password is told so, and may try again", async () => {
    const { page, open, context } = await deskOf(browser, server);
    await open("/login");
    await page.locator('input[name="email"]').fill(server.credentials.staff.support.email);
    await page.locator('input[name="password"]').fill("not the password");
    await page.locator('button[type="submit"]').click();
    await page.getByText("Email or password is wrong").waitFor();
    await page.locator('input[name="password"]').fill(server.credentials.staff.support.password);
    await page.locator('button[type="submit"]').click();
    await page.locator(".RaLayout-appFrame").waitFor();
    await context.close();
  });

  test("whose session has ended is asked to log in again", async () => {
    const { page, open, context } = await loggedIn("support");
    await page.request.delete(`${server.url}/api/admin/session`, { headers: { origin: server.url } });
    await open("/traders");
    await page.locator('input[name="password"]').waitFor();
    expect(page.url()).toContain("/login");
    await context.close();
  });

  test.each(staffRoles)("of the role %s is offered exactly what he may list and work on", async (role) => {
    const { page, context } = await loggedIn(role);
    const session = (await (await page.request.get(`${server.url}/api/admin/session`)).json()) as {
      role: typeof role;
      tenantId: number | null;
    };
    const links = await page
      .locator('[role="menu"] a')
      .evaluateAll((found) => found.map((a) => a.getAttribute("href")));
    const offered = links.map((href) => href?.replace("#/", "")).filter((name) => name !== "" && name !== "agent-tree");
    const allowed = declarations.filter((declaration) => mayDo(declaration, session, "list"));
    const queues = allowed.filter((declaration) => mayWork(declaration, session)).map(({ name }) => `queue/${name}`);
    const seesMoney = allowed.some(({ group }) => group === "money");
    const follows = seesMoney && fundFlowSubjects.trader.roles.includes(role) ? ["fund-flow"] : [];
    const seesLimits = allowed.some(({ name }) => name === "risk-limits");
    const desk = [...(exposureRoles.includes(role) ? ["exposure"] : []), ...(seesLimits ? ["risk-table"] : [])];
    expect([...offered].sort()).toEqual([...allowed.map(({ name }) => name), ...queues, ...follows, ...desk].sort());
    await context.close();
  });

  test("halts an instrument in a panel that says the consequence, and finds it in the history", async () => {
    const { page, open, context } = await loggedIn("admin");
    await open("/instruments/MCL/show");
    const command = declarations.find(({ name }) => name === "instruments")?.commands?.["set-trade-mode"];
    const [label] = command?.label ?? [""];
    await page.getByRole("button", { name: label }).click();
    const panel = page.getByRole("dialog");
    await panel.getByText(command?.consequence[0] ?? "").waitFor();
    await panel.getByRole("button", { name: label }).click();
    await panel.getByText("Required").first().waitFor();
    await panel.getByRole("combobox").click();
    await page.getByRole("option", { name: "Halted" }).click();
    await panel.getByLabel("Reason").fill("delivery week");
    await panel.getByRole("button", { name: label }).click();
    await panel.waitFor({ state: "detached" });
    await page.locator("section dl").getByText("Halted").waitFor();
    await page.getByText("Reason: delivery week").waitFor();
    await context.close();
  });

  test("who saves what another has changed meanwhile loses nothing silently", async () => {
    const [first, second] = [await loggedIn("admin"), await loggedIn("risk")];
    const route = "/session-calendars/cme-equity-index";
    for (const { open, page } of [first, second]) {
      await open(route);
      await page.getByLabel("Name").first().waitFor();
    }
    await first.page.getByLabel("Name").first().fill("Equity index, by the first");
    await first.page.getByRole("button", { name: "Save" }).click();
    await first.page.getByRole("heading", { name: "Equity index, by the first" }).first().waitFor();
    await second.page.getByLabel("Name").first().fill("Equity index, by the second");
    await second.page.getByRole("button", { name: "Save" }).click();
    await second.page.getByText("Somebody else has changed this record").waitFor();
    await second.page.getByRole("button", { name: "Load the current version" }).click();
    await second.page.locator('input[value="Equity index, by the first"]').waitFor();
    await Promise.all([first.context.close(), second.context.close()]);
  });

  test("sees the server's complaint at the field it is about", async () => {
    const { page, open, context } = await loggedIn("admin");
    await open("/session-calendars/cme-equity-index");
    await page.getByLabel("Time zone").fill("Mars/Olympus");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator('input[name="zone"][aria-invalid="true"]').waitFor();
    expect(await page.locator('input[aria-invalid="true"]').count()).toBe(1);
    await context.close();
  });

  test("reads a name that is a script as text", async () => {
    const { page, open, complaints, context } = await loggedIn("support");
    const [trader] = (await (await page.request.get(`${server.url}/api/admin/traders?range=[0,0]`)).json()) as {
      id: string;
      version: number;
    }[];
    const name = `<img src=x onerror="document.title='owned'">`;
    await page.request.put(`${server.url}/api/admin/traders/${trader?.id}`, {
      data: { name, version: trader?.version },
      headers: { origin: server.url },
    });
    await open(`/traders/${trader?.id}/show`);
    await page.getByRole("heading", { name }).first().waitFor();
    await open("/traders");
    await page.getByText(name).first().waitFor();
    expect(await page.title()).not.toBe("owned");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("exports all that matches the filter, not only the page", async () => {
    const { page, open, context } = await loggedIn("finance");
    await open(`/transfers?filter=${encodeURIComponent(JSON.stringify({ code: "deposit" }))}`);
    const about = page.getByRole("link", { name: "Export CSV" });
    await about.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), about.click()]);
    const lines = readFileSync(await download.path(), "utf8")
      .trim()
      .split(/\r?\n/);
    const reply = await page.request.get(`${server.url}/api/admin/transfers?filter={"code":"deposit"}&range=[0,0]`);
    const total = Number(reply.headers()["content-range"]?.split("/")[1]);
    expect(total).toBeGreaterThan(0);
    expect(lines.length - 1).toBe(total);
    await context.close();
  });

  test("sees prices move without a reload, and that they are simulated", async () => {
    const { page, context } = await loggedIn("risk");
    await page
      .getByRole("status")
      .getByText(/^● live$/)
      .waitFor();
    const row = page.getByRole("row", { name: /^BTCUSDT/ });
    await row.getByText("simulated").waitFor();
    const before = await row.innerText();
    await page.waitForFunction(
      (text) => ![...document.querySelectorAll("tr")].some((line) => (line as HTMLElement).innerText === text),
      before,
    );
    await context.close();
  });
});
