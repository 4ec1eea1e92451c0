import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Knex } from "knex";
import { minorUnits } from "#core/units.ts";
import { openHolds, postTransfers, readBalances, resolveHolds } from "../../../server/capabilities/ledger/index.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount, type TestBook } from "../../support/ledger.ts";

let db: TestDatabase;
let book: TestBook;
let partition: string;
let cash: bigint;

beforeAll(async () => {
  db = await testDatabase();
  book = await aBook(db.app);
  cash = await aCashAccount(db.app, book, 1000n);
  const { rows } = await db.app.raw(
    "SELECT 'transfers_' || to_char(book_date, 'YYYY_MM') AS name FROM transfers ORDER BY id DESC LIMIT 1",
  );
  partition = rows[0].name;
});
afterAll(() => db.drop());

const balance = async () => (await readBalances(db.app, [cash])).get(cash);
const denied = { code: "42501" };
const columns = "tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg";
const values = () => [
  book.tenantId,
  "live",
  "USD",
  book.house.clearing.toString(),
  cash.toString(),
  "500",
  1,
  randomUUID(),
  0,
];

describe("the four holes of a partitioned journal", () => {
  test("an insert straight into a partition, which would not move the balance, is denied to the server", async () => {
    const insert = (into: Knex) =>
      into.raw(
        `INSERT INTO ?? (${columns}, book_date, id, posted_at, xid)
        OVERRIDING SYSTEM VALUE SELECT ?::int, ?, ?, ?::bigint, ?::bigint, ?::bigint, ?::smallint, ?::uuid, ?::smallint,
          book_date_of(now()), 1000000, now(), pg_current_xact_id()`,
        [partition, ...values()],
      );
    await expect(insert(db.app)).rejects.toMatchObject(denied);
    expect(await balance()).toEqual({ posted: 1000n, held: 0n });
  });

  test("TRUNCATE of a partition is refused even to the owner", async () => {
    await expect(db.owner.raw("TRUNCATE ??", [partition])).rejects.toThrow("append-only: TRUNCATE refused");
    await expect(db.owner.raw("TRUNCATE transfers")).rejects.toThrow("append-only: TRUNCATE refused");
    await expect(db.app.raw("TRUNCATE ??", [partition])).rejects.toMatchObject(denied);
  });

  test("session_replication_role = replica does not put the triggers to sleep", async () => {
    const undo = new Error("the end of the test");
    const asReplica = db.owner.transaction(async (trx) => {
      await trx.raw("SET LOCAL session_replication_role = replica");
      for (const table of ["transfers", partition])
        for (const change of ["UPDATE ?? SET amount = amount + 1", "DELETE FROM ??"]) {
          const attempt = trx.transaction((inner) => inner.raw(change, [table]));
          await expect(attempt).rejects.toThrow("append-only");
        }
      await trx.raw(
        `INSERT INTO transfers (${columns}) SELECT ?::int, ?, ?, ?::bigint, ?::bigint, ?::bigint, ?::smallint, ?::uuid, ?::smallint`,
        values(),
      );
      const moved = await trx("balances").where({ ledger_account_id: cash.toString() }).first("posted");
      expect(moved.posted).toBe(1500n);
      throw undo;
    });
    await expect(asReplica).rejects.toBe(undo);
    await expect(db.app.raw("SET session_replication_role = replica")).rejects.toMatchObject(denied);
  });

  test("a fully held account settles only if its hold is released first", async () => {
    const full = await aCashAccount(db.app, book, 100n);
    const refId = randomUUID();
    await openHolds(db.app, [{ ledgerAccountId: full, kind: "withdrawal", refId, amount: minorUnits(100n) }]);
    const pay = { ...book, debit: full, credit: book.house.fee, amount: minorUnits(30n), code: 11, leg: 0 } as const;
    const settle = (order: "post first" | "release first") =>
      db.app.transaction(async (trx) => {
        if (order === "release first") await resolveHolds(trx, "withdrawal", [refId], "posted");
        await postTransfers(trx, [{ ...pay, groupId: randomUUID() }]);
        if (order === "post first") await resolveHolds(trx, "withdrawal", [refId], "posted");
      });
    await expect(settle("post first")).rejects.toMatchObject({ constraint: "available_not_below_floor" });
    await settle("release first");
    expect((await readBalances(db.app, [full])).get(full)).toEqual({ posted: 70n, held: 0n });
  });
});

