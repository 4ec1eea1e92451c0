import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { assert } from "#core/result.ts";
import { type OpenPosition, type OrderToSettle, settleAccount } from "#core/settlement.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { type Balance, type HouseAccounts, houseAccounts, lockBalances } from "../ledger/index.ts";
import { type AccountRow, loadPositions, lockAccounts, type PositionRow, toPosition } from "./accounts.store.ts";
import type { SettlePorts } from "./ports.ts";
import { type AcceptedRow, accountsToSettle, loadAccepted } from "./settlement.store.ts";
import { type LoadTerms, type TermsBook, termsStore } from "./terms.store.ts";
import { type AccountResult, writeSettlements } from "./write-settlements.ts";

/** Accounts settled in one transaction: bounds how many rows are locked at once. */
const accountsMax = 200;

/** What a call of the handler did; replayed ids settle nothing. */
export interface SettledCount {
  readonly filled: number;
  readonly rejected: number;
}

export interface SettleOptions {
  /** Only the next due order of each account, in one round: to find the one that makes a settlement fail. */
  readonly onlyNext?: boolean;
}

export type SettleOrders = (orderIds: readonly string[], options?: SettleOptions) => Promise<SettledCount>;

/**
 * The queue's handler for accepted orders. It takes all accepted orders of the accounts that the named ones belong to, in the
 * order of acceptance, so that no order overtakes another. Safe to run twice, one after the other or at once: a second run
 * waits for the account's lock, then finds the orders ended. (Waiting, not skipping: a skipped account would be left to
 * the reconciler, and the lock is held for milliseconds.)
 */
export function settleOrders(ports: SettlePorts): SettleOrders {
  const loadTerms = termsStore();
  const houseOf = houseStore(ports.shard);

  const settleSome = (
    orderIds: readonly string[],
    onlyNext: boolean,
  ): Promise<{ results: readonly AccountResult[]; more: boolean }> =>
    ports.transact(systemActor, async (work) => {
      const some = await accountsToSettle(work.db, orderIds, accountsMax);
      if (some.length === 0) return { results: [], more: false };
      // House accounts are made, when missing, before any lock is taken.
      const houses = await houseOf(work, some);
      const ids = some.map((account) => account.id);
      const accounts = await lockAccounts(work.db, ids);
      const all = await loadAccepted(work.db, ids);
      const rows = onlyNext ? firstOfEach(all) : all;
      const results = await settleRows(work.db, loadTerms, ports.maxQueueMs, accounts, rows, houses);
      await writeSettlements(work.db, results);
      for (const { account, rows: orders } of results)
        work.afterCommit(() =>
          ports.announce({ kind: "settled", accountId: account.id, orderIds: orders.map((order) => order.id) }),
        );
      return { results, more: some.length === accountsMax && !onlyNext };
    });

  return async (orderIds, { onlyNext = false } = {}) => {
    const results: AccountResult[] = [];
    // After a round none of its accounts has an order left, whoever settled it: the rounds come to an end.
    for (let more = true; more; ) {
      const round = await settleSome(orderIds, onlyNext);
      results.push(...round.results);
      more = round.more;
    }
    return countOf(results);
  };
}

const firstOfEach = (rows: readonly AcceptedRow[]): AcceptedRow[] =>
  [...groupBy(rows, (row) => row.account_id).values()].flatMap((orders) => orders.slice(0, 1));

/** Loads what the accounts' orders need, and lets the core settle account by account. */
async function settleRows(
  db: Knex,
  loadTerms: LoadTerms,
  maxQueueMs: number,
  accounts: ReadonlyMap<string, AccountRow>,
  rows: readonly AcceptedRow[],
  houses: ReadonlyMap<string, HouseAccounts>,
): Promise<AccountResult[]> {
  const touched = [...groupBy(rows, (row) => row.account_id)];
  const positions = await loadPositions(
    db,
    touched.map(([id]) => id),
  );
  const balances = await lockBalances(
    db,
    touched.map(([id]) => rowOf(accounts, id).ledger_account_id),
  );
  const terms = await loadTerms(
    db,
    [...rows, ...positions].map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  const positionsOf = groupBy(positions, (row) => row.account_id);
  return touched.map(([id, orders]): AccountResult => {
    const account = rowOf(accounts, id);
    const balance = balances.get(account.ledger_account_id);
    const house = houses.get(houseKey(account));
    assert(balance !== undefined && house !== undefined, `account ${id} has no balance or no house`);
    const before = positionsOf.get(id) ?? [];
    const settlement = settle(account, balance, before, orders, terms, maxQueueMs);
    return { account, house, before, rows: orders, settlement };
  });
}

type HouseOwner = Pick<AccountRow, "tenant_id" | "book" | "currency">;

const houseKey = (owner: HouseOwner): string => `${owner.tenant_id} ${owner.book} ${owner.currency}`;

/**
 * House accounts of this worker's shard. Remembered, since they are never removed; but only after the commit, since a rollback
 * takes back those that were made.
 */
function houseStore(shard: number): (work: Work, owners: readonly HouseOwner[]) => Promise<Map<string, HouseAccounts>> {
  const known = new Map<string, HouseAccounts>();
  return async ({ db, afterCommit }, owners) => {
    const found = new Map<string, HouseAccounts>();
    for (const owner of owners) {
      const key = houseKey(owner);
      if (found.has(key)) continue;
      const { tenant_id: tenantId, book, currency } = owner;
      found.set(key, known.get(key) ?? (await houseAccounts(db, { tenantId, book, currency, shard })));
    }
    afterCommit(() => {
      for (const [key, house] of found) known.set(key, house);
    });
    return found;
  };
}

function settle(
  account: AccountRow,
  balance: Balance,
  before: readonly PositionRow[],
  orders: readonly AcceptedRow[],
  terms: TermsBook,
  maxQueueMs: number,
): AccountResult["settlement"] {
  const open = before
    .filter((row) => row.lots !== 0n)
    .map((row): [string, OpenPosition] => [
      row.instrument_id,
      {
        position: toPosition(row),
        marginHeld: minorUnits(row.margin_minor),
        marginPerLot: terms(row.instrument_id, row.terms_version).initialMargin,
      },
    ]);
  const held = orders.reduce((sum, row) => sum + (row.held ?? 0n), 0n);
  const margins = before.reduce((sum, row) => sum + row.margin_minor, 0n);
  return settleAccount(
    {
      state: account.state,
      balance: balance.posted,
      heldElsewhere: minorUnits(balance.held - held - margins),
      positions: new Map(open),
    },
    orders.map((row) => toOrder(row, terms)),
    { maxQueueMs },
  );
}

const toOrder = (row: AcceptedRow, terms: TermsBook): OrderToSettle => ({
  id: row.id,
  instrumentId: row.instrument_id,
  terms: terms(row.instrument_id, row.terms_version),
  side: row.side,
  lots: lots(row.lots),
  reduceOnly: row.reduce_only,
  bid: ticks(row.quote_bid_ticks),
  ask: ticks(row.quote_ask_ticks),
  waitedMs: row.waited_ms,
});

function rowOf(accounts: ReadonlyMap<string, AccountRow>, id: string): AccountRow {
  const account = accounts.get(id);
  assert(account !== undefined, `account ${id} was not locked`);
  return account;
}

function countOf(results: readonly AccountResult[]): SettledCount {
  const outcomes = results.flatMap((result) => result.settlement.outcomes);
  const filled = outcomes.filter((outcome) => outcome.kind === "filled").length;
  return { filled, rejected: outcomes.length - filled };
}
