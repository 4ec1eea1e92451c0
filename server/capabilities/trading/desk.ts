import type { Knex } from "knex";
import { type Exposure, noExposure, type PendingOrder } from "#core/exposure.ts";
import { groupBy } from "#core/group-by.ts";
import { assert } from "#core/result.ts";
import { lots, type MinorUnits, minorUnits, ticks } from "#core/units.ts";
import { lockBalances } from "../ledger/index.ts";
import { type AccountRow, loadPositions, type PositionRow, toPosition } from "./accounts.store.ts";
import { type DueRow, loadOpenOrders, noOpenOrders, nothingWaiting, type OpenOrders } from "./open-orders.store.ts";
import type { LoadTerms, TermsBook } from "./terms.store.ts";

/** An account under its lock, as a batch of decisions sees and changes it. */
export interface Desk {
  readonly account: AccountRow;
  readonly balance: MinorUnits;
  held: MinorUnits;
  /** Open orders, due or not. */
  waiting: number;
  /** By instrument; only those with a position, an open order or money held. */
  readonly exposures: Map<string, Exposure>;
  /** Its position rows by instrument, the flat ones too. */
  readonly rows: ReadonlyMap<string, PositionRow>;
  readonly open: OpenOrders;
}

/** Loads balances, positions and open orders of accounts, in a fixed number of queries. Locks the balances, unless only to show. */
export async function openDesks(
  db: Knex,
  loadTerms: LoadTerms,
  accounts: readonly AccountRow[],
  balancesOf: typeof lockBalances = lockBalances,
): Promise<Map<string, Desk>> {
  if (accounts.length === 0) return new Map();
  const ids = accounts.map((account) => account.id);
  const ledgerIds = accounts.map((account) => account.ledger_account_id);
  const [balances, positions, open] = await Promise.all([
    balancesOf(db, ledgerIds),
    loadPositions(db, ids),
    loadOpenOrders(db, ids),
  ]);
  const due = [...open.values()].flatMap((orders) => orders.due);
  const terms = await loadTerms(
    db,
    [...positions, ...due].map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  const positionsOf = groupBy(positions, (row) => row.account_id);
  return new Map(
    accounts.map((account) => {
      const balance = balances.get(account.ledger_account_id);
      assert(balance !== undefined, `account ${account.id} has no balance`);
      const orders = open.get(account.id) ?? noOpenOrders;
      const rows = new Map((positionsOf.get(account.id) ?? []).map((row) => [row.instrument_id, row]));
      const exposures = exposuresOf(rows, orders, terms);
      const { posted, held } = balance;
      return [account.id, { account, balance: posted, held, waiting: orders.count, exposures, rows, open: orders }];
    }),
  );
}

/** Every open order has the position row of its line, flat or not. */
function exposuresOf(
  rows: ReadonlyMap<string, PositionRow>,
  open: OpenOrders,
  terms: TermsBook,
): Map<string, Exposure> {
  const dueIn = groupBy(open.due, (row) => row.instrument_id);
  for (const id of open.waiting.keys()) assert(rows.has(id), `an order in ${id} has no position row`);
  const exposures = new Map<string, Exposure>();
  for (const [instrumentId, row] of rows) {
    const waiting = open.waiting.get(instrumentId);
    if (row.lots === 0n && row.margin_minor === 0n && waiting === undefined) continue;
    exposures.set(instrumentId, {
      ...noExposure(terms(instrumentId, row.terms_version)),
      position: toPosition(row),
      marginHeld: minorUnits(row.margin_minor),
      pending: (dueIn.get(instrumentId) ?? []).map((due) => toPending(due, terms)),
      resting: (waiting ?? nothingWaiting).resting,
    });
  }
  return exposures;
}

const toPending = (row: DueRow, terms: TermsBook): PendingOrder => ({
  side: row.side,
  lots: lots(row.lots),
  reduceOnly: row.reduce_only,
  origin: row.origin,
  price: ticks(row.side === "buy" ? row.quote_ask_ticks : row.quote_bid_ticks),
  feePerSide: terms(row.instrument_id, row.terms_version).feePerSide,
});
