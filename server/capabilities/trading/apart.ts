import { isUnavailable } from "../../platform/db/unavailable.ts";
import { LeadLost } from "./trigger-cursors.store.ts";

/**
 * Runs all items in one go; when that fails for what was asked, each in a run of its own, so that a broken one stops nobody else.
 * Broken ones are told. Throws when the database is away or the lead is lost: then nobody knows, and all are tried anew.
 * Returns what the runs returned.
 */
export async function apart<Item, Value>(
  items: readonly Item[],
  run: (some: readonly Item[]) => Promise<Value>,
  onBroken: (item: Item, error: unknown) => void,
): Promise<Value[]> {
  try {
    return [await run(items)];
  } catch (error) {
    if (error instanceof LeadLost || isUnavailable(error)) throw error;
    const [only] = items;
    if (items.length === 1 && only !== undefined) {
      onBroken(only, error);
      return [];
    }
    const values: Value[] = [];
    for (const item of items) values.push(...(await apart([item], run, onBroken)));
    return values;
  }
}
