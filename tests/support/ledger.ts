import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import { minorUnits } from "#core/units.ts";
import {
  type HouseAccounts,
  houseAccounts,
  openPersonalAccount,
  postTransfers,
} from "../../server/capabilities/ledger/index.ts";

/** A partner with its house accounts in one book and currency, made as the application role. */
export interface TestBook {
  readonly tenantId: number;
  readonly book: Book;
  readonly currency: string;
  readonly house: HouseAccounts;
}

let made = 0;

export async function aBook(db: Knex, given: Partial<Omit<TestBook, "house">> = {}): Promise<TestBook> {
  const { book = "live", currency = "USD" } = given;
  const tenantId = given.tenantId ?? (await aPartner(db));
  return { tenantId, book, currency, house: await houseAccounts(db, { tenantId, book, currency, shard: 0 }) };
}

export async function aPartner(db: Knex): Promise<number> {
  made += 1;
  const rows = await db("partners")
    .insert({ code: `partner-${made}`, name: `Partner ${made}` })
    .returning("id");
  return rows[0].id;
}

/** A trader's cash account with `amount` minor units on it, paid in from the bank. */
export async function aCashAccount(db: Knex, book: TestBook, amount = 0n, ownerId = randomUUID()): Promise<bigint> {
  const id = await openPersonalAccount(db, { ...book, ownerId, kind: "trader.cash" });
  if (id === null) throw new Error(`${ownerId} has a cash account already`);
  if (amount > 0n)
    await postTransfers(db, [
      {
        ...book,
        debit: book.house.clearing,
        credit: id,
        amount: minorUnits(amount),
        code: 1,
        groupId: randomUUID(),
        leg: 0,
      },
    ]);
  return id;
}
