import type { Knex } from "knex";
import { projectedFunds } from "#core/exposure.ts";
import { availableFunds } from "#core/margin.ts";
import { assert } from "#core/result.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import type { AccountRow } from "./accounts.store.ts";
import { openDesks } from "./desk.ts";
import type { Market } from "./ports.ts";
import { termsStore } from "./terms.store.ts";

/** Money of an account that nothing needs, by the last known prices. */
export interface AvailableMoney {
  /** min(balance, equity) - held - what lines lack, in minor units. May be negative after a loss. */
  readonly available: MinorUnits;
  /** Instruments with a position and no price: their result is not known and not counted. */
  readonly unmarked: readonly string[];
}

export type AvailableOf = (db: Knex, account: AccountRow) => Promise<AvailableMoney>;

/** What may be paid out of an account whose lock the caller holds (`lockAccounts`); locks its balance. */
export function openAvailable(market: Pick<Market, "latestTradable">): AvailableOf {
  const loadTerms = termsStore();
  return async (db, account) => {
    const desk = (await openDesks(db, loadTerms, [account])).get(account.id);
    assert(desk !== undefined, `account ${account.id} has no desk`);
    // No instrument is traded: every line that lacks something counts.
    const funds = projectedFunds("", desk, desk.exposures, market.latestTradable);
    return { available: minorUnits(availableFunds(funds) - funds.uncovered), unmarked: funds.unmarked };
  };
}
