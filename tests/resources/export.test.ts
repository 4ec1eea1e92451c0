import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { loadResources } from "../../server/resources/index.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff } from "./support/world.ts";

/** Exports: all that matches, exact figures, nothing a spreadsheet would run. */
const manyRows = 100_000;
const finance = aStaff("finance");

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());

const exported = async (path: string, staff = finance) => {
  const response = await desk.request(staff, path);
  const text = await response.text();
  return {
    response,
    text,
    rows: response.ok ? (parse(text, { columns: true, bom: true }) as Record<string, string>[]) : [],
  };
};
const filtered = (filter: object): string => `filter=${encodeURIComponent(JSON.stringify(filter))}`;

/** Cents as a whole number, so that sums are exact; a cell that is no plain amount ends the test. */
const cents = (amount: string | undefined): bigint => {
  if (amount === undefined || !/^-?\d+\.\d{2}$/.test(amount)) throw new Error(`not an amount: ${amount}`);
  return BigInt(amount.replace(".", ""));
};

test("100,000 fills are exported whole, and their totals equal SQL's to the last cent", async () => {
  const { id: tenant, traders, accounts } = desk.world.alpha;
  const order = await desk.database.owner("orders").where({ account_id: accounts[0] }).first("id");
  await desk.database.owner.raw(
    `INSERT INTO fills (tenant_id, trader_id, account_id, book, order_id, leg, instrument_id, terms_version, side, lots, price_ticks,
       quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, realized_pnl_minor, fee_minor, currency,
       currency_scale, group_id, position_lots_after)
     SELECT ?, ?, ?, 'demo', ?, n - 32500, 'MES', 1, 'buy', 1, 21001, n, 21000, 21001, now(), now(), (n * 7919) % 100001 - 50000,
       n % 1000, 'USD', 2, gen_random_uuid(), 1 FROM generate_series(1, 65001) n WHERE n <> 32500`,
    [tenant, traders[0], accounts[0], order.id],
  );
  const other = randomUUID();
  await desk.database.owner.raw(
    `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type,
       lots, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at)
     SELECT ?, tenant_id, trader_id, account_id, book, 'second', body_hash, instrument_id, terms_version, side, type, lots,
       quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at FROM orders WHERE id = ?`,
    [other, order.id],
  );
  await desk.database.owner.raw(
    `INSERT INTO fills (tenant_id, trader_id, account_id, book, order_id, leg, instrument_id, terms_version, side, lots, price_ticks,
       quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, realized_pnl_minor, fee_minor, currency,
       currency_scale, group_id, position_lots_after)
     SELECT tenant_id, trader_id, account_id, book, ?, leg, instrument_id, terms_version, side, lots, price_ticks, quote_seq,
       quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, realized_pnl_minor, fee_minor, currency, currency_scale,
       gen_random_uuid(), position_lots_after FROM fills WHERE order_id = ? AND leg <> 0 ORDER BY id LIMIT 35000`,
    [other, order.id],
  );
  const ofOrders = { orderId: [order.id, other] };
  const { response, rows } = await exported(`/fills/export.csv?${filtered(ofOrders)}`);
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(response.headers.get("content-disposition")).toMatch(
    /^attachment; filename="truewick_fills_\d{8}T\d{6}Z\.csv"$/,
  );
  expect(rows).toHaveLength(manyRows + 1);
  const { rows: sums } = await desk.database.owner.raw(
    "SELECT sum(realized_pnl_minor)::text AS pnl, sum(fee_minor)::text AS fee FROM fills WHERE order_id = ANY (?::uuid[])",
    [[order.id, other]],
  );
  expect({
    pnl: rows.reduce((sum, row) => sum + cents(row.realizedPnl), 0n).toString(),
    fee: rows.reduce((sum, row) => sum + cents(row.fee), 0n).toString(),
  }).toEqual(sums[0]);
  const list = await desk.request(finance, `/fills?${filtered(ofOrders)}`);
  expect(list.headers.get("x-total-estimated")).toBe("true");
  expect(Number(list.headers.get("x-total-count"))).toBeGreaterThan(10_000);
}, 60_000);

