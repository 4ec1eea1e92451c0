import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import {
  houseAccounts,
  lockBalances,
  type NewTransfer,
  openHolds,
  postTransfers,
  readBalances,
  resolveHolds,
  verifyBooks,
} from "../../../server/capabilities/ledger/index.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount, type TestBook } from "../../support/ledger.ts";

let db: TestDatabase;
let book: TestBook;

beforeAll(async () => {
  db = await testDatabase();
  book = await aBook(db.app);
});
afterAll(() => db.drop());

const transfer = (given: Partial<NewTransfer>): NewTransfer => ({
  ...book,
  debit: book.house.clearing,
  credit: book.house.pnl,
  amount: minorUnits(1n),
  code: 40,
  groupId: randomUUID(),
  leg: 0,
  ...given,
});
const balanceOf = async (id: bigint) => (await readBalances(db.app, [id])).get(id);

describe("transfers", () => {
  test("what one account pays, the other receives", async () => {
    const cash = await aCashAccount(db.app, book, 1000n);
    await postTransfers(db.app, [
      transfer({ debit: cash, credit: book.house.fee, amount: minorUnits(250n), code: 11 }),
    ]);
    expect(await balanceOf(cash)).toEqual({ posted: 750n, held: 0n });
  });

  test("no transfer takes a trader below zero", async () => {
    const cash = await aCashAccount(db.app, book, 100n);
    const overdraw = postTransfers(db.app, [transfer({ debit: cash, amount: minorUnits(101n) })]);
    await expect(overdraw).rejects.toMatchObject({ constraint: "available_not_below_floor" });
    expect(await balanceOf(cash)).toEqual({ posted: 100n, held: 0n });
  });

  test("several legs that net above zero may pass through one another in one statement", async () => {
    const cash = await aCashAccount(db.app, book, 0n);
    const groupId = randomUUID();
    await postTransfers(db.app, [
      transfer({ groupId, leg: 0, debit: cash, credit: book.house.pnl, amount: minorUnits(500n), code: 10 }),
      transfer({ groupId, leg: 1, debit: book.house.protection, credit: cash, amount: minorUnits(500n), code: 13 }),
    ]);
    expect(await balanceOf(cash)).toEqual({ posted: 0n, held: 0n });
  });

  test("an amount of zero is a bug of the caller", async () => {
    await expect(postTransfers(db.app, [transfer({ amount: minorUnits(0n) })])).rejects.toThrow("has amount 0");
  });

  test("a leg is posted once", async () => {
    const once = transfer({});
    await postTransfers(db.app, [once]);
    await expect(postTransfers(db.app, [once])).rejects.toMatchObject({ code: "23505" });
  });

  test("a memo is kept, none is null", async () => {
    const [said, silent] = [transfer({ memo: "goodwill" }), transfer({})];
    await postTransfers(db.app, [said, silent]);
    const rows = await db
      .app("transfers")
      .whereIn("group_id", [said.groupId, silent.groupId])
      .orderBy("id")
      .pluck("memo");
    expect(rows).toEqual(["goodwill", null]);
  });

  test.each([
    ["partner", {}],
    ["book", { book: "demo" as const }],
    ["currency", { currency: "EUR" }],
  ])("no transfer crosses a %s", async (what, difference) => {
    const other = await aBook(db.app, what === "partner" ? {} : { tenantId: book.tenantId, ...difference });
    const cash = await aCashAccount(db.app, other, 100n);
    for (const crossing of [
      transfer({ credit: cash }),
      transfer({ ...other, debit: book.house.clearing, credit: cash }),
      transfer({ ...other, debit: cash, credit: book.house.clearing }),
    ])
      await expect(postTransfers(db.app, [crossing])).rejects.toMatchObject({
        constraint: "transfers_within_one_book",
      });
    expect(await balanceOf(cash)).toEqual({ posted: 100n, held: 0n });
  });

  test("an account that does not exist takes no transfer", async () => {
    await expect(postTransfers(db.app, [transfer({ credit: 999_999n })])).rejects.toMatchObject({
      constraint: "transfers_within_one_book",
    });
  });

  test("a closed day takes no transfer, another partner's day is open", async () => {
    const closing = await aBook(db.app);
    await db.owner.raw("INSERT INTO closed_books VALUES (?, book_date_of(clock_timestamp()))", [closing.tenantId]);
    const late = transfer({ ...closing, debit: closing.house.clearing, credit: closing.house.pnl });
    await expect(postTransfers(db.app, [late])).rejects.toMatchObject({ constraint: "transfers_book_open" });
    await postTransfers(db.app, [transfer({})]);
  });

  test("nothing to post is no statement", async () => {
    await postTransfers(db.app, []);
    await openHolds(db.app, []);
    await resolveHolds(db.app, "withdrawal", [], "voided");
    expect(await lockBalances(db.app, [])).toEqual(new Map());
  });
});

