import type { TraderIdentity } from "#contracts/identity.ts";
import type { AccountView, WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { unrealizedPnl } from "#core/position.ts";
import { assert } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import { type Balance, readBalances } from "../ledger/index.ts";
import { loadStandings, noStanding, type RiskStanding } from "../risk/index.ts";
import { type AccountRow, findAccount, loadPositions, type PositionRow, toPosition } from "./accounts.store.ts";
import type { OrderRow } from "./orders.store.ts";
import type { ReadPorts } from "./ports.ts";
import { fillsPage, legPricesOf, orderOfTrader, ordersPage } from "./reads.store.ts";
import { settledViews } from "./settled-views.ts";
import { type TermsBook, type TermsKey, termsStore } from "./terms.store.ts";
import { type FillRow, toAccountView, toWireFill, toWireOrder, toWirePosition } from "./wire.ts";

export interface PageRequest {
  /** Orders: only those that have not ended. */
  readonly openOnly?: boolean;
  readonly limit: number;
  /** `next` of the page before; null: the first page. */
  readonly after: string | null;
}

/** What an account's sockets are told after a settlement. */
export interface SettledView {
  readonly orders: readonly WireOrder[];
  readonly fills: readonly WireFill[];
  /** The positions the orders were in, the closed ones with lots "0". */
  readonly positions: readonly WirePosition[];
  readonly balance: AccountView;
}

/** What a trader may read. Null: no account (or order) of his has this id. */
export interface TradingReads {
  readonly account: (trader: TraderIdentity, accountId: string) => Promise<AccountView | null>;
  readonly positions: (trader: TraderIdentity, accountId: string) => Promise<readonly WirePosition[] | null>;
  readonly orders: (trader: TraderIdentity, accountId: string, page: PageRequest) => Promise<OrdersPage | null>;
  readonly order: (trader: TraderIdentity, orderId: string) => Promise<WireOrder | null>;
  readonly fills: (trader: TraderIdentity, accountId: string, page: PageRequest) => Promise<FillsPage | null>;
  /**
   * For the gateway: the rows that announcements named (account -> its orders), of any number of accounts in a fixed number of
   * queries. The accounts' sockets are authenticated already.
   */
  readonly settled: (wanted: ReadonlyMap<string, readonly string[]>) => Promise<ReadonlyMap<string, SettledView>>;
}

export interface OrdersPage {
  readonly orders: readonly WireOrder[];
  readonly next: string | null;
}

export interface FillsPage {
  readonly fills: readonly WireFill[];
  readonly next: string | null;
}

export function tradingReads(ports: ReadPorts): TradingReads {
  const { readDb } = ports;
  const wire = wireRows(ports);
  const { viewOf, wirePositions, wireOrders, wireFills } = wire;
  const ownAccount = async (trader: TraderIdentity, id: string): Promise<AccountRow | null> => {
    const account = await findAccount(readDb, id);
    return account?.trader_id === trader.traderId ? account : null;
  };
  return {
    account: async (trader, accountId) => {
      const account = await ownAccount(trader, accountId);
      return account && viewOf(account, await loadPositions(readDb, [account.id]));
    },
    positions: async (trader, accountId) => {
      const account = await ownAccount(trader, accountId);
      if (account === null) return null;
      const rows = (await loadPositions(readDb, [account.id])).filter((row) => row.lots !== 0n);
      return wirePositions(rows.sort((a, b) => (a.instrument_id < b.instrument_id ? -1 : 1)));
    },
    orders: async (trader, accountId, page) => {
      const account = await ownAccount(trader, accountId);
      if (account === null) return null;
      const { rows, next } = await ordersPage(readDb, account.id, page);
      return { orders: await wireOrders(rows), next };
    },
    order: async (trader, orderId) => {
      const row = await orderOfTrader(readDb, trader.traderId, orderId);
      return row && ((await wireOrders([row]))[0] ?? null);
    },
    fills: async (trader, accountId, page) => {
      const account = await ownAccount(trader, accountId);
      if (account === null) return null;
      const { rows, next } = await fillsPage(readDb, account.id, page);
      return { fills: await wireFills(rows), next };
    },
    settled: settledViews(readDb, wire),
  };
}

export type WireRows = ReturnType<typeof wireRows>;

/** Rows in their wire form, priced by the market and the terms each row was made under. */
function wireRows({ readDb, market }: ReadPorts) {
  const loadTerms = termsStore();
  const termsOf = (rows: readonly { instrument_id: string; terms_version: number }[]): Promise<TermsBook> =>
    loadTerms(
      readDb,
      rows.map((row): TermsKey => ({ instrumentId: row.instrument_id, version: row.terms_version })),
    );

  /** `balances`, `standings`: those that were read already, the account's among them. */
  const viewOf = async (
    account: AccountRow,
    positions: readonly PositionRow[],
    balances?: ReadonlyMap<bigint, Balance>,
    standings?: ReadonlyMap<string, RiskStanding>,
  ): Promise<AccountView> => {
    const standing = (standings ?? (await loadStandings(readDb, [account.id]))).get(account.id) ?? noStanding;
    const known = balances ?? (await readBalances(readDb, [account.ledger_account_id]));
    const balance = known.get(account.ledger_account_id);
    assert(balance !== undefined, `account ${account.id} has no balance`);
    const terms = await termsOf(positions);
    const unrealized = positions.reduce((sum, row) => {
      const mark = market.latestTradable(row.instrument_id);
      if (mark === undefined) return sum;
      return sum + unrealizedPnl(toPosition(row), mark, terms(row.instrument_id, row.terms_version));
    }, 0n);
    const lines = positions.reduce((sum, row) => sum + row.margin_minor, 0n);
    const required = positions.reduce((sum, row) => sum + requiredBy(row, terms), 0n);
    const money = { ...balance, unrealized: minorUnits(unrealized), required: minorUnits(required) };
    return toAccountView(account, { ...money, heldElsewhere: minorUnits(balance.held - lines) }, standing);
  };
  /** `known`: the brackets' prices of these accounts, where they were read already. */
  const wirePositions = async (
    rows: readonly PositionRow[],
    known?: Awaited<ReturnType<typeof legPricesOf>>,
  ): Promise<WirePosition[]> => {
    const terms = await termsOf(rows);
    const legs = known ?? (await legPricesOf(readDb, [...new Set(rows.map((row) => row.account_id))]));
    return rows.map((row) =>
      toWirePosition(
        row,
        terms(row.instrument_id, row.terms_version),
        market.latestTradable(row.instrument_id),
        legs(row.account_id, row.instrument_id),
      ),
    );
  };
  const wireOrders = async (rows: readonly OrderRow[]): Promise<WireOrder[]> => {
    const terms = await termsOf(rows);
    return rows.map((row) => toWireOrder(row, terms(row.instrument_id, row.terms_version)));
  };
  const wireFills = async (rows: readonly FillRow[]): Promise<WireFill[]> => {
    const terms = await termsOf(rows);
    return rows.map((row) => toWireFill(row, terms(row.instrument_id, row.terms_version)));
  };
  return { viewOf, wirePositions, wireOrders, wireFills };
}

/** What the row's margin line needs: what is held, or the position's own margin where a loss has cut it. */
function requiredBy(row: PositionRow, terms: TermsBook): bigint {
  const own = positionMargin(row, terms);
  return own > row.margin_minor ? own : row.margin_minor;
}

const positionMargin = ({ lots, instrument_id: id, terms_version: version }: PositionRow, terms: TermsBook): bigint =>
  lots === 0n ? 0n : (lots < 0n ? -lots : lots) * terms(id, version).initialMargin;
