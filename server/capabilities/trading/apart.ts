import { isOfTheAsked } from "../../platform/db/unavailable.ts";

/**
 * Runs all items in one go; when that fails for what was asked, each in a run of its own, so that a broken one stops nobody else.
 * Broken ones are told. Any other error (the database is away, the lead is lost, something unknown) is thrown: then
 * nobody knows what was done, and all are tried anew. To take an unknown error for a broken item would pass over it for good.
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
    if (!isOfTheAsked(error)) throw error;
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
