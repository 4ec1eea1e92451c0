import type { OrderOrigin, Side } from "#contracts/names.ts";
import { type Exposure, marginLoad, type PendingOrder } from "./exposure.ts";
import type { Instrument } from "./instrument.ts";
import { marginLine } from "./margin.ts";
import { type Position, signed, splitExecution } from "./position.ts";
import { closableBy } from "./reduce.ts";
import type { Held } from "./risk-checks.ts";
import { type Lots, lots, type MinorUnits, type Ticks } from "./units.ts";

/** An order that was accepted and has not ended, in one of the two plays. */
export interface OpenOrder {
  readonly side: Side;
  readonly lots: Lots;
  readonly reduceOnly: boolean;
  readonly origin: OrderOrigin;
  readonly waits: boolean;
  /** What it fills at if it does not wait. */
  readonly price: Ticks;
}

/** What an account holds of an instrument in one play: as it was recorded, or as it would have been. */
export interface Leg {
  /** Signed: + long. */
  lots: bigint;
  /** What its fills brought, ticks × lots: + for what was sold. With the lots at a price it is the result, exactly. */
  cash: bigint;
  fees: bigint;
  readonly open: Map<string, OpenOrder>;
}

/** An account's instrument in both plays. */
export interface PlayedLine {
  instrument: Instrument;
  readonly recorded: Leg;
  readonly played: Leg;
  /** Lots that were traded and would not have been; negative: more would have been. */
  notTraded: bigint;
  /** When the played position was opened; null: it is flat. */
  openedAt: number | null;
  /** The last played position that was closed. */
  lastHeld: { readonly openedAt: number; readonly heldMs: number } | null;
  /** What the last order of the house closed in the played account: it opens no more than that again (a roll). */
  houseClosed: { readonly orderId: string; readonly lots: bigint } | null;
}

const aLeg = (size: bigint): Leg => ({ lots: size, cash: 0n, fees: 0n, open: new Map() });

/** Begins with the same position in both plays. */
export const playedLine = (instrument: Instrument, size: bigint, openedAt: number | null): PlayedLine => ({
  ...{ instrument, recorded: aLeg(size), played: aLeg(size), notTraded: 0n },
  ...{ openedAt, lastHeld: null, houseClosed: null },
});

/** As an order decision sees it; its margin line is fully held. */
export function exposureOf(leg: Leg, { terms }: Instrument): Exposure {
  const pending: PendingOrder[] = [];
  const resting = { buy: 0n, sell: 0n };
  for (const { waits, ...order } of leg.open.values()) {
    if (!waits) pending.push({ ...order, feePerSide: terms.feePerSide });
    else if (!order.reduceOnly) resting[order.side] += order.lots;
  }
  const waiting = { buy: lots(resting.buy), sell: lots(resting.sell) };
  const load = { position: positionOf(leg), pending, resting: waiting };
  return { ...load, terms, marginHeld: marginLine(marginLoad(load), terms) };
}

const positionOf = (leg: Leg): Position => ({ lots: lots(leg.lots), cost: 0n });

/** What the played leg comes to on each side if all that may open fills. */
export function reachesOf({ lots: size, open }: Leg): { readonly long: bigint; readonly short: bigint } {
  let [buy, sell] = [0n, 0n];
  for (const order of open.values()) {
    if (order.reduceOnly) continue;
    if (order.side === "buy") buy += order.lots;
    else sell += order.lots;
  }
  const [long, short] = [size + buy, sell - size];
  return { long: long > 0n ? long : 0n, short: short > 0n ? short : 0n };
}

/** As limits on positions see it; `quote`: the last that was seen of the instrument. */
export function heldOf({ instrument, played }: PlayedLine, quote: Quote | undefined): Held {
  const { long, short } = reachesOf(played);
  return {
    ...{ instrumentId: instrument.id, assetClass: instrument.assetClass, long, short },
    lotValue: quote === undefined ? 0n : (long > short ? quote.bid : quote.ask) * instrument.terms.tickValue,
    margin: exposureOf(played, instrument).marginHeld,
  };
}

export interface Quote {
  readonly bid: Ticks;
  readonly ask: Ticks;
}

export interface Filled {
  readonly at: number;
  readonly orderId: string;
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
  /** Of all its lots. */
  readonly fee: MinorUnits;
  readonly isHouse: boolean;
}

/** Books a recorded fill as it was; in the played account only what there is to close, and what opens. `isLeftOut`: nothing at all. */
export function bookFill(line: PlayedLine, fill: Filled, isLeftOut: boolean): void {
  const { recorded, played } = line;
  const { closed, opened } = splitExecution(positionOf(recorded), fill.side, fill.lots);
  execute(recorded, fill, fill.lots);
  recorded.open.delete(fill.orderId);
  played.open.delete(fill.orderId);
  if (isLeftOut) {
    line.notTraded += fill.lots;
    return;
  }
  const most = closableBy(fill.side, positionOf(played));
  const closes = closed < most ? closed : most;
  const opens = fill.isHouse ? reopened(line, fill.orderId, opened) : opened;
  if (fill.isHouse && closes > 0n) line.houseClosed = { orderId: fill.orderId, lots: closes };
  line.notTraded += fill.lots - closes - opens;
  executePlayed(line, fill, closes + opens);
}

const reopened = ({ houseClosed }: PlayedLine, orderId: string, opened: bigint): bigint => {
  const most = houseClosed?.orderId === orderId ? houseClosed.lots : 0n;
  return opened < most ? opened : most;
};

/** A fill that was not recorded: of an order that would not have been refused. */
export function executePlayed(line: PlayedLine, fill: Omit<Filled, "isHouse" | "orderId">, size: bigint): void {
  if (size === 0n) return;
  const before = line.played.lots;
  execute(line.played, fill, size);
  const after = line.played.lots;
  const isTurned = before > 0n ? after <= 0n : before < 0n ? after >= 0n : false;
  if (isTurned && line.openedAt !== null) line.lastHeld = { openedAt: line.openedAt, heldMs: fill.at - line.openedAt };
  if (after === 0n) line.openedAt = null;
  else if (before === 0n || isTurned) line.openedAt = fill.at;
}

function execute(
  leg: Leg,
  { side, lots: whole, price, fee }: Omit<Filled, "isHouse" | "orderId" | "at">,
  size: bigint,
): void {
  const moved = signed(side, lots(size));
  leg.lots += moved;
  leg.cash -= moved * price;
  // A fee is one for each lot.
  leg.fees += (fee * size) / whole;
}

/** Result of a leg in minor units, before fees: what its fills brought, and what is left at the quote it could be closed at. */
export function resultOf(leg: Leg, { terms }: Instrument, quote: Quote | undefined): bigint {
  const mark = quote === undefined ? 0n : leg.lots > 0n ? quote.bid : quote.ask;
  return (leg.cash + leg.lots * mark) * terms.tickValue;
}