describe("book dates", () => {
  test.each([
    ["2026-11-20T22:59:59Z", "2026-11-20", "Friday, a second before 17:00 Chicago"],
    ["2026-11-20T23:00:00Z", "2026-11-23", "Friday 17:00 Chicago counts for Monday"],
    ["2026-11-22T12:00:00Z", "2026-11-23", "Sunday counts for Monday"],
    ["2026-11-23T23:00:00Z", "2026-11-24", "Monday 17:00 Chicago counts for Tuesday"],
    ["2026-07-06T22:00:00Z", "2026-07-07", "in summer 17:00 Chicago is 22:00 UTC"],
    ["2026-07-06T21:59:59Z", "2026-07-06", "and a second before is the same day"],
  ])("%s is booked on %s (%s)", async (at, date) => {
    const { rows } = await db.app.raw("SELECT book_date_of(?::timestamptz) AS date", [at]);
    expect(rows[0].date).toBe(date);
  });
});

describe("holds", () => {
  test("a hold reserves, a void gives back, and only once", async () => {
    const cash = await aCashAccount(db.app, book, 1000n);
    const refId = randomUUID();
    await openHolds(db.app, [{ ledgerAccountId: cash, kind: "withdrawal", refId, amount: minorUnits(400n) }]);
    expect(await balanceOf(cash)).toEqual({ posted: 1000n, held: 400n });
    await resolveHolds(db.app, "withdrawal", [refId, randomUUID()], "voided");
    await resolveHolds(db.app, "withdrawal", [refId], "posted");
    expect(await balanceOf(cash)).toEqual({ posted: 1000n, held: 0n });
    expect(await db.app("holds").where({ ref_id: refId }).pluck("state")).toEqual(["voided"]);
  });

  test("a resolved hold cannot be opened or resolved again by hand", async () => {
    const cash = await aCashAccount(db.app, book, 10n);
    const refId = randomUUID();
    await openHolds(db.app, [{ ledgerAccountId: cash, kind: "withdrawal", refId, amount: minorUnits(10n) }]);
    await resolveHolds(db.app, "withdrawal", [refId], "posted");
    for (const state of ["open", "voided", "posted"])
      await expect(db.app("holds").where({ ref_id: refId }).update({ state })).rejects.toMatchObject({
        constraint: "holds_resolved_once",
      });
  });

  test("what is reserved cannot be reserved or paid again", async () => {
    const cash = await aCashAccount(db.app, book, 100n);
    const hold = { ledgerAccountId: cash, kind: "withdrawal", amount: minorUnits(60n) } as const;
    await openHolds(db.app, [{ ...hold, refId: randomUUID() }]);
    const floor = { constraint: "available_not_below_floor" };
    await expect(openHolds(db.app, [{ ...hold, refId: randomUUID() }])).rejects.toMatchObject(floor);
    await expect(postTransfers(db.app, [transfer({ debit: cash, amount: minorUnits(41n) })])).rejects.toMatchObject(
      floor,
    );
  });

  test("a withdrawal has one open hold; another one takes its place in the same transaction", async () => {
    const cash = await aCashAccount(db.app, book, 100n);
    const money = { ledgerAccountId: cash, kind: "withdrawal", refId: randomUUID() } as const;
    await openHolds(db.app, [{ ...money, amount: minorUnits(80n) }]);
    await expect(openHolds(db.app, [{ ...money, amount: minorUnits(1n) }])).rejects.toMatchObject({ code: "23505" });
    await db.app.transaction(async (trx) => {
      await resolveHolds(trx, "withdrawal", [money.refId], "voided");
      await openHolds(trx, [{ ...money, amount: minorUnits(90n) }]);
    });
    expect(await balanceOf(cash)).toEqual({ posted: 100n, held: 90n });
  });

  test("a hold is never deleted, nor begun closed", async () => {
    const cash = await aCashAccount(db.app, book, 10n);
    const refId = randomUUID();
    await openHolds(db.app, [{ ledgerAccountId: cash, kind: "withdrawal", refId, amount: minorUnits(5n) }]);
    await expect(db.app("holds").where({ ref_id: refId }).delete()).rejects.toThrow("permission denied");
    await expect(db.owner("holds").where({ ref_id: refId }).delete()).rejects.toThrow("append-only");
    await expect(db.owner.raw("TRUNCATE holds")).rejects.toThrow("append-only");
    const closed = { ledger_account_id: cash, kind: "withdrawal", ref_id: randomUUID(), amount: 1n, state: "voided" };
    await expect(db.owner("holds").insert({ ...closed, resolved_at: new Date() })).rejects.toThrow("begins open");
  });
});

test("house accounts are made once, however many ask at the same time", async () => {
  const key = { tenantId: book.tenantId, book: "demo", currency: "USDT", shard: 3 } as const;
  const answers = await Promise.all(Array.from({ length: 8 }, () => houseAccounts(db.app, key)));
  expect(new Set(answers.map((house) => Object.values(house).join())).size).toBe(1);
});

test("a balance that does not exist is not locked silently", async () => {
  await expect(lockBalances(db.app, [999_999n])).rejects.toThrow("1 balances were asked for, 0 exist");
});

test("after all this balances are their journal and their open holds", async () => {
  // These transfers belong to no fill, which I6 rightly reports.
  const broken = (await verifyBooks(db.app)).map((one) => one.invariant.slice(0, 2));
  expect(broken.filter((name) => ["I1", "I2", "I3"].includes(name))).toEqual([]);
});
