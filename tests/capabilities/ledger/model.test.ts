import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { minorUnits } from "#core/units.ts";
import { openHolds, postTransfers, readBalances, resolveHolds } from "../../../server/capabilities/ledger/index.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount, type TestBook } from "../../support/ledger.ts";

let db: TestDatabase;
let book: TestBook;
beforeAll(async () => {
  db = await testDatabase();
  book = await aBook(db.app);
});
afterAll(() => db.drop());

type Step =
  | { readonly kind: "post"; readonly from: number; readonly to: number; readonly amount: bigint }
  | { readonly kind: "hold"; readonly from: number; readonly amount: bigint }
  | { readonly kind: "void"; readonly hold: number }
  | { readonly kind: "settle"; readonly hold: number; readonly to: number; readonly amount: bigint };

const people = 3;
const who = fc.nat({ max: people - 1 });
const amount = fc.bigInt(1n, 120n);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("post" as const), from: who, to: who, amount }),
  fc.record({ kind: fc.constant("hold" as const), from: who, amount }),
  fc.record({ kind: fc.constant("void" as const), hold: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant("settle" as const), hold: fc.nat({ max: 9 }), to: who, amount }),
);

/** The ledger as one would do it on paper: what the database must agree with after every step. */
class Paper {
  readonly posted = Array<bigint>(people).fill(100n);
  readonly holds: { owner: number; amount: bigint; open: boolean }[] = [];

  held(owner: number): bigint {
    return this.holds.reduce((sum, hold) => (hold.open && hold.owner === owner ? sum + hold.amount : sum), 0n);
  }
  available = (owner: number): bigint => (this.posted[owner] ?? 0n) - this.held(owner);

  /** True when the step is done, false when it is refused and nothing has changed. */
  take(step: Step): boolean {
    if (step.kind === "hold") {
      if (this.available(step.from) < step.amount) return false;
      this.holds.push({ owner: step.from, amount: step.amount, open: true });
      return true;
    }
    if (step.kind === "post") return this.pay(step.from, step.to, step.amount);
    const hold = this.holds[step.hold];
    const wasOpen = hold?.open ?? false;
    if (hold !== undefined) hold.open = false;
    if (step.kind === "void" || hold === undefined) return true;
    if (this.pay(hold.owner, step.to, step.amount)) return true;
    hold.open = wasOpen;
    return false;
  }
  private pay(from: number, to: number, amount: bigint): boolean {
    if (from === to || this.available(from) < amount) return false;
    this.posted[from] = (this.posted[from] ?? 0n) - amount;
    this.posted[to] = (this.posted[to] ?? 0n) + amount;
    return true;
  }
}

test("any sequence of posts, holds, voids and settlements ends as on paper", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const accounts = await Promise.all(Array.from({ length: people }, () => aCashAccount(db.app, book, 100n)));
      const paper = new Paper();
      const refs: string[] = [];
      for (const one of steps) {
        const expected = paper.take(one);
        expect([one, await perform(one, accounts, refs)]).toEqual([one, expected]);
        const balances = await readBalances(db.app, accounts);
        expect(accounts.map((id) => balances.get(id))).toEqual(
          accounts.map((_, owner) => ({ posted: paper.posted[owner], held: paper.held(owner) })),
        );
      }
    }),
    { numRuns: 40 },
  );
});

/** The step on the real ledger: true when it is done, false when the database has refused it. */
async function perform(one: Step, accounts: readonly bigint[], refs: string[]): Promise<boolean> {
  const id = (owner: number): bigint => accounts[owner] ?? 0n;
  try {
    if (one.kind === "post") await postTransfers(db.app, [payment(id(one.from), id(one.to), one.amount)]);
    else if (one.kind === "hold") {
      const refId = randomUUID();
      await openHolds(db.app, [
        { ledgerAccountId: id(one.from), kind: "withdrawal", refId, amount: minorUnits(one.amount) },
      ]);
      refs.push(refId);
    } else await resolve(one, accounts, refs[one.hold]);
    return true;
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (constraint === "available_not_below_floor" || constraint === "transfers_two_accounts") return false;
    throw error;
  }
}

const resolve = (one: Step & { kind: "void" | "settle" }, accounts: readonly bigint[], refId: string = randomUUID()) =>
  db.app.transaction(async (trx) => {
    const hold = await trx("holds").where({ ref_id: refId }).first("ledger_account_id");
    await resolveHolds(trx, "withdrawal", [refId], one.kind === "void" ? "voided" : "posted");
    if (one.kind === "settle" && hold !== undefined)
      await postTransfers(trx, [payment(hold.ledger_account_id, accounts[one.to] ?? 0n, one.amount)]);
  });

const payment = (debit: bigint, credit: bigint, amount: bigint) => ({
  ...book,
  debit,
  credit,
  amount: minorUnits(amount),
  code: 40 as const,
  groupId: randomUUID(),
  leg: 0,
});
