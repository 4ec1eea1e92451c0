import type { Knex } from "knex";
import type { OrderOrigin, Side } from "#contracts/names.ts";
import { groupBy } from "#core/group-by.ts";
import { assert } from "#core/result.ts";
import type { OpenPosition, OrderToSettle, Settlement } from "#core/settlement.ts";
import { settleAccount } from "#core/settlement.ts";
import { type Lots, lots, minorUnits, ticks } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { type Balance, lockBalances } from "../ledger/index.ts";
import { type AccountRow, loadPositions, type PositionRow, toPosition } from "./accounts.store.ts";
import { type HouseStore, houseKey } from "./house-store.ts";
import { type DueRow, loadOpenOrders, noOpenOrders, nothingWaiting, type OpenOrders } from "./open-orders.store.ts";
import type { SettlePorts } from "./ports.ts";
import { insertSystemOrders, type OrderQuote } from "./system-orders.store.ts";
import type { LoadTerms, TermsBook } from "./terms.store.ts";
import { type AccountResult, writeSettlements } from "./write-settlements.ts";

/** An order of the house's own rules, to be made and settled at once at `quote`. */
export interface HouseOrder {
  readonly accountId: string;
  readonly instrumentId: string;
  readonly termsVersion: number;
  readonly side: Side;
  readonly lots: Lots;
  readonly origin: Exclude<OrderOrigin, "trader" | "take-profit" | "stop-loss">;
  /** May only reduce; a roll opens in the next contract and is not. */
  readonly reduceOnly: boolean;
  readonly quote: OrderQuote;
}

/**
 * Settles all that is due on accounts whose locks the caller holds (`lockAccounts`), in his transaction. `orders` are made first and
 * settle behind what was due already. Their places are given under the lock, so nothing comes between. Announces after the
 * commit. Returns the accounts that had something to settle.
 */
export type SettleLocked = (
  work: Work,
  accounts: ReadonlyMap<string, AccountRow>,
  orders?: readonly HouseOrder[],
  options?: { readonly onlyNext?: boolean },
) => Promise<readonly AccountResult[]>;

export function settleLocked(
  ports: Pick<SettlePorts, "announce" | "maxQueueMs">,
  houseOf: HouseStore,
  loadTerms: LoadTerms,
): SettleLocked {
  return async (work, accounts, orders = [], { onlyNext = false } = {}) => {
    await insertSystemOrders(
      work.db,
      orders.map((order) => ({
        ...order,
        account: rowOf(accounts, order.accountId),
        type: "market" as const,
        limitPrice: null,
        stopPrice: null,
        waits: false,
      })),
    );
    const [all, positions, balances] = await load(work.db, accounts);
    const open = onlyNext ? new Map([...all].map(([id, orders]) => [id, firstOf(orders)])) : all;
    const touched = [...open].filter(([, { due }]) => due.length > 0).map(([id]) => rowOf(accounts, id));
    if (touched.length === 0) return [];
    const houses = await houseOf(work, touched);
    const stored = { positions, balances };
    const settled = await settleRows(work.db, loadTerms, ports.maxQueueMs, touched, open, stored);
    const results = settled.map((one): AccountResult => {
      const house = houses.get(houseKey(one.account));
      assert(house !== undefined, `account ${one.account.id} has no house`);
      return { ...one, house };
    });
    const legs = await writeSettlements(work.db, results);
    work.afterCommit(() => {
      for (const { account, rows } of results) {
        const { working = [], ended = [] } = legs.get(account.id) ?? {};
        const orderIds = [...rows.map((row) => row.id), ...working, ...ended];
        ports.announce({ kind: "settled", accountId: account.id, orderIds });
      }
      const working = [...legs.values()].flatMap((one) => one.working);
      if (working.length > 0) ports.announce({ kind: "working", orderIds: working });
    });
    return results;
  };
}

/** Only the first due order; those behind it wait on, and their lines stay. */
function firstOf(open: OpenOrders): OpenOrders {
  const waiting = new Map(open.waiting);
  for (const { instrument_id: id, side, lots: size, reduce_only: reduces } of open.due.slice(1)) {
    const { resting, bracket } = waiting.get(id) ?? nothingWaiting;
    const more = reduces ? resting : { ...resting, [side]: lots(resting[side] + size) };
    waiting.set(id, { resting: more, bracket });
  }
  return { ...open, due: open.due.slice(0, 1), waiting };
}

