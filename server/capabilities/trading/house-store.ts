import type { Work } from "../../platform/db/unit-of-work.ts";
import { type HouseAccounts, houseAccounts } from "../ledger/index.ts";
import type { AccountRow } from "./accounts.store.ts";

export type HouseOwner = Pick<AccountRow, "tenant_id" | "book" | "currency">;

export const houseKey = (owner: HouseOwner): string => `${owner.tenant_id} ${owner.book} ${owner.currency}`;

export type HouseStore = (work: Work, owners: readonly HouseOwner[]) => Promise<ReadonlyMap<string, HouseAccounts>>;

/**
 * House accounts of this worker's shard. Remembered, since they are never removed; but only after the commit, since a rollback
 * takes back those that were made.
 */
export function houseStore(shard: number): HouseStore {
  const known = new Map<string, HouseAccounts>();
  return async ({ db, afterCommit }, owners) => {
    const found = new Map<string, HouseAccounts>();
    const made: string[] = [];
    for (const owner of owners) {
      const key = houseKey(owner);
      if (found.has(key)) continue;
      const { tenant_id: tenantId, book, currency } = owner;
      const remembered = known.get(key);
      if (remembered === undefined) made.push(key);
      found.set(key, remembered ?? (await houseAccounts(db, { tenantId, book, currency, shard })));
    }
    if (made.length > 0)
      afterCommit(() => {
        for (const [key, house] of found) known.set(key, house);
      });
    return found;
  };
}
