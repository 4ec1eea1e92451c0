import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Knex } from "knex";
import { type KeptHead, type Signer, sealBooks, verifyBookSeals } from "../../../server/capabilities/proofs/index.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount, type TestBook } from "../../support/ledger.ts";
import { aSigner, nodeCrypto } from "../../support/proofs.ts";
import { until } from "../../support/until.ts";

let db: TestDatabase;
let signer: Signer;
let book: TestBook;
let trader: bigint;
let kept: KeptHead[];
beforeEach(async () => {
  db = await testDatabase();
  signer = await aSigner(db.app);
  book = await aBook(db.app);
  trader = await aCashAccount(db.app, book, 100_000n);
  kept = [];
});
afterEach(() => db.drop());

/** Transactions of other databases of the cluster count too: waits for those that are under way now. */
async function ended(): Promise<void> {
  const { rows } = await db.app.raw("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next");
  await until(
    () => db.app.raw("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= ?::xid8 AS over", [rows[0].next]),
    (look) => look.rows[0].over,
  );
}
const sealNow = () =>
  sealBooks({ db: db.app, signer, append: async (_day, line) => void kept.push(JSON.parse(line)) })();
const seal = async () => {
  await ended();
  return sealNow();
};
const pay = (amount: number) =>
  db.app.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg, memo)
     VALUES (?, 'live', 'USD', ?, ?, ?, 3, ?, 0, 'a fee')`,
    [book.tenantId, `${trader}`, `${book.house.fee}`, amount, randomUUID()],
  );
const log = (action: string, within: Knex = db.app) =>
  within("audit_log").insert({
    actor_kind: "system",
    actor_name: "a test",
    action,
    resource: "tests",
    after: '{"a":1}',
  });
const verified = (heads = kept) => verifyBookSeals(db.app, nodeCrypto, heads);
const faults = async (heads = kept): Promise<string[]> =>
  (await verified(heads)).faults.map((fault) => fault.replace(/ \(.*?\)/, ""));
/** As somebody who owns the database: no trigger holds him. */
async function asOwner(sql: string, table = "transfers"): Promise<void> {
  await db.owner.raw(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await db.owner.raw(sql);
}

test("what is written is sealed in chained blocks; without anything new there is no new block", async () => {
  await pay(10);
  await log("one");
  const first = await seal();
  expect(first.map(({ stream, blockNo }) => [stream, blockNo])).toEqual([
    ["transfers", "1"],
    ["audit-log", "1"],
  ]);
  expect(await sealNow()).toEqual(first);
  await pay(20);
  const [second] = await seal();
  expect(second).toMatchObject({ blockNo: "2", prevHash: first[0]?.hash, fromXid: first[0]?.untilXid, rowCount: "1" });
  expect(await verified()).toMatchObject({ blocks: 3, faults: [] });
});

test("a transaction that is still under way belongs to a later block, also when later ones were sealed", async () => {
  await log("before");
  await seal();
  const late = await db.app.transaction();
  await log("late", late);
  await log("meanwhile");
  await sealNow();
  const blocks = () => db.app("book_blocks").where({ stream: "audit-log" }).orderBy("block_no").select("row_count");
  expect(await blocks()).toHaveLength(1);
  await late.commit();
  await log("after");
  await seal();
  const { rows } = await db.app.raw<{ rows: { n: bigint }[] }>("SELECT count(*) AS n FROM audit_log");
  expect((await blocks()).reduce((sum, { row_count }) => sum + row_count, 0n)).toBe(rows[0]?.n);
  expect((await verified()).faults).toEqual([]);
});

test.each([
  ["an amount", "transfers", "UPDATE transfers SET amount = amount + 1 WHERE memo = 'a fee'", "transfers"],
  ["one letter of a memo", "transfers", "UPDATE transfers SET memo = 'a feE' WHERE memo = 'a fee'", "transfers"],
  [
    "the moment of a transfer",
    "transfers",
    "UPDATE transfers SET posted_at = posted_at + interval '1 microsecond' WHERE memo = 'a fee'",
    "transfers",
  ],
  ["who did it", "audit_log", "UPDATE audit_log SET actor_name = 'nobody' WHERE action = 'one'", "audit-log"],
  ["what was changed", "audit_log", `UPDATE audit_log SET after = '{"a":2}' WHERE action = 'one'`, "audit-log"],
])("a superuser who changes %s is found, and the block is named", async (_what, table, sql, stream) => {
  await seal();
  await pay(10);
  await log("one");
  await seal();
  await pay(20);
  await seal();
  await asOwner(sql.replace("WHERE memo", "WHERE amount = 10 AND memo"), table);
  const { rows } = await db.owner.raw("SELECT block_no::text AS no FROM book_blocks WHERE stream = ? ORDER BY 1", [
    stream,
  ]);
  const no = stream === "transfers" ? "2" : rows.at(-1).no;
  expect(await faults()).toEqual([`block ${no} of ${stream}: its rows are not those that were sealed`]);
});

test("a row that is taken away or slipped in is found", async () => {
  await pay(10);
  await pay(20);
  await seal();
  const [{ xid }] = (await db.owner.raw("SELECT xid::text FROM transfers WHERE amount = 20")).rows;
  await asOwner("DELETE FROM transfers WHERE amount = 20");
  expect((await faults()).join()).toContain("block 1 of transfers: 2 rows are stored");
  await asOwner(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg, xid)
     VALUES (${book.tenantId}, 'live', 'USD', ${trader}, ${book.house.fee}, 20, 3, '${randomUUID()}', 0, '${xid}')`,
  );
  expect(await faults()).toEqual(["block 1 of transfers: its rows are not those that were sealed"]);
});

test("a chain that its owner made anew from the changed rows is not what the key signed, and contradicts what was written down", async () => {
  await pay(10);
  await seal();
  await asOwner("UPDATE transfers SET amount = 11 WHERE amount = 10");
  const other = await aSigner(db.app);
  await db.owner.raw("ALTER TABLE book_blocks DISABLE TRIGGER USER");
  await db.owner.raw("DELETE FROM book_blocks WHERE stream = 'transfers'");
  await ended();
  await sealBooks({ db: db.app, signer: other, append: async () => {} })();
  expect(await faults()).toEqual(["block 1 of transfers: another block was written down outside"]);
  await db.owner.raw("DELETE FROM book_blocks WHERE stream = 'transfers'");
  expect(await faults()).toEqual([
    expect.stringMatching(/^block transfers 1, which was written down outside, is gone$/),
  ]);
});

test("a process that died before it wrote a head down does so when it begins anew", async () => {
  await pay(10);
  await ended();
  await sealBooks({ db: db.app, signer, append: () => Promise.reject(new Error("the disk is full")) })().catch(
    () => {},
  );
  expect(kept).toEqual([]);
  const heads = await seal();
  expect(kept.map(({ hash }) => hash)).toEqual(heads.map(({ hash }) => hash));
});
