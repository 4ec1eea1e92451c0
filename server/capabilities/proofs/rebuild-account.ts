import type { Knex } from "knex";
import { marginLine } from "#core/margin.ts";
import { flat } from "#core/position.ts";
import type { Quote } from "#core/quote.ts";
import { type Books, comparePosition, type Difference, emptyBooks, replayBatch, replayMark } from "#core/rebuild.ts";
import { lots, minorUnits } from "#core/units.ts";
import type { LoadTerms } from "../trading/index.ts";
import { checkTrigger } from "./check-trigger.ts";
import {
  type AccountToRebuild,
  type MarkRow,
  type ReplayRow,
  readFunding,
  readMarks,
  readPositions,
  readReplay,
  readWithdrawalHolds,
} from "./rebuild.store.ts";
import { quoteOf, toMark, toReplayed } from "./rebuild-rows.ts";

export interface RebuiltAccount {
  readonly orders: number;
  readonly triggersChecked: number;
  /** Orders whose trigger cannot be recomputed: quotes they waited through are past retention. */
  readonly triggersSwept: number;
  readonly differences: readonly Difference[];
}

export interface RebuildRules {
  readonly loadTerms: LoadTerms;
  readonly wasOpen: (quote: Quote) => boolean;
}

interface Money {
  readonly funding: Awaited<ReturnType<typeof readFunding>>;
  readonly holds: Awaited<ReturnType<typeof readWithdrawalHolds>>;
}

/** Recomputes one account from its first order on, in one snapshot, and compares every row of it. */
export async function rebuildAccount(
  trx: Knex.Transaction,
  account: AccountToRebuild,
  rules: RebuildRules,
): Promise<RebuiltAccount> {
  const money: Money = {
    funding: await readFunding(trx, account.ledger_account_id),
    holds: await readWithdrawalHolds(trx, account.ledger_account_id),
  };
  const marks = [...(await readMarks(trx, account.id))];
  const differences: Difference[] = [];
  const counts = { orders: 0, stored: 0n, triggersChecked: 0, triggersSwept: 0 };
  let books = emptyBooks;
  let batch: ReplayRow[] = [];
  const follow = (replayed: { books: Books; differences: readonly Difference[] }): void => {
    books = replayed.books;
    differences.push(...replayed.differences);
  };
  const settle = async (): Promise<void> => {
    if (batch.length > 0) follow(await settledAgain(trx, rules.loadTerms, books, batch, money));
    batch = [];
  };
  /** Daily settlements that came before `moment`; null: all that are left. Both times are taken under the account's lock. */
  const markUntil = async (moment: Date | null): Promise<void> => {
    while (marks[0] !== undefined && (moment === null || marks[0].marked_at < moment)) {
      await settle();
      for (const row of marks.splice(0, 1)) follow(await markedAgain(trx, rules.loadTerms, books, row, money));
    }
  };
  for await (const rows of readReplay(trx, account.id))
    for (const row of rows) {
      if (row.filled_at !== null) await markUntil(row.filled_at);
      if (isNextBatch(batch, row)) await settle();
      batch.push(row);
      counts.orders += 1;
      if (row.fill_id !== null) counts.stored += 1n;
      differences.push(...quoteOf(row));
      const trigger = await checkTrigger(trx, row, rules.wasOpen);
      if (trigger === "swept") counts.triggersSwept += 1;
      else if (trigger !== "never-waited") counts.triggersChecked += 1;
      if (typeof trigger !== "string") differences.push(trigger);
    }
  await settle();
  await markUntil(null);
  if (counts.stored !== account.fills)
    differences.push({ row: "fills", what: "count", stored: `${account.fills}`, recomputed: `${counts.stored}` });
  differences.push(
    ...(await comparePositions(trx, account, books, rules.loadTerms)),
    ...compareBalance(account, books, money),
  );
  return { ...counts, differences };
}

async function settledAgain(
  trx: Knex.Transaction,
  loadTerms: LoadTerms,
  books: Books,
  batch: readonly ReplayRow[],
  money: Money,
): Promise<ReturnType<typeof replayBatch>> {
  const terms = await loadTerms(trx, batch.map(termsKey));
  const first = batch.find((row) => row.first_transfer !== null);
  return replayBatch(
    books,
    batch.map((row) => toReplayed(row, terms)),
    moneyBefore(money, first?.first_transfer ?? null, first?.posted_at ?? null),
  );
}

async function markedAgain(
  trx: Knex.Transaction,
  loadTerms: LoadTerms,
  books: Books,
  row: MarkRow,
  money: Money,
): Promise<ReturnType<typeof replayMark>> {
  const terms = await loadTerms(trx, [termsKey(row)]);
  const mark = toMark(row, terms(row.instrument_id, row.terms_version).tickValue);
  return replayMark(books, mark, moneyBefore(money, row.first_transfer, row.marked_at));
}

const termsKey = (row: { readonly instrument_id: string; readonly terms_version: number }) => ({
  instrumentId: row.instrument_id,
  version: row.terms_version,
});

/** Fills whose transfers are of one transaction were settled together; one that moved nothing belongs to those before it. */
function isNextBatch(batch: readonly ReplayRow[], row: ReplayRow): boolean {
  const known = batch.find((one) => one.batch !== null)?.batch;
  return row.batch !== null && known !== undefined && known !== row.batch;
}

/** What was funded before a transfer, and what withdrawals held at that moment; null: up to now. */
function moneyBefore({ funding, holds }: Money, transfer: bigint | null, at: Date | null) {
  const funded = funding.reduce((sum, { id, amount }) => (transfer === null || id < transfer ? sum + amount : sum), 0n);
  const held = holds
    .filter((hold) => at === null || (hold.created_at <= at && (hold.resolved_at === null || hold.resolved_at > at)))
    .reduce((sum, hold) => sum + hold.amount, 0n);
  return { funded, heldElsewhere: minorUnits(held) };
}

/** Every position row, and every position that should have one. */
async function comparePositions(
  trx: Knex.Transaction,
  account: AccountToRebuild,
  books: Books,
  loadTerms: LoadTerms,
): Promise<Difference[]> {
  const rows = await readPositions(trx, account.id);
  const terms = await loadTerms(
    trx,
    rows.map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  const compared = rows.flatMap((row) => {
    const { position, realizedPnl } = books.positions.get(row.instrument_id) ?? { position: flat, realizedPnl: 0n };
    const load = { position: position.lots, pendingBuy: lots(row.buy), pendingSell: lots(row.sell) };
    const lineMost = marginLine(load, terms(row.instrument_id, row.terms_version));
    const stored = {
      lots: row.lots,
      cost: row.cost_ticks,
      realizedPnl: row.realized_pnl_minor,
      line: row.margin_minor,
    };
    return comparePosition(row.instrument_id, stored, { position, realizedPnl, lineMost });
  });
  const known = new Set(rows.map((row) => row.instrument_id));
  const absent = [...books.positions.keys()].filter((id) => !known.has(id));
  return [
    ...compared,
    ...absent.map((id) => ({ row: `position in ${id}`, what: "is stored", stored: "no", recomputed: "yes" })),
  ];
}

function compareBalance(account: AccountToRebuild, books: Books, { funding }: Money): Difference[] {
  const balance = funding.reduce((sum, { amount }) => sum + amount, books.traded);
  if (balance === account.posted) return [];
  return [
    {
      row: `balance ${account.ledger_account_id}`,
      what: "posted (minor units)",
      stored: `${account.posted}`,
      recomputed: `${balance}`,
    },
  ];
}