describe("the server's role", () => {
  test.each([
    "UPDATE balances SET posted = posted + 1",
    "INSERT INTO balances (ledger_account_id) VALUES (1)",
    "DELETE FROM balances",
    "UPDATE transfers SET amount = 1",
    "DELETE FROM transfers",
    "TRUNCATE transfers",
    "UPDATE ledger_accounts SET floor = -1",
    "DELETE FROM ledger_accounts",
    "UPDATE holds SET amount = 1",
    "UPDATE holds SET resolved_at = now()",
    "DELETE FROM holds",
    "INSERT INTO closed_books VALUES (1, '2026-01-01')",
    "DELETE FROM closed_books",
    "INSERT INTO transfer_codes VALUES (99, 'bonus')",
    "ALTER TABLE transfers DISABLE TRIGGER ALL",
    "ALTER TABLE balances DROP CONSTRAINT available_not_below_floor",
    "DROP TRIGGER transfers_apply ON transfers",
    "CREATE OR REPLACE FUNCTION apply_transfers() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE mine (id int)",
    "UPDATE accounts SET ledger_account_id = 1",
    "UPDATE orders SET quote_ask_ticks = 1",
    "UPDATE orders SET side = side",
    "UPDATE fills SET fee_minor = 0",
    "DELETE FROM orders",
    "UPDATE audit_log SET reason = 'none'",
    "DELETE FROM audit_log",
    "INSERT INTO audit_log (at, actor_kind, actor_name, action, resource) VALUES ('2020-01-01', 'system', 'x', 'x', 'x')",
    "UPDATE agents SET line = '{}'",
    "UPDATE sessions SET expires_at = 'infinity'",
    "UPDATE instrument_terms SET multiplier = 1",
  ])("may not %s", async (statement) => {
    await expect(db.app.raw(statement)).rejects.toMatchObject(denied);
  });

  test.each([
    ["book_date", "'2020-01-01'"],
    ["posted_at", "now()"],
    ["xid", "'1'"],
  ])("may not choose a transfer's %s", async (column, value) => {
    const insert = db.app.raw(
      `INSERT INTO transfers (${columns}, ${column}) SELECT ?::int, ?, ?, ?::bigint, ?::bigint, ?::bigint, ?::smallint, ?::uuid, ?::smallint, ${value}`,
      values(),
    );
    await expect(insert).rejects.toMatchObject(denied);
  });

  test("may not write any partition of the journal", async () => {
    const { rows } = await db.owner.raw(
      `SELECT c.relname, has_table_privilege('truewick_app', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, SELECT') AS may
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'transfers'::regclass`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(14);
    expect(rows.filter((row: { may: boolean }) => row.may)).toEqual([]);
  });

  test("owns nothing and is no superuser", async () => {
    const { rows } = await db.owner.raw(
      `SELECT r.rolsuper, r.rolcreaterole, r.rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS tables,
         (SELECT count(*) FROM pg_proc WHERE proowner = r.oid) AS functions FROM pg_roles r WHERE rolname = 'truewick_app'`,
    );
    expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolbypassrls: false, tables: 0n, functions: 0n }]);
  });
});

test("every definer function has a fixed search path", async () => {
  const { rows } = await db.owner.raw(
    `SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
       AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)`,
  );
  expect(rows).toEqual([]);
});

test("every trigger that guards or moves money fires always", async () => {
  const { rows } = await db.owner.raw(
    `SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND t.tgenabled <> 'A'
       AND c.relname ~ '^(transfers|holds|ledger_accounts|balances|fills|orders|order_events|positions|position_marks|margin_events|settlement_marks|quote_blocks|audit_log|instrument_terms|contracts|kill_switches)'`,
  );
  expect(rows).toEqual([]);
});

test("a new partition has its guard, and a temporary table of its name does not stop it", async () => {
  await db.app.transaction(async (trx) => {
    await trx.raw("CREATE TEMPORARY TABLE transfers_2031_05 (id int) ON COMMIT DROP");
    await trx.raw("SELECT ensure_transfer_partition('2031-05-17')");
  });
  await expect(db.owner.raw("TRUNCATE public.transfers_2031_05")).rejects.toThrow("append-only");
  await db.app.raw("SELECT ensure_transfer_partition('2031-05-01')");
});

test("an agent cannot stand above itself, new or moved", async () => {
  const agent = (id: string, parent: string | null) => ({
    id,
    tenant_id: book.tenantId,
    parent_id: parent,
    code: id,
    name: id,
  });
  const [top, middle, low, self] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await expect(db.app("agents").insert(agent(self, self))).rejects.toMatchObject({ constraint: "agents_no_cycle" });
  for (const row of [agent(top, null), agent(middle, top), agent(low, middle)]) await db.app("agents").insert(row);
  const move = db.app("agents").where({ id: top }).update({ parent_id: low });
  await expect(move).rejects.toMatchObject({ constraint: "agents_no_cycle" });
  await db.app("agents").where({ id: middle }).update({ parent_id: null });
  const lines = await db.app("agents").whereIn("id", [middle, low]).orderByRaw("cardinality(line)").pluck("line");
  expect(lines).toEqual([[middle], [middle, low]]);
});
