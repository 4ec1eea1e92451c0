import type { Knex } from "knex";
import { type Exposure, exposureOf } from "#core/exposure.ts";
import { groupBy } from "#core/group-by.ts";
import type { ContractTerms } from "#core/instrument.ts";
import { flat } from "#core/position.ts";
import { assert } from "#core/result.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import { lockBalances } from "../ledger/index.ts";
import {
  type AccountRow,
  type AccountWaiting,
  loadPositions,
  loadWaiting,
  type PositionRow,
  toPosition,
} from "./accounts.store.ts";
import type { LoadTerms, TermsBook } from "./terms.store.ts";

/** An account under its lock, as a batch of decisions sees and changes it. */
export interface Desk {
  readonly account: AccountRow;
  readonly balance: MinorUnits;
  held: MinorUnits;
  /** Accepted orders that wait for settlement. */
  waiting: number;
  /** By instrument; only those with a position or a waiting order. */
  readonly exposures: Map<string, Exposure>;
}

/** Loads balances, positions and waiting orders of locked accounts, in a fixed number of queries. */
export async function openDesks(
  db: Knex,
  loadTerms: LoadTerms,
  accounts: readonly AccountRow[],
): Promise<Map<string, Desk>> {
  if (accounts.length === 0) return new Map();
  const ids = accounts.map((account) => account.id);
  const balances = await lockBalances(
    db,
    accounts.map((account) => account.ledger_account_id),
  );
  const positions = (await loadPositions(db, ids)).filter((row) => row.lots !== 0n);
  const waiting = await loadWaiting(db, ids, loadTerms);
  const terms = await loadTerms(
    db,
    positions.map((row) => ({ instrumentId: row.instrument_id, version: row.terms_version })),
  );
  const positionsOf = groupBy(positions, (row) => row.account_id);
  const waitingOf = groupBy(waiting, (order) => order.accountId);
  return new Map(
    accounts.map((account) => {
      const balance = balances.get(account.ledger_account_id);
      assert(balance !== undefined, `account ${account.id} has no balance`);
      const orders = waitingOf.get(account.id) ?? [];
      const exposures = exposuresOf(positionsOf.get(account.id) ?? [], orders, terms);
      return [account.id, { account, balance: balance.posted, held: balance.held, waiting: orders.length, exposures }];
    }),
  );
}

function exposuresOf(
  positions: readonly PositionRow[],
  waiting: readonly AccountWaiting[],
  terms: TermsBook,
): Map<string, Exposure> {
  const rowOf = new Map(positions.map((row) => [row.instrument_id, row]));
  const ordersOf = groupBy(waiting, (order) => order.instrumentId);
  const exposures = new Map<string, Exposure>();
  for (const instrumentId of new Set([...rowOf.keys(), ...ordersOf.keys()])) {
    const row = rowOf.get(instrumentId);
    const orders = ordersOf.get(instrumentId) ?? [];
    exposures.set(
      instrumentId,
      exposureOf(
        {
          terms: termsInForce(instrumentId, row, orders, terms),
          position: row === undefined ? flat : toPosition(row),
          marginHeld: minorUnits(row?.margin_minor ?? 0n),
        },
        orders,
      ),
    );
  }
  return exposures;
}

function termsInForce(
  instrumentId: string,
  row: PositionRow | undefined,
  orders: readonly AccountWaiting[],
  terms: TermsBook,
): ContractTerms {
  if (row !== undefined) return terms(instrumentId, row.terms_version);
  const [first] = orders;
  assert(first !== undefined, `an exposure in ${instrumentId} without position or order`);
  return first.terms;
}
