import type { WireInstrument, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { stepsBetween } from "../format/decimal.ts";
import { moneyOfTicks, profitAt } from "../format/price-line.ts";

export type LineKind = "average" | "takeProfit" | "stopLoss" | "limit" | "stop";

/** One line of the chart: what it belongs to and where it lies. */
export interface TradeLine {
  readonly id: string;
  readonly kind: LineKind;
  readonly price: string;
  readonly side: "buy" | "sell";
  readonly lots: string;
  readonly of: { readonly order: WireOrder } | { readonly position: WirePosition };
}

/** Lines of what is held and what waits in an instrument. A bracket's legs are shown with their position, not as orders. */
export function tradeLines(
  instrumentId: string | null,
  positions: readonly WirePosition[],
  orders: readonly WireOrder[],
): readonly TradeLine[] {
  const held = positions.filter((one) => one.instrument === instrumentId).flatMap(positionLines);
  const waiting = orders.filter(isWaiting).filter((order) => order.instrument === instrumentId);
  return [...held, ...waiting.flatMap(orderLines)];
}

/** An order of the trader's own that waits for its price. */
export const isWaiting = (order: WireOrder): boolean => order.state === "working" && order.origin === "trader";

function positionLines(position: WirePosition): readonly TradeLine[] {
  const exit = position.side === "long" ? ("sell" as const) : ("buy" as const);
  const line = (kind: LineKind, price: string | null): readonly TradeLine[] =>
    price === null
      ? []
      : [{ id: `${position.id}:${kind}`, kind, price, side: exit, lots: position.lots, of: { position } }];
  return [
    ...line("average", position.averagePrice),
    ...line("takeProfit", position.takeProfitPrice),
    ...line("stopLoss", position.stopLossPrice),
  ];
}

function orderLines(order: WireOrder): readonly TradeLine[] {
  const line = (kind: "limit" | "stop", price: string | null): readonly TradeLine[] =>
    price === null
      ? []
      : [{ id: `${order.id}:${kind}`, kind, price, side: order.side, lots: order.lots, of: { order } }];
  return [...line("stop", order.stopPrice), ...line("limit", order.limitPrice)];
}

/** What a line at `price` means in money, signed, before fees. */
export interface LineMeaning {
  /** Ticks from the market, or from the average price of the position; never negative. */
  readonly ticks: bigint;
  /** Profit (+) or loss (−) that an exit there brings; of an order that opens, the money between it and the market. */
  readonly money: string;
  readonly isProfit: boolean;
}

/**
 * A bracket's leg, and an order against the position, mean profit or loss on the lots they close; an order that opens means a
 * distance from the market.
 */
export function meaningOf(
  line: TradeLine,
  price: string,
  at: { instrument: WireInstrument; position: WirePosition | undefined; market: string | null },
): LineMeaning | null {
  const { instrument, position, market } = at;
  const held = "position" in line.of ? line.of.position : against(line, position);
  if (held) {
    const ticks = absolute(stepsBetween({ from: held.averagePrice, to: price, step: instrument.tickSize }));
    return { ticks, money: profitAt(held, price, instrument), isProfit: true };
  }
  if (market === null) return null;
  const ticks = absolute(stepsBetween({ from: market, to: price, step: instrument.tickSize }));
  return { ticks, money: moneyOfTicks(ticks, BigInt(line.lots), instrument), isProfit: false };
}

/** The position as far as the order closes it: only an order for all of its lots, or fewer that share evenly, is exact. */
function against(line: TradeLine, position: WirePosition | undefined): WirePosition | null {
  if (!position || (position.side === "long") !== (line.side === "sell")) return null;
  return line.lots === position.lots ? position : null;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** Centres of labels moved apart so that none overlaps, in the order of their lines and inside the plot. */
export function spreadOut(centres: readonly number[], box: { height: number; top: number; bottom: number }): number[] {
  const order = centres.map((centre, at) => ({ centre, at })).sort((a, b) => a.centre - b.centre);
  const placed: number[] = [];
  let edge = box.top;
  for (const { centre, at } of order) {
    const y = Math.max(centre, edge + box.height / 2);
    placed[at] = y;
    edge = y + box.height / 2;
  }
  let floor = box.bottom;
  for (const { at } of order.reverse()) {
    placed[at] = Math.min(placed[at] ?? 0, floor - box.height / 2);
    floor = (placed[at] ?? 0) - box.height / 2;
  }
  return placed;
}
