import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FundFlowReply, type FundFlowRequest, fundFlowRequest } from "#contracts/fund-flow.ts";
import { formatDecimal, parseDecimal } from "#core/units.ts";
import { createAgent } from "../../../server/capabilities/accounts/index.ts";
import { fundFlow } from "../../../server/capabilities/reports/index.ts";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { anOrderRequest, type TestAccount } from "../../support/trading.ts";
import { type TestCashier, testCashier } from "../withdrawals/support.ts";

let cashier: TestCashier;
let account: TestAccount;
let agentId: string;
beforeAll(async () => {
  cashier = await testCashier();
  agentId = await anAgent();
  account = await cashier.house.openAccount(1_000_000n, { agentId });
  await trade(account);
  const target = await cashier.oldTarget(account);
  const { id } = await cashier.asked(account, target, "75.00");
  await cashier.send(id);
  await cashier.confirm(id);
  await trade(account);
  await cashier.house.openAccount(250_000n);
});
afterAll(() => cashier?.house.close());

async function anAgent(): Promise<string> {
  const { tenantId } = cashier.house;
  const made = await createAgent({
    transact: cashier.house.ports.transact,
    announce: () => {},
    hashPassword: async () => "",
  })(systemActor, { tenantId, code: "north", name: "North" });
  if (!made.ok) throw new Error(made.refusal);
  return made.value.id;
}

/** Buys and sells three times: six fills, with fees, profits and losses. */
async function trade(of: TestAccount): Promise<void> {
  const { house } = cashier;
  const settle = house.settler();
  for (const points of [5_000, 5_003, 4_999])
    for (const [side, bid] of [
      ["buy", points],
      ["sell", points + (points % 2 === 0 ? 2 : -3)],
    ] as const) {
      house.market.quote("MES", `${bid}.00`, `${bid}.25`);
      const placed = await house.desk.place(of.trader, anOrderRequest(of, { side, lots: "1" }));
      if (!("order" in placed)) throw new Error(`${placed.code} ${placed.message}`);
      await settle([placed.order.id]);
    }
}

const asked = (request: Record<string, unknown>): FundFlowRequest =>
  fundFlowRequest.parse(request.limit === undefined ? request : { ...request, limit: String(request.limit) });

async function page(request: Record<string, unknown>): Promise<FundFlowReply> {
  const reply = await fundFlow(cashier.house.db.reads)(asked(request), true);
  if (!reply.ok) throw new Error(reply.refusal);
  return reply.value;
}

async function allPages(request: Record<string, unknown>): Promise<FundFlowReply["rows"]> {
  const rows: FundFlowReply["rows"][number][] = [];
  let reply = await page(request);
  for (rows.push(...reply.rows); reply.next !== null; rows.push(...reply.rows))
    reply = await page({ ...request, after: reply.next });
  return rows;
}

const ofTrader = () => ({ of: "trader", id: account.trader.traderId });
const minor = (amount: string): bigint => parseDecimal(amount, 2) ?? 0n;

/** What the entries themselves say, added up one by one, oldest first. */
async function addedUp(where: string): Promise<{ code: string; amount: string; balance: string }[]> {
  const { rows } = await cashier.house.db.owner.raw(
    `SELECT k.name AS code, e.amount FROM entries e JOIN transfer_codes k ON k.code = e.code
       JOIN ledger_accounts l ON l.id = e.ledger_account_id WHERE ${where} ORDER BY e.transfer_id, e.amount`,
  );
  let balance = 0n;
  return rows.map(({ code, amount }: { code: string; amount: bigint }) => {
    balance += amount;
    return { code, amount: formatDecimal(amount, 2), balance: formatDecimal(balance, 2) };
  });
}

test("pages of any length show each entry once, with the balance that adding up the entries gives", async () => {
  const expected = (await addedUp(`l.owner_id = '${account.trader.traderId}'`)).reverse();
  expect(expected.length).toBeGreaterThan(15);
  for (const limit of [1, 3, 200]) {
    const rows = await allPages({ ...ofTrader(), limit });
    expect(rows.map(({ code, amount, balance }) => ({ code, amount, balance }))).toEqual(expected);
  }
});

