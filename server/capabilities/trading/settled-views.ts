import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { assert } from "#core/result.ts";
import { type Balance, readBalances } from "../ledger/index.ts";
import { loadStandings } from "../risk/index.ts";
import { type AccountRow, findAccounts, loadPositions } from "./accounts.store.ts";
import { legPricesOf, ordersWithFills } from "./reads.store.ts";
import type { SettledView, TradingReads, WireRows } from "./reads.ts";

/** What became of settled orders, of any number of accounts in a fixed number of queries that wait for each other as little as can be. */
export const settledViews =
  (
    readDb: Knex,
    wire: Pick<WireRows, "viewOf" | "wirePositions" | "wireOrders" | "wireFills">,
  ): TradingReads["settled"] =>
  async (wanted) => {
    const ids = [...wanted.keys()];
    const [{ accounts, balances }, { orders, fills }, positions, legs, standings] = await Promise.all([
      accountsWithMoney(readDb, ids),
      ordersWithFills(readDb, wanted),
      loadPositions(readDb, ids),
      legPricesOf(readDb, ids),
      loadStandings(readDb, ids),
    ]);
    const ordersOf = groupBy(orders, (row) => row.account_id);
    const fillsOf = groupBy(fills, (row) => row.account_id);
    const positionsOf = groupBy(positions, (row) => row.account_id);
    const touched = new Set(orders.map((order) => `${order.account_id} ${order.instrument_id}`));
    const shown = positions.filter((row) => touched.has(`${row.account_id} ${row.instrument_id}`));
    const shownOf = groupBy(await wire.wirePositions(shown, legs), (position) => position.accountId);
    const views = accounts.map(async (account): Promise<[string, SettledView]> => {
      const own = ordersOf.get(account.id) ?? [];
      const held = positionsOf.get(account.id) ?? [];
      const view = {
        orders: await wire.wireOrders(own),
        fills: await wire.wireFills(fillsOf.get(account.id) ?? []),
        positions: shownOf.get(account.id) ?? [],
        balance: await wire.viewOf(account, held, balances, standings),
      };
      return [account.id, view];
    });
    return new Map(await Promise.all(views));
  };

async function accountsWithMoney(
  readDb: Knex,
  ids: readonly string[],
): Promise<{ accounts: readonly AccountRow[]; balances: ReadonlyMap<bigint, Balance> }> {
  const accounts = await findAccounts(readDb, ids);
  assert(accounts.length === ids.length, `${ids.length} accounts were settled, ${accounts.length} exist`);
  const ledgerIds = accounts.map((account) => account.ledger_account_id);
  return { accounts, balances: await readBalances(readDb, ledgerIds) };
}
