import { createHash, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { parseDecimal } from "#core/units.ts";
import { type ExportDesk, exportDesk, oddNote } from "./support.ts";

let desk: ExportDesk;
beforeAll(async () => {
  desk = await exportDesk();
});
afterAll(() => desk?.close());
afterEach(() => expect(desk.failures.splice(0)).toEqual([]));

const cents = (amount: string | undefined): bigint => parseDecimal(amount ?? "", 2) ?? 0n;

test.each([
  "ledger",
  "trial-balance",
  "trades",
  "commissions",
  "agent-statements",
  "deposits",
  "withdrawals",
  "adjustments",
] as const)("%s: rows, sums and hash of the manifest are those of the file", async (report) => {
  const id = await desk.made({ report });
  const { file, totals } = desk.manifestOf(id);
  const rows = desk.records(id);
  expect(file).toMatchObject({
    rows: String(rows.length),
    bytes: String(desk.bytesOf(id).length),
    sha256: createHash("sha256").update(desk.bytesOf(id)).digest("hex"),
  });
  expect(await desk.rowOf(id)).toMatchObject({ sha256: file.sha256, rows_total: file.rows, rows_done: file.rows });
  expect(rows.length > 0).toBe(report !== "commissions" && report !== "agent-statements");
  const columns: Record<string, string> = { realizedPnl: "realized_pnl" };
  for (const { currency, rows: counted, ...sums } of totals as Record<string, string>[]) {
    const own = rows.filter((row) => row.currency === currency);
    expect(counted).toBe(String(own.length));
    for (const [name, sum] of Object.entries(sums))
      expect([name, cents(sum)]).toEqual([
        name,
        own.reduce((total, row) => total + cents(row[columns[name] ?? name] || "0"), 0n),
      ]);
  }
});

test("the ledger goes account by account, each line beginning with the balance at which the one before ended", async () => {
  const rows = desk.records(await desk.made({}));
  const [counted] = await desk.house.db.owner("transfers").count();
  expect(rows).toHaveLength(2 * Number(counted?.count));
  const at = new Map<string, bigint>();
  for (const row of rows) {
    expect(cents(row.balance_before)).toBe(at.get(row.account ?? "") ?? 0n);
    expect(cents(row.balance_before) + cents(row.amount)).toBe(cents(row.balance_after));
    expect([row.debit === "", row.credit === ""]).toEqual([!row.amount?.startsWith("-"), row.amount?.startsWith("-")]);
    at.set(row.account ?? "", cents(row.balance_after));
  }
  const balances = await desk.house.db.owner("balances").where("posted", "<>", 0);
  for (const { ledger_account_id, posted } of balances) expect(at.get(String(ledger_account_id))).toBe(posted);
});

test("opening balances are what was there before the period, and the trial balance adds up to nothing", async () => {
  const { db } = desk.house;
  const day = await desk.today();
  const { rows } = await db.owner.raw("SELECT (?::date + 1)::text AS next", [day]);
  const next: string = rows[0].next;
  const id = await desk.made({ report: "trial-balance", fromDate: next, toDate: next });
  const whole = await desk.made({ report: "trial-balance" });
  const closing = (of: string) => desk.records(of).map(({ account: own, closing: last }) => [own, last]);
  expect(closing(id)).toEqual(closing(whole));
  expect(desk.records(id).every(({ opening, closing: last, entries }) => opening === last && entries === "0")).toBe(
    true,
  );
  expect(desk.records(whole).reduce((sum, row) => sum + cents(row.closing), 0n)).toBe(0n);
  for (const { opening, debit, credit, closing: last } of desk.manifestOf(whole).balances)
    expect(cents(opening) - cents(debit) + cents(credit)).toBe(cents(last));
});

test("for a spreadsheet the file has a byte order mark and no formula; for a program the text is as it was", async () => {
  const excel = await desk.made({
    report: "adjustments",
    profile: "excel",
    separator: "semicolon",
    timeZone: "Asia/Shanghai",
  });
  expect([...desk.bytesOf(excel).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const [row] = desk.records(excel, { delimiter: ";" });
  expect(row).toMatchObject({ amount: "-12.34", note: `'${oddNote}`, decision_note: "'-yes" });
  expect(Date.parse(`${row?.requested_at_local}+08:00`)).toBe(Date.parse(row?.requested_at_utc ?? ""));
  const system = await desk.made({ report: "adjustments" });
  expect(desk.bytesOf(system).subarray(0, 13).toString()).toBe("adjustment_id");
  expect(desk.records(system)).toMatchObject([{ amount: "-12.34", note: oddNote, decision_note: "-yes" }]);
});

test("a closed day exported again is the same file, byte by byte, whatever was posted after it", async () => {
  const { db, tenantId } = desk.house;
  const day = await desk.today();
  const first = await desk.made({ fromDate: day, toDate: day });
  expect(desk.manifestOf(first).isClosed).toBe(false);
  await db.owner("closed_books").insert({ tenant_id: tenantId, closed_through: day });
  const closed = await desk.made({ fromDate: day, toDate: day });
  const [some] = await db.owner("transfers").limit(1);
  const { tenant_id, book, currency, debit_account, credit_account } = some;
  await db.owner("transfers").insert({
    ...{
      tenant_id,
      book,
      currency,
      debit_account,
      credit_account,
      amount: 777,
      code: 40,
      group_id: randomUUID(),
      leg: 0,
    },
    book_date: db.owner.raw("?::date + 1", [day]),
  });
  const again = await desk.made({ fromDate: day, toDate: day });
  expect(desk.bytesOf(again).equals(desk.bytesOf(closed))).toBe(true);
  expect(desk.bytesOf(again).equals(desk.bytesOf(first))).toBe(true);
  expect(desk.manifestOf(again)).toMatchObject({ isClosed: true, totals: desk.manifestOf(closed).totals });
});

test("another book and another partner have nothing in it", async () => {
  expect(desk.records(await desk.made({ book: "demo" }))).toEqual([]);
  const [other] = await desk.house.db.owner("partners").insert({ code: "other", name: "Other" }).returning("id");
  expect(desk.records(await desk.made({ tenantId: other.id, report: "trades" }))).toEqual([]);
});
