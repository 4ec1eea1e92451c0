import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import { openHolds, postTransfers, readBalances, verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount, type TestBook } from "../../support/ledger.ts";

let db: TestDatabase;
let book: TestBook;
beforeAll(async () => {
  db = await testDatabase();
  book = await aBook(db.app);
});
afterAll(() => db.drop());

/** What became of attempts that run at the same time: how many went through, and why the others did not. */
async function outcomes(attempts: readonly Promise<unknown>[]): Promise<{ done: number; refusedBy: string[] }> {
  const all = await Promise.allSettled(attempts);
  const reasons = all.flatMap((one) =>
    one.status === "rejected" ? [String(one.reason.constraint ?? one.reason)] : [],
  );
  return { done: all.length - reasons.length, refusedBy: [...new Set(reasons)] };
}

const price = minorUnits(100n);

test("money for 33 and 320 holds at once: exactly 33 are opened", async () => {
  const cash = await aCashAccount(db.app, book, 3_399n);
  const attempts = Array.from({ length: 320 }, () =>
    openHolds(db.app, [{ ledgerAccountId: cash, kind: "withdrawal", refId: randomUUID(), amount: price }]),
  );
  expect(await outcomes(attempts)).toEqual({ done: 33, refusedBy: ["available_not_below_floor"] });
  expect((await readBalances(db.app, [cash])).get(cash)).toEqual({ posted: 3_399n, held: 3_300n });
});

test("money for 33 and 320 payments at once: exactly 33 are made", async () => {
  const cash = await aCashAccount(db.app, book, 3_399n);
  const attempts = Array.from({ length: 320 }, () =>
    postTransfers(db.app, [
      { ...book, debit: cash, credit: book.house.fee, amount: price, code: 11, groupId: randomUUID(), leg: 0 },
    ]),
  );
  expect(await outcomes(attempts)).toEqual({ done: 33, refusedBy: ["available_not_below_floor"] });
  expect((await readBalances(db.app, [cash])).get(cash)).toEqual({ posted: 99n, held: 0n });
});

test("payments that cross each other in both directions never deadlock", async () => {
  const accounts = await Promise.all(Array.from({ length: 8 }, () => aCashAccount(db.app, book, 100_000n)));
  const [first = 0n] = accounts;
  const attempts = Array.from({ length: 200 }, (_, n) => {
    const legs = accounts.slice(1).map((account, leg) => {
      const forward = (n + leg) % 2 === 0;
      return {
        ...book,
        debit: forward ? first : account,
        credit: forward ? account : first,
        amount: minorUnits(1n),
        code: 40 as const,
        groupId: randomUUID(),
        leg,
      };
    });
    return postTransfers(db.app, n % 2 === 0 ? legs : legs.reverse());
  });
  expect(await outcomes(attempts)).toEqual({ done: 200, refusedBy: [] });
  const balances = await readBalances(db.app, accounts);
  expect([...balances.values()].reduce((sum, { posted }) => sum + posted, 0n)).toBe(800_000n);
});

test("after the rush balances are their journal and their open holds", async () => {
  const broken = (await verifyBooks(db.app)).map((one) => one.invariant.slice(0, 2));
  expect(broken.filter((name) => ["I1", "I2", "I3"].includes(name))).toEqual([]);
});
