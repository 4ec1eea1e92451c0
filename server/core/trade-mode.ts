import type { Side, TradeMode } from "#contracts/names.ts";

/** A trade mode of an instrument and when it came into force. */
export interface TradeModeChange {
  readonly mode: TradeMode;
  readonly since: Date;
}

/** The mode in force at a moment; null: now. `changes` in the order in which they were made. Without any it is `full`. */
export function tradeModeAt(changes: readonly TradeModeChange[], at: Date | null): TradeMode {
  const passed = at === null ? changes : changes.filter(({ since }) => since.getTime() <= at.getTime());
  return passed.at(-1)?.mode ?? "full";
}

/**
 * Whether a waiting order may be triggered by a quote of this mode's time. Where a mode forbids to open on a side, an order of that
 * side triggers if it is reduce-only: what another order would do is known only at its fill.
 */
export function mayTriggerIn(
  mode: TradeMode,
  { side, reduceOnly }: { readonly side: Side; readonly reduceOnly: boolean },
): boolean {
  switch (mode) {
    case "full":
      return true;
    case "halted":
      return false;
    case "close-only":
      return reduceOnly;
    case "long-only":
      return reduceOnly || side === "buy";
    case "short-only":
      return reduceOnly || side === "sell";
  }
}