interface Stored {
  readonly positions: readonly PositionRow[];
  readonly balances: ReadonlyMap<bigint, Balance>;
}

/** All that a settlement of locked accounts looks at, in one round trip. */
function load(
  db: Knex,
  accounts: ReadonlyMap<string, AccountRow>,
): Promise<[Map<string, OpenOrders>, PositionRow[], Map<bigint, Balance>]> {
  const ids = [...accounts.keys()];
  const ledgerIds = [...accounts.values()].map((account) => account.ledger_account_id);
  return Promise.all([loadOpenOrders(db, ids), loadPositions(db, ids), lockBalances(db, ledgerIds)]);
}

/** Lets the core settle account by account. */
async function settleRows(
  db: Knex,
  loadTerms: LoadTerms,
  maxQueueMs: number,
  accounts: readonly AccountRow[],
  open: ReadonlyMap<string, OpenOrders>,
  { positions, balances }: Stored,
): Promise<Omit<AccountResult, "house">[]> {
  const due = accounts.flatMap(({ id }) => open.get(id)?.due ?? []);
  const terms = await loadTerms(
    db,
    [...due, ...positions].map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  const positionsOf = groupBy(positions, (row) => row.account_id);
  return accounts.map((account) => {
    const balance = balances.get(account.ledger_account_id);
    assert(balance !== undefined, `account ${account.id} has no balance`);
    const before = positionsOf.get(account.id) ?? [];
    const orders = open.get(account.id) ?? noOpenOrders;
    return {
      account,
      before,
      rows: orders.due,
      settlement: settle(account, balance, before, orders, terms, maxQueueMs),
    };
  });
}

function settle(
  account: AccountRow,
  balance: Balance,
  before: readonly PositionRow[],
  open: OpenOrders,
  terms: TermsBook,
  maxQueueMs: number,
): Settlement {
  const lines = before.reduce((sum, row) => sum + row.margin_minor, 0n);
  return settleAccount(
    {
      state: account.state,
      balance: balance.posted,
      heldElsewhere: minorUnits(balance.held - lines),
      positions: holdingsOf(before, open, terms),
    },
    open.due.map((row) => toOrder(row, terms)),
    { maxQueueMs },
  );
}

/** What an account has at work, by instrument; rows with nothing in them are left out. */
function holdingsOf(rows: readonly PositionRow[], open: OpenOrders, terms: TermsBook): Map<string, OpenPosition> {
  const holdings = new Map<string, OpenPosition>();
  for (const row of rows) {
    const waiting = open.waiting.get(row.instrument_id);
    if (row.lots === 0n && row.margin_minor === 0n && waiting === undefined) continue;
    holdings.set(row.instrument_id, {
      position: toPosition(row),
      marginHeld: minorUnits(row.margin_minor),
      terms: terms(row.instrument_id, row.terms_version),
      ...(waiting ?? nothingWaiting),
    });
  }
  return holdings;
}

const toOrder = (row: DueRow, terms: TermsBook): OrderToSettle => ({
  id: row.id,
  instrumentId: row.instrument_id,
  terms: terms(row.instrument_id, row.terms_version),
  side: row.side,
  lots: lots(row.lots),
  reduceOnly: row.reduce_only,
  origin: row.origin,
  bid: ticks(row.quote_bid_ticks),
  ask: ticks(row.quote_ask_ticks),
  quoteSeq: row.quote_seq,
  triggered: row.triggered,
  bracket: {
    "take-profit": row.take_profit_ticks === null ? null : ticks(row.take_profit_ticks),
    "stop-loss": row.stop_loss_ticks === null ? null : ticks(row.stop_loss_ticks),
  },
  waitedMs: row.waited_ms,
});

function rowOf(accounts: ReadonlyMap<string, AccountRow>, id: string): AccountRow {
  const account = accounts.get(id);
  assert(account !== undefined, `account ${id} was not locked`);
  return account;
}