test("a filter hides entries; the balance stays the account's", async () => {
  const expected = (await addedUp(`l.owner_id = '${account.trader.traderId}'`)).reverse();
  const fees = await allPages({ ...ofTrader(), code: "fee", limit: 2 });
  expect(fees.map(({ code, amount, balance }) => ({ code, amount, balance }))).toEqual(
    expected.filter(({ code }) => code === "fee"),
  );
  expect(fees).toHaveLength(12);
});

test("opening balance, totals and closing balance of a period agree with each other and with the account", async () => {
  const { period, books, rows } = await page(ofTrader());
  const [newest] = rows;
  expect(period).toMatchObject({ opening: "0.00", closing: newest?.balance });
  expect(books).toEqual([{ book: "live", currency: "USD", balance: newest?.balance }]);
  expect(period?.totals.find(({ code }) => code === "adjustment")).toEqual({
    ...{ code: "adjustment", entries: 1, in: "10000.00", out: "0.00" },
  });
  const moved = period?.totals.reduce((sum, total) => sum + minor(total.in) - minor(total.out), 0n);
  expect(moved).toBe(minor(period?.closing ?? ""));
  const [today = ""] = rows.map(({ bookDate }) => bookDate);
  expect((await page({ ...ofTrader(), from: today, to: today })).period).toEqual(period);
  const before = await page({ ...ofTrader(), to: "2001-01-01" });
  expect([before.period, before.rows]).toEqual([{ opening: "0.00", closing: "0.00", totals: [] }, []]);
  const after = await page({ ...ofTrader(), from: "2088-01-01" });
  expect(after.period).toEqual({ opening: newest?.balance, closing: newest?.balance, totals: [] });
});

test("what is posted while one reads, even with an older number, is on no page of that reading", async () => {
  const { db } = cashier.house;
  const before = (await allPages({ ...ofTrader() })).map(({ id }) => id);
  const [deposit] = await db.owner("transfers").where({ code: 40 }).orderBy("id").limit(1);
  const late = await db.owner.transaction();
  const { tenant_id, book, currency, debit_account, credit_account } = deposit;
  const more = { tenant_id, book, currency, debit_account, credit_account, amount: 4_200, code: 1, leg: 0 };
  await late("transfers").insert({ ...more, group_id: randomUUID() });
  const first = await page({ ...ofTrader(), limit: 2 }).finally(() => late.commit());
  const rest = await allPages({ ...ofTrader(), limit: 2, after: first.next });
  expect([...first.rows, ...rest].map(({ id }) => id)).toEqual(before);
  expect(await allPages(ofTrader())).toHaveLength(before.length + 1);
});

test("partner, house and the world outside add up to nothing; a line is what its traders have", async () => {
  const { tenantId } = cashier.house;
  const closing = async (of: string, id: string) => minor((await page({ of, id })).period?.closing ?? "");
  const { rows } = await cashier.house.db.owner.raw(
    "SELECT sum(b.posted)::bigint AS outside FROM balances b JOIN ledger_accounts l ON l.id = b.ledger_account_id WHERE l.kind ~ '^(clearing|withdrawal)'",
  );
  const persons = await closing("partner", String(tenantId));
  expect(persons + (await closing("house", String(tenantId))) + rows[0].outside).toBe(0n);
  const line = await closing("agent", agentId);
  expect(line).toBe(await closing("trader", account.trader.traderId));
  expect(persons - line).toBe(250_000n);
  expect(line).toBe(await closing("account", account.accountId));
});

test("money that only changes hands within the subject shows both sides and leaves its balance", async () => {
  const { db, tenantId } = cashier.house;
  const house = await db.owner("ledger_accounts").whereIn("kind", ["house.fee", "house.pnl"]).orderBy("kind");
  const [fee, pnl] = house.map(({ id }) => id);
  const { book, currency } = house[0];
  await db.owner("transfers").insert({
    ...{ tenant_id: tenantId, book, currency, debit_account: fee, credit_account: pnl },
    ...{ amount: 100, code: 40, group_id: randomUUID(), leg: 0, memo: "moved over" },
  });
  const expected = (await addedUp("l.kind LIKE 'house.%' OR l.kind = 'equity.adjustment'")).reverse();
  for (const limit of [1, 200]) {
    const rows = await allPages({ of: "house", id: String(tenantId), limit });
    expect(rows.map(({ code, amount, balance }) => ({ code, amount, balance }))).toEqual(expected);
    expect(rows.slice(0, 2)).toMatchObject([{ amount: "1.00", memo: "moved over" }, { amount: "-1.00" }]);
  }
});

