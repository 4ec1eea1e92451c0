import type { Knex } from "knex";
import { marginLine } from "#core/margin.ts";
import { flat } from "#core/position.ts";
import type { Quote } from "#core/quote.ts";
import {
  type Books,
  comparePosition,
  compareQuote,
  type Difference,
  emptyBooks,
  type RecordedFill,
  type ReplayedOrder,
  replayBatch,
} from "#core/rebuild.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import type { LoadTerms, TermsBook } from "../trading/index.ts";
import { checkTrigger } from "./check-trigger.ts";
import {
  type AccountToRebuild,
  type ReplayRow,
  readFunding,
  readPositions,
  readReplay,
  readWithdrawalHolds,
} from "./rebuild.store.ts";

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
  const differences: Difference[] = [];
  const counts = { orders: 0, stored: 0n, triggersChecked: 0, triggersSwept: 0 };
  let books = emptyBooks;
  let batch: ReplayRow[] = [];
  const settle = async (): Promise<void> => {
    if (batch.length === 0) return;
    const terms = await rules.loadTerms(
      trx,
      batch.map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
    );
    const replayed = replayBatch(
      books,
      batch.map((row) => toReplayed(row, terms)),
      moneyBefore(money, batch),
    );
    books = replayed.books;
    differences.push(...replayed.differences);
    batch = [];
  };
  for await (const rows of readReplay(trx, account.id))
    for (const row of rows) {
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
  if (counts.stored !== account.fills)
    differences.push({ row: "fills", what: "count", stored: `${account.fills}`, recomputed: `${counts.stored}` });
  differences.push(
    ...(await comparePositions(trx, account, books, rules.loadTerms)),
    ...compareBalance(account, books, money),
  );
  return { ...counts, differences };
}

/** Fills whose transfers are of one transaction were settled together; one that moved nothing belongs to those before it. */
function isNextBatch(batch: readonly ReplayRow[], row: ReplayRow): boolean {
  const known = batch.find((one) => one.batch !== null)?.batch;
  return row.batch !== null && known !== undefined && known !== row.batch;
}

function moneyBefore({ funding, holds }: Money, batch: readonly ReplayRow[]): Parameters<typeof replayBatch>[2] {
  const first = batch.find((row) => row.first_transfer !== null);
  const [id, at] = [first?.first_transfer ?? null, first?.posted_at ?? null];
  const funded = funding.reduce((sum, one) => (id === null || one.id < id ? sum + one.amount : sum), 0n);
  const held = holds
    .filter((hold) => at === null || (hold.created_at <= at && (hold.resolved_at === null || hold.resolved_at > at)))
    .reduce((sum, hold) => sum + hold.amount, 0n);
  return { funded, heldElsewhere: minorUnits(held) };
}

const quoteOf = (row: ReplayRow): Difference[] =>
  compareQuote(
    row.id,
    { seq: row.priced_seq, bid: ticks(row.priced_bid), ask: ticks(row.priced_ask) },
    row.stored_seq === null ? null : { bid: row.stored_bid, ask: row.stored_ask, flag: row.stored_flag },
  );

function toReplayed(row: ReplayRow, terms: TermsBook): ReplayedOrder {
  return {
    order: {
      id: row.id,
      instrumentId: row.instrument_id,
      terms: terms(row.instrument_id, row.terms_version),
      side: row.side,
      lots: lots(row.lots),
      reduceOnly: row.reduce_only,
      origin: row.origin,
      bid: ticks(row.priced_bid),
      ask: ticks(row.priced_ask),
      quoteSeq: row.priced_seq,
      triggered: row.trigger_quote_seq !== null,
      bracket: { "take-profit": null, "stop-loss": null },
      waitedMs: 0,
    },
    recorded: row.fill_id === null ? null : recordedOf(row, row.fill_id),
  };
}

const recordedOf = (row: ReplayRow, id: bigint): RecordedFill => ({
  id,
  side: row.fill_side,
  instrumentId: row.fill_instrument,
  lots: row.fill_lots,
  price: row.price_ticks,
  quoteSeq: row.fill_quote_seq,
  bid: row.quote_bid_ticks,
  ask: row.quote_ask_ticks,
  realizedPnl: row.realized_pnl_minor,
  fee: row.fee_minor,
  positionLotsAfter: row.position_lots_after,
  moved: { realizedPnl: row.moved_pnl, fee: row.moved_fee, protection: row.moved_protection },
});

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
