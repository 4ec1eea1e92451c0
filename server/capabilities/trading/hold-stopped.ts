import { loadStops } from "../risk/index.ts";
import type { HoldBack } from "./fire-triggers.ts";

/**
 * Holds back what a kill switch stops and what is in an instrument whose trade mode is `halted`. A switch counts by the time of
 * the quote: one that came while it stood triggers nothing, also when it is looked at later.
 */
export const holdStopped: HoldBack = async (db, asked) => {
  const stops = await loadStops(
    db,
    asked.map(({ order }) => order.accountId),
  );
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    "SELECT id FROM instruments WHERE trade_mode = 'halted' AND id = ANY (?::text[])",
    [[...new Set(asked.map(({ order }) => order.instrumentId))]],
  );
  const halted = new Set(rows.map(({ id }) => id));
  const isStopped = ({ order, quote }: Parameters<HoldBack>[1][number]): boolean => {
    if (halted.has(order.instrumentId)) return true;
    if (quote !== null) return !stops.mayTrigger(order, quote.receivedAt);
    const { halt, closeOnly, ended } = stops.of(order);
    return halt !== null || ended !== null || (closeOnly !== null && !order.reduceOnly);
  };
  return new Set(asked.filter(isStopped).map(({ order }) => order.id));
};
