import { type Exposure, lineOf, marginLoad, project } from "./exposure.ts";
import { availableFunds, feeOf, marginLine, withOrder } from "./margin.ts";
import type { OrderCheck, OrderContext, OrderIntent } from "./order.ts";
import { applyFill } from "./position.ts";
import { formatDecimal, type Lots, type MinorUnits, minorUnits, ticks } from "./units.ts";

/** An order as its money sees it. */
type Sized = Pick<OrderIntent, "side" | "lots" | "reduceOnly">;

/**
 * The line with this order, and the money it needs beyond what is held. One that fills now must also leave enough for the line as
 * it is then, after the fees of what it opens: turning a position around frees margin, but not before it is filled.
 */
export function moneyFor(
  order: Sized & { readonly waits: boolean },
  opened: Lots,
  exposure: Exposure,
): { line: MinorUnits; needed: MinorUnits } {
  if (order.reduceOnly) return { line: lineOf(exposure), needed: minorUnits(0n) };
  const line = marginLine(withOrder(marginLoad(exposure), order.side, order.lots), exposure.terms);
  if (opened === 0n) return { line, needed: minorUnits(0n) };
  const filled = order.waits ? 0n : lineWhenFilled(order, exposure) + feeOf(opened, exposure.terms.feePerSide);
  const needed = (line > filled ? line : filled) - exposure.marginHeld;
  return { line, needed: minorUnits(needed > 0n ? needed : 0n) };
}

function lineWhenFilled({ side, lots: size }: Sized, exposure: Exposure): MinorUnits {
  const { position } = applyFill(project(exposure).position, { side, lots: size, price: ticks(0n) });
  return marginLine(marginLoad({ position, pending: [], resting: exposure.resting }), exposure.terms);
}

/** What opening takes from the equity at once: the fee, and the spread between the price paid and the one it is marked at. */
export function openingCost(opened: Lots, { instrument, quote }: OrderContext): MinorUnits {
  const { feePerSide, tickValue } = instrument.terms;
  const spread = quote === null ? 0n : quote.ask - quote.bid;
  return minorUnits(opened * (feePerSide + spread * tickValue));
}

export function fundsCheck(needed: MinorUnits, context: OrderContext): OrderCheck {
  const scale = context.instrument.terms.currencyScale;
  const available = availableFunds(context.funds) - context.funds.uncovered;
  return {
    code: "INSUFFICIENT_FUNDS",
    passed: available >= needed,
    limit: formatDecimal(available, scale),
    value: formatDecimal(needed, scale),
    headroom: formatDecimal(available - needed, scale),
    source: "account",
  };
}
