import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff } from "./support/world.ts";

/** Lists longer than what is counted: any page, at the cost of the first. */
const rowsMade = 13_000;
const pageRows = 200;
const finance = aStaff("finance");

let desk: Desk;
let accountId: string;
beforeAll(async () => {
  desk = await openDesk();
  accountId = String(desk.world.alpha.accounts[0]);
  await insertOrders(rowsMade, "made");
  await desk.database.owner.raw("ANALYZE");
}, 60_000);
afterAll(() => desk?.close());

/** Filled orders whose times come in threes; a third was never triggered. */
const insertOrders = (count: number, name: string): Promise<unknown> =>
  desk.database.owner.raw(
    `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type,
       lots, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, state, filled_lots, accepted_at, done_at,
       trigger_quote_seq, trigger_bid_ticks, trigger_ask_ticks, trigger_venue_at, trigger_received_at)
     SELECT gen_random_uuid(), a.tenant_id, a.trader_id, a.id, a.book, ? || '-' || n, '\\x00', 'MES', 1, 'buy', 'market',
       1, n, 21000, 21001, now(), now(), 'filled', 1, t.at, t.at + interval '5 ms',
       CASE WHEN n % 3 > 0 THEN n / 5 END, CASE WHEN n % 3 > 0 THEN 1 END, CASE WHEN n % 3 > 0 THEN 2 END,
       CASE WHEN n % 3 > 0 THEN now() END, CASE WHEN n % 3 > 0 THEN now() END
     FROM accounts a, generate_series(1, ?::int) n, LATERAL (SELECT now() + (n / 3) * interval '1.000001 s' AS at) t WHERE a.id = ?`,
    [name, count, accountId],
  );

interface Page {
  readonly ids: readonly string[];
  readonly status: number;
  readonly total: number;
  readonly error: string;
}

async function page(sort: readonly [string, "ASC" | "DESC"], first: number, staff = finance): Promise<Page> {
  const asked = new URLSearchParams({
    sort: JSON.stringify(sort),
    range: JSON.stringify([first, first + pageRows - 1]),
    filter: JSON.stringify({ accountId }),
  });
  const reply = await desk.request(staff, `/orders?${asked}`);
  const body = await reply.json();
  const rows = reply.ok ? (body as { id: string }[]) : [];
  return {
    ...{ ids: rows.map(({ id }) => id), status: reply.status, total: Number(reply.headers.get("x-total-count")) },
    error: (body as { errors?: { range?: string } }).errors?.range ?? "",
  };
}

/** Pages until one is empty. */
async function walk(sort: readonly [string, "ASC" | "DESC"], from = 0, staff = finance): Promise<string[]> {
  const ids: string[] = [];
  for (let first = from; ; first += pageRows) {
    const { ids: some, status } = await page(sort, first, staff);
    expect(status).toBe(200);
    ids.push(...some);
    if (some.length === 0) return ids;
  }
}

/** All ids in one read, in an order that the database is told. */
async function inOrder(order: string): Promise<string[]> {
  const { rows } = await desk.database.owner.raw(`SELECT id FROM orders WHERE account_id = ? ORDER BY ${order}`, [
    accountId,
  ]);
  return rows.map(({ id }: { id: string }) => id);
}

test.each([
  [["acceptedAt", "DESC"], "accepted_at DESC, id DESC"],
  [["acceptedAt", "ASC"], "accepted_at, id"],
  [["doneAt", "DESC"], "done_at DESC, id DESC"],
  [["triggerQuoteSeq", "ASC"], "trigger_quote_seq, id"],
  [["triggerQuoteSeq", "DESC"], "trigger_quote_seq DESC, id DESC"],
  [["side", "ASC"], "side, id"],
  [["id", "DESC"], "id DESC"],
] as const)(
  "walked by %j every row comes once, in the order",
  async (sort, order) => {
    expect(await walk(sort)).toEqual(await inOrder(order));
  },
  60_000,
);

test.each([
  [["acceptedAt", "DESC"], "accepted_at DESC, id DESC"],
  [["acceptedAt", "ASC"], "accepted_at, id"],
  [["triggerQuoteSeq", "DESC"], "trigger_quote_seq DESC, id DESC"],
] as const)("a jump by %j lands about there, and goes on without a gap, forwards and back", async (sort, order) => {
  const jumper = aStaff("finance");
  const all = await inOrder(order);
  const landed = await page(sort, 10_400, jumper);
  expect([landed.status, landed.error]).toEqual([200, ""]);
  const at = all.indexOf(landed.ids[0] ?? "");
  expect(Math.abs(at - 10_400)).toBeLessThan(rowsMade * 0.05);
  expect(landed.ids).toEqual(all.slice(at, at + pageRows));
  expect((await page(sort, 10_600, jumper)).ids).toEqual(all.slice(at + pageRows, at + 2 * pageRows));
  expect((await page(sort, 10_200, jumper)).ids).toEqual(all.slice(at - pageRows, at));
});

test("the last page by its number ends with the last row, and after it there is nothing", async () => {
  const jumper = aStaff("finance");
  const all = await inOrder("accepted_at DESC, id DESC");
  const { total } = await page(["acceptedAt", "DESC"], 0, jumper);
  const first = Math.floor((total - 1) / pageRows) * pageRows;
  const last = await page(["acceptedAt", "DESC"], first, jumper);
  expect(last.ids.at(-1)).toBe(all.at(-1));
  expect((await page(["acceptedAt", "DESC"], 1_000_000, jumper)).ids).toEqual([]);
});

test("rows that come meanwhile move nothing that was shown", async () => {
  const before = await page(["acceptedAt", "DESC"], 11_000);
  await insertOrders(300, "meanwhile");
  const after = await page(["acceptedAt", "DESC"], 11_000 + pageRows);
  const all = await inOrder("accepted_at DESC, id DESC");
  const at = all.indexOf(before.ids[0] ?? "");
  expect([...before.ids, ...after.ids]).toEqual(all.slice(at, at + 2 * pageRows));
});

test("an order of which nothing is known can't be jumped into, and says what to do", async () => {
  const { status, error } = await page(["side", "DESC"], 10_400, aStaff("finance"));
  expect([status, error]).toEqual([400, expect.stringContaining("page on from a nearer one")]);
});
