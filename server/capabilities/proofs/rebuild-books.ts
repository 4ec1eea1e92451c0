import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import type { Difference } from "#core/rebuild.ts";
import { readInstruments, wasOpenAt } from "../market-data/index.ts";
import { termsStore } from "../trading/index.ts";
import { nextAccounts, readAccount } from "./rebuild.store.ts";
import { rebuildAccount } from "./rebuild-account.ts";

export interface RebuiltBooks {
  readonly accounts: number;
  readonly orders: number;
  readonly triggersChecked: number;
  /** Orders whose trigger cannot be recomputed: quotes they waited through are past retention. */
  readonly triggersSwept: number;
  /** The first differing row of each account, at most `differencesMax`. */
  readonly differences: readonly (Difference & { readonly accountId: string })[];
  readonly accountsDiffering: number;
}

const accountsPage = 100;
/** Enough to see the pattern of a fault. */
const differencesMax = 100;

/**
 * Recomputes every fill, realized result, fee, position, margin line and balance from the accepted orders and the recorded
 * quotes with the core, account by account, each in one snapshot, and compares with what is stored. What came in and went
 * out by other things than trading is given. Reads only; memory does not grow with the number of accounts or orders.
 */
export async function rebuildBooks(db: Knex): Promise<RebuiltBooks> {
  const instruments = new Map((await readInstruments(db)).map((instrument) => [instrument.id, instrument]));
  const wasOpen = (quote: Quote): boolean => {
    const instrument = instruments.get(quote.instrumentId);
    return instrument !== undefined && wasOpenAt(instrument, quote);
  };
  const rules = { loadTerms: termsStore(), wasOpen };
  const sum = { accounts: 0, orders: 0, triggersChecked: 0, triggersSwept: 0, accountsDiffering: 0 };
  const differences: (Difference & { accountId: string })[] = [];
  for (let after: string | null = null; ; ) {
    const ids: string[] = await nextAccounts(db, after, accountsPage);
    for (const accountId of ids) {
      const rebuilt = await inSnapshot(db, async (trx) => {
        const account = await readAccount(trx, accountId);
        return account && rebuildAccount(trx, account, rules);
      });
      if (rebuilt === undefined) continue;
      sum.accounts += 1;
      sum.orders += rebuilt.orders;
      sum.triggersChecked += rebuilt.triggersChecked;
      sum.triggersSwept += rebuilt.triggersSwept;
      const [first] = rebuilt.differences;
      if (first === undefined) continue;
      sum.accountsDiffering += 1;
      if (differences.length < differencesMax) differences.push({ accountId, ...first });
    }
    after = ids.at(-1) ?? null;
    if (ids.length < accountsPage) return { ...sum, differences };
  }
}

const inSnapshot = <T>(db: Knex, run: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
  db.transaction(run, { isolationLevel: "repeatable read", readOnly: true });
