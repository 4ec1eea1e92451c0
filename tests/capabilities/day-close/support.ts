import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { type CloseDaysPorts, closeDays } from "../../../server/capabilities/day-close/index.ts";
import { sealBooks } from "../../../server/capabilities/proofs/index.ts";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type BookClock, bookClock } from "../../support/book-clock.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook, aCashAccount, type TestBook } from "../../support/ledger.ts";
import { aSigner, nodeCrypto } from "../../support/proofs.ts";

/** A database whose calendar the test moves: `book_date_of` reads the same rule, some days on. */
export interface CloseDesk {
  readonly db: TestDatabase;
  readonly book: TestBook;
  readonly rich: bigint;
  readonly poor: bigint;
  readonly clock: BookClock;
  /** Lets the database's clock for book dates be in the afternoon of a day (YYYY-MM-DD, Chicago). */
  readonly setDay: (day: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** 2027-03-05 is a Friday; nothing else happens on these dates. */
export const [friday, monday, tuesday, wednesday] = ["2027-03-05", "2027-03-08", "2027-03-09", "2027-03-10"] as const;

export async function closeDesk(): Promise<CloseDesk> {
  const db = await testDatabase();
  const clock = await bookClock(db);
  await db.owner.raw("SELECT ensure_transfer_partition('2027-03-01')");
  const setDay = (day: string): Promise<void> => clock.set(`${day} 12:00`);
  await setDay(friday);
  const book = await aBook(db.app);
  const rich = await aTradersCash(db, book, 100_000n);
  const poor = await aTradersCash(db, book, 500n);
  return { db, book, rich, poor, clock, setDay, close: () => db.drop() };
}

/** A trader with an account and this much money on it; the account's ledger account. */
async function aTradersCash({ app }: TestDatabase, book: TestBook, amount: bigint): Promise<bigint> {
  const [trader] = await app("traders").insert({ tenant_id: book.tenantId, name: "Some One" }).returning("id");
  const cash = await aCashAccount(app, book, amount, trader.id);
  const { tenantId: tenant_id, book: kind, currency } = book;
  await app("accounts").insert({
    ...{ tenant_id, trader_id: trader.id, book: kind, currency, currency_scale: 2, ledger_account_id: `${cash}` },
  });
  return cash;
}

/** One transfer from the rich trader to the house's fees, dated by the database. */
export async function pay(desk: CloseDesk, amount: number, db: Knex = desk.db.app): Promise<void> {
  const { book, rich } = desk;
  await db.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
     VALUES (?, 'live', 'USD', ?, ?, ?, 3, ?, 0)`,
    [book.tenantId, `${rich}`, `${book.house.fee}`, amount, randomUUID()],
  );
}

/** Payments on three dates that follow each other over a week-end; today is the Wednesday after. */
export async function threeDates(desk: CloseDesk): Promise<void> {
  await pay(desk, 100);
  await desk.setDay(monday);
  await pay(desk, 20);
  await desk.setDay(tuesday);
  await pay(desk, 3);
  await desk.setDay(wednesday);
  await pay(desk, 50_000);
}

/** The settlement mark of an instrument for a date, as the marking job leaves it; null: it had no quote. */
export async function markDay(
  { owner }: TestDatabase,
  day: string,
  priceTicks: bigint | null,
  instrumentId = "MES",
): Promise<void> {
  const quote = priceTicks === null ? null : 1;
  await owner("settlement_marks").insert({
    ...{
      instrument_id: instrumentId,
      trade_date: day,
      cut_at: owner.raw("clock_timestamp()"),
      rule: "mid",
      rule_version: 1,
    },
    ...{ terms_version: 1, daily_settlement: "none", price_ticks: priceTicks?.toString() ?? null, quote_seq: quote },
    ...{ quote_bid_ticks: quote, quote_ask_ticks: quote, quote_received_at: quote === null ? null : new Date() },
  });
}

export interface Told {
  readonly outcomes: string[];
  readonly errors: string[];
}

export async function runDays(desk: CloseDesk, given: Partial<CloseDaysPorts> = {}): Promise<Told> {
  const told: Told = { outcomes: [], errors: [] };
  await closeDays({
    ...(await closePorts(desk.db)),
    onOutcome: (close, { outcome }) => told.outcomes.push(`${close.tenantId} ${close.bookDate} ${outcome}`),
    onError: (error) => told.errors.push((error as Error).message),
    ...given,
  }).catch((error: unknown) => told.errors.push((error as Error).message));
  return told;
}

export async function closePorts(db: TestDatabase) {
  const seal = sealBooks({ db: db.app, signer: await aSigner(db.app), append: async () => {} });
  const asked = { channels: [], chains: [] };
  return { db: db.app, transact: transactor(db.app), announce: () => {}, sealBooks: seal, crypto: nodeCrypto, asked };
}

export type Killing = "before it" | "inside it" | "its connection cut" | "after its commit";
export const killings: readonly Killing[] = ["before it", "inside it", "its connection cut", "after its commit"];

/** Dies at the n-th transaction. */
export function dyingAt(db: TestDatabase, nth: number, killing: Killing): Transact {
  const transact = transactor(db.app);
  let left = nth;
  return async (actor, run) => {
    left -= 1;
    if (left !== 0) return transact(actor, run);
    if (killing === "before it") throw new Error("killed");
    const done = await transact(actor, async (work) => {
      const value = await run(work);
      if (killing === "inside it") throw new Error("killed");
      if (killing === "its connection cut") await work.db.raw("SELECT pg_terminate_backend(pg_backend_pid())");
      return value;
    });
    if (killing === "after its commit") throw new Error("killed");
    return done;
  };
}

/** All that closes have stored, without moments and random ids. */
export async function stored({ owner }: TestDatabase) {
  const [books, daily, statements, closes, steps] = await Promise.all([
    owner.raw("SELECT tenant_id, closed_through::text FROM closed_books ORDER BY 1"),
    owner.raw("SELECT tenant_id, book_date::text, ledger_account_id, posted, held FROM balance_daily ORDER BY 1, 2, 3"),
    owner.raw(
      `SELECT s.book_date::text, a.ledger_account_id, s.opening_minor, s.closing_minor, s.held_minor, s.movements, s.totals, s.positions
       FROM account_statements s JOIN accounts a ON a.id = s.account_id ORDER BY 1, 2`,
    ),
    owner.raw("SELECT id, tenant_id, book_date::text, state, asked_by FROM day_closes ORDER BY tenant_id, book_date"),
    owner.raw(
      `SELECT c.book_date::text, s.step_no, s.step, s.state,
         regexp_replace((s.figures - 'heads')::text, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'ID', 'g')::jsonb AS figures, s.told_by
       FROM day_close_steps s JOIN day_closes c ON c.id = s.close_id ORDER BY c.tenant_id, c.book_date, s.step_no`,
    ),
  ]);
  const rows = { books: books.rows, daily: daily.rows, statements: statements.rows, steps: steps.rows };
  return { ...rows, closes: closes.rows.map(withoutId) };
}

/** Ids come from a sequence, which a killed transaction has moved. */
const withoutId = ({ id: _id, ...rest }: { id: bigint }) => rest;
