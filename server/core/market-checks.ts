import type { Side } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { describeEnd, describeSwitch, switchSource, type TradingStops } from "./kill-switch.ts";
import type { OrderCheck, OrderContext } from "./order.ts";
import type { Lots } from "./units.ts";

/** Whether the instrument and the account may trade now, and in this direction. Only `opened` lots are bound by the modes. */
export function marketChecks(context: OrderContext, side: Side, opened: Lots): OrderCheck[] {
  const { instrument, accountState, marginStage, quoteAgeMs, funds, stops } = context;
  const opens = opened > 0n;
  const fresh = quoteAgeMs !== null && quoteAgeMs <= instrument.maxQuoteAgeMs;
  const closeOnly = instrument.tradeMode === "close-only" || accountState === "close-only";
  return [
    said("MARKET_CLOSED", context.sessionOpen, null, "instrument"),
    ...(stops.ended === null ? [] : [said("MARKET_CLOSED", false, describeEnd(stops.ended), "contract")]),
    haltCheck(stops),
    said("INSTRUMENT_HALTED", instrument.tradeMode !== "halted", instrument.tradeMode, "instrument"),
    {
      code: "QUOTE_STALE",
      passed: fresh,
      limit: `${instrument.maxQuoteAgeMs} ms`,
      value: quoteAgeMs === null ? null : `${Math.round(quoteAgeMs)} ms`,
      headroom: quoteAgeMs === null ? null : `${Math.round(instrument.maxQuoteAgeMs - quoteAgeMs)} ms`,
      source: "instrument",
    },
    // Without a price for what is already open, the equity that would carry more risk is unknown.
    ...(opens ? [said("QUOTE_STALE", funds.unmarked.length === 0, funds.unmarked.join(" ") || null, "account")] : []),
    ...(stops.closeOnly === null
      ? []
      : [said("CLOSE_ONLY", !opens, describeSwitch(stops.closeOnly), switchSource(stops.closeOnly))]),
    said("CLOSE_ONLY", !opens || !closeOnly, accountState, accountState === "close-only" ? "account" : "instrument"),
    ...directionChecks(instrument.tradeMode, side, opens),
    said("REDUCE_ONLY", !opens || !isReducing(marginStage), marginStage, "account"),
    said("ACCOUNT_DISABLED", accountState !== "disabled", accountState, "account"),
  ];
}

/** From this stage of the margin ladder on nothing may be opened. */
const isReducing = (stage: OrderContext["marginStage"]): boolean => stage === "reduce-only" || stage === "stop-out";

const haltCheck = ({ halt }: TradingStops): OrderCheck =>
  halt === null
    ? said("TRADING_HALTED", true, null, "kill-switch")
    : said("TRADING_HALTED", false, describeSwitch(halt), switchSource(halt));

/** What opens must be on the side that the trade mode leaves open; what reduces is always allowed. */
function directionChecks(mode: OrderContext["instrument"]["tradeMode"], side: Side, opens: boolean): OrderCheck[] {
  if (mode === "long-only") return [said("LONG_ONLY", !opens || side === "buy", mode, "instrument")];
  if (mode === "short-only") return [said("SHORT_ONLY", !opens || side === "sell", mode, "instrument")];
  return [];
}

/** A check that compares no figures. */
export const said = (code: OrderRefusalCode, passed: boolean, value: string | null, source: string): OrderCheck => ({
  code,
  passed,
  limit: null,
  value,
  headroom: null,
  source,
});
