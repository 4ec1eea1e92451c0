import type { Locator, Page } from "playwright-core";
import type { WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { RunningTruewick } from "../support/truewick.ts";

type TraderLogin = RunningTruewick["credentials"]["traders"][number];

/** The trader's demo account at the server, beside the widget. */
export interface Desk {
  readonly place: (order: Record<string, unknown>) => Promise<WireOrder>;
  readonly order: (id: string) => Promise<WireOrder>;
  readonly position: () => Promise<WirePosition | undefined>;
}

export async function deskOf({ url }: RunningTruewick, trader: TraderLogin | undefined): Promise<Desk> {
  if (!trader) throw new Error("the demo has no such trader");
  const { email, password, demoAccountId: accountId } = trader;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const reply = await fetch(`${url}/api/trading/${path}`, { method, headers, body: JSON.stringify(body) });
    const told: unknown = await reply.json();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${JSON.stringify(told)}`);
    return told;
  };
  let token = "";
  token = ((await ask("POST", "session", { email, password })) as { accessToken: string }).accessToken;
  return {
    place: async (order) => {
      const asked = { clientOrderId: `desk-${performance.now()}`, accountId, instrument: "MES", lots: "1", ...order };
      return ((await ask("POST", "orders", asked)) as { order: WireOrder }).order;
    },
    order: async (id) => ((await ask("GET", `orders/${id}`)) as { order: WireOrder }).order,
    position: async () => {
      const told = (await ask("GET", `positions?accountId=${accountId}`)) as { positions: WirePosition[] };
      return told.positions.find(({ instrument }) => instrument === "MES");
    },
  };
}

/** Where prices are on the screen, as the chart says, and the market. */
export interface Seen {
  readonly bid: number;
  readonly ask: number;
  readonly min: number;
  readonly max: number;
}

export const seen = (page: Page): Promise<Seen> =>
  page.locator("truewick-chart").evaluate((chart) => {
    const { quote, scale } = chart as unknown as {
      quote: { bid: string; ask: string };
      scale: { min: number; max: number };
    };
    return { bid: Number(quote.bid), ask: Number(quote.ask), min: scale.min, max: scale.max };
  });

export const tag = (page: Page, kind: string): Locator =>
  page.locator(`truewick-chart-lines .tag[data-line="${kind}"]`);

export const slider = (page: Page, kind: string): Locator => tag(page, kind).locator("[role=slider]");

export const priceOf = async (page: Page, kind: string): Promise<string | null> =>
  slider(page, kind).getAttribute("aria-valuenow");

/** Waits until a line that was sent has its answer. */
export const isSent = (page: Page, kind: string): Promise<void> =>
  tag(page, kind)
    .filter({ has: page.locator("[data-do=remove]") })
    .locator("[aria-busy=false]")
    .waitFor();

/** Presses a handle and moves it by so many pixels, without letting go. */
export async function pull(page: Page, handle: Locator, byPx: number): Promise<void> {
  const box = await handle.boundingBox();
  if (!box) throw new Error("the handle is not on the screen");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + byPx / 2);
  await page.mouse.move(x, y + byPx);
}