test("a page of another reading, of other filters or of no reading is refused", async () => {
  const { next } = await page({ ...ofTrader(), limit: 1 });
  const read = fundFlow(cashier.house.db.reads);
  for (const request of [
    { ...ofTrader(), after: next, code: "fee" },
    { of: "account", id: account.accountId, after: next },
    { ...ofTrader(), after: "bm9uc2Vuc2U" },
    { ...ofTrader(), after: Buffer.from('{"snapshot":"1; DROP"}').toString("base64url") },
  ])
    expect(await read(asked(request), true)).toEqual({ ok: false, refusal: "BAD_CURSOR" });
  expect(await read(asked({ ...ofTrader(), currency: "EUR" }), true)).toEqual({ ok: false, refusal: "NO_SUCH_PURSE" });
  expect(await page({ of: "trader", id: randomUUID() })).toEqual({
    ...{ books: [], book: null, currency: null, period: null, rows: [], next: null },
  });
});

test("who may not read what staff noted gets the rows without it", async () => {
  const read = fundFlow(cashier.house.db.reads);
  const told = await read(asked({ of: "house", id: String(cashier.house.tenantId) }), false);
  expect(told.ok && told.value.rows.every(({ memo }) => memo === null)).toBe(true);
});

test("pages of several accounts too, more of them than a page has rows", async () => {
  const { tenantId } = cashier.house;
  for (const balance of [40_000n, 50_000n, 60_000n]) await cashier.house.openAccount(balance, { agentId });
  const subjects = [
    { asked: { of: "partner", id: String(tenantId) }, where: "l.owner_id IS NOT NULL" },
    { asked: { of: "house", id: String(tenantId) }, where: "l.kind LIKE 'house.%' OR l.kind = 'equity.adjustment'" },
    {
      asked: { of: "agent", id: agentId },
      where: `l.owner_id IN (SELECT id FROM traders WHERE agent_id = '${agentId}')`,
    },
  ];
  for (const { asked: of, where } of subjects) {
    const expected = (await addedUp(where)).reverse();
    for (const limit of [1, 2, 3, 200]) {
      const rows = await allPages({ ...of, limit });
      expect(rows.map(({ code, amount, balance }) => ({ code, amount, balance }))).toEqual(expected);
    }
  }
});

test("of more accounts than are looked at one by one, newest transfers first, and below thousands of others' too", async () => {
  const { tenantId, db } = cashier.house;
  await db.owner.raw(
    `INSERT INTO ledger_accounts (tenant_id, book, kind, owner_id, currency, floor)
     SELECT ?, 'live', 'trader.cash', gen_random_uuid(), 'USD', 0 FROM generate_series(1, 101)`,
    [tenantId],
  );
  const expected = (await addedUp("l.owner_id IS NOT NULL")).reverse();
  const shown = async (limit: number) => {
    const rows = await allPages({ of: "partner", id: String(tenantId), limit });
    return rows.map(({ code, amount, balance }) => ({ code, amount, balance }));
  };
  for (const limit of [1, 7, 200]) expect(await shown(limit)).toEqual(expected);
  await db.owner.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
     SELECT fee.tenant_id, 'live', 'USD', fee.id, pnl.id, 1, 40, gen_random_uuid(), 0
     FROM ledger_accounts fee, ledger_accounts pnl, generate_series(1, 5001)
     WHERE (fee.kind, fee.book, fee.shard) = ('house.fee', 'live', 0) AND (pnl.kind, pnl.book, pnl.shard) = ('house.pnl', 'live', 0)
       AND fee.tenant_id = pnl.tenant_id AND fee.currency = pnl.currency AND fee.tenant_id = ?`,
    [tenantId],
  );
  for (const limit of [7, 200]) expect(await shown(limit)).toEqual(expected);
});
