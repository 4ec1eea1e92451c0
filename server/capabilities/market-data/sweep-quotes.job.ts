import type { Knex } from "knex";
import type { Clock } from "../../platform/clock.ts";
import { sweepQuotes } from "./quotes.store.ts";

const keptHours = 48;
const batchMax = 20_000;
const batchesMax = 500;

/**
 * Deletes quotes received more than 48 hours ago, in small batches so that no lock lasts. Kept: those an order or a fill names,
 * those that waiting orders were not tried against yet, and the newest of each instrument. Returns how many went.
 */
export async function sweepOldQuotes(deps: { readonly db: Knex; readonly clock: Clock }): Promise<number> {
  const before = new Date(deps.clock.now().getTime() - keptHours * 3_600_000);
  let gone = 0;
  for (let batch = 0; batch < batchesMax; batch++) {
    const swept = await sweepQuotes(deps.db, before, batchMax);
    gone += swept;
    if (swept < batchMax) break;
  }
  return gone;
}
