import type { Knex } from "knex";
import type { TradeMode } from "#contracts/names.ts";
import { groupBy } from "#core/group-by.ts";
import { mayTriggerIn, type TradeModeChange, tradeModeAt } from "#core/trade-mode.ts";
import { loadStops } from "../risk/index.ts";
import type { HoldBack } from "./fire-triggers.ts";

/**
 * Holds back what a kill switch or the trade mode of the instrument stops. Both count by the time of the quote: one that came while
 * they stood triggers nothing, also when it is looked at later.
 */
export const holdStopped: HoldBack = async (db, asked) => {
  const stops = await loadStops(
    db,
    asked.map(({ order }) => order.accountId),
  );
  // After the stops: they took the lock that a change of a mode waits for.
  const modes = await loadTradeModes(db, [...new Set(asked.map(({ order }) => order.instrumentId))]);
  const isStopped = ({ order, quote }: Parameters<HoldBack>[1][number]): boolean => {
    const mode = tradeModeAt(modes.get(order.instrumentId) ?? [], quote?.receivedAt ?? null);
    if (!mayTriggerIn(mode, order)) return true;
    if (quote !== null) return !stops.mayTrigger(order, quote.receivedAt);
    const { halt, closeOnly, ended } = stops.of(order);
    return halt !== null || ended !== null || (closeOnly !== null && !order.reduceOnly);
  };
  return new Set(asked.filter(isStopped).map(({ order }) => order.id));
};

/** As long as quotes are kept: a trigger that catches up reads none that is older. */
const lookBackMs = 48 * 3_600_000;

/** Each instrument's changes of mode in that time, and the one in force at its beginning. */
async function loadTradeModes(
  db: Knex,
  instrumentIds: readonly string[],
): Promise<ReadonlyMap<string, readonly TradeModeChange[]>> {
  const { rows } = await db.raw<{ rows: { instrument_id: string; mode: TradeMode; since: Date }[] }>(
    `SELECT m.instrument_id, m.mode, greatest(m.since, '1970-01-01Z') AS since FROM trade_modes m
     WHERE m.instrument_id = ANY (?::text[]) AND m.id >= (
       SELECT f.id FROM trade_modes f WHERE f.instrument_id = m.instrument_id
         AND f.since <= clock_timestamp() - make_interval(secs => ?) ORDER BY f.id DESC LIMIT 1)
     ORDER BY m.id`,
    [[...instrumentIds], lookBackMs / 1_000],
  );
  return groupBy(rows, (row) => row.instrument_id);
}