/** S41: what must not be run by a spreadsheet. NUL cannot be stored at all. */
const nasty = [
  '=HYPERLINK("http://evil.example")',
  "+1",
  "-1+1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\n=1",
  "＝1",
  "＋1",
  "－1",
  "＠A1",
];
const harmless = [
  'a,b "quoted"',
  "two\nlines",
  "O'Brien; DROP TABLE fills --",
  "$1 and $2",
  "严建国",
  "x=1",
  "\\backslash'",
];

test("a text that a spreadsheet would take for a formula is neutralised; others come back as they are", async () => {
  const { id } = desk.world.beta;
  await desk.database.owner.raw(
    "INSERT INTO traders (tenant_id, name, external_ref) SELECT ?, n, n FROM unnest(?::text[]) n",
    [id, [...nasty, ...harmless]],
  );
  const { rows } = await exported(`/traders/export.csv?${filtered({ tenantId: id })}`);
  const names = new Set(rows.map(({ name }) => name));
  for (const name of nasty) expect([name, names.has(`'${name}`), names.has(name)]).toEqual([name, true, false]);
  for (const name of harmless) expect([name, names.has(name)]).toEqual([name, true]);
});

test("filters are literals in the export as they are bindings in the list", async () => {
  for (const name of harmless.filter((text) => !text.includes("\n"))) {
    const { rows } = await exported(`/traders/export.csv?${filtered({ name })}`);
    expect(rows.map((row) => row.name)).toEqual([name]);
  }
  const none = await exported(`/traders/export.csv?${filtered({ name: "') TO PROGRAM 'id' --" })}`);
  expect([none.response.status, none.rows]).toEqual([200, []]);
});

test("figures stay figures: a loss is a plain number, times are UTC with microseconds", async () => {
  const { rows } = await exported(
    `/fills/export.csv?${filtered({ book: "demo" })}&sort=${encodeURIComponent('["id","ASC"]')}`,
  );
  expect(rows[0]).toMatchObject({ realizedPnl: "-2.50", fee: "1.24", price: "5250.25", lots: "2" });
  expect(rows[0]?.filledAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test("every exportable resource gives a header and all its rows, in the order of the list", async () => {
  const admin = aStaff("admin");
  for (const [name, { declaration }] of await loadResources()) {
    if (declaration.operations.export === undefined || name === "fills") continue;
    const { rows } = await exported(`/${name}/export.csv`, admin);
    const list = await desk.request(admin, `/${name}?range=[0,199]`);
    const ids = ((await list.json()) as { id: string | number }[]).map(({ id }) => String(id));
    // An export writes itself into the audit log before it reads.
    const seen = name === "audit-log" ? rows.slice(0, ids.length) : rows;
    expect({ name, ids: seen.map(({ id }) => id) }).toEqual({ name, ids });
  }
});

test("the Excel profile begins with a byte order mark, the plain one does not", async () => {
  const bytes = async (path: string) =>
    Buffer.from(await (await desk.request(finance, path)).arrayBuffer())
      .subarray(0, 3)
      .toString("hex");
  expect(await bytes("/partners/export.csv?profile=excel")).toBe("efbbbf");
  expect(await bytes("/partners/export.csv")).not.toBe("efbbbf");
});

test("an export stands in the audit log with its filter", async () => {
  await exported(`/accounts/export.csv?${filtered({ book: "demo" })}`);
  const entry = await desk.database
    .owner("audit_log")
    .where({ action: "export", resource: "accounts" })
    .orderBy("id", "desc")
    .first();
  expect(entry).toMatchObject({ actor_id: finance.staffId, role: "finance", after: { filter: '{"book":"demo"}' } });
});

test("a wrong filter, order or profile is refused before a byte is sent", async () => {
  for (const query of ["filter=%7B%22password_hash%22%3A1%7D", "sort=nonsense", "profile=odt", "range=[0,1]"]) {
    const { response } = await exported(`/traders/export.csv?${query}`);
    expect([query, response.status, response.headers.get("content-type")]).toEqual([
      query,
      400,
      "application/problem+json; charset=utf-8",
    ]);
  }
});

test("a reader who goes away in the middle leaves a pool that still serves", async () => {
  for (let round = 0; round < 5; round++) {
    const abort = new AbortController();
    const response = await desk.request(finance, `/fills/export.csv?${filtered({ instrumentId: "MES" })}`, {
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    expect((await exported("/partners/export.csv")).rows).toHaveLength(2);
  }
}, 60_000);
