import type { OrderOrigin, Side } from "#contracts/names.ts";
import type { Exposure, PendingOrder } from "./exposure.ts";
import type { Instrument } from "./instrument.ts";
import { marginLine } from "./margin.ts";
import type { OrderIntent } from "./order.ts";
import { type Position, signed, splitExecution } from "./position.ts";
import { closableBy } from "./reduce.ts";
import { assert } from "./result.ts";
import type { Held, Together } from "./risk-checks.ts";
import { type Lots, lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";
import type { LossPlay } from "./what-if-losses.ts";

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

/**
 * What an account holds of an instrument in one play: as it was recorded, or as it would have been. Its open orders are summed up as they come and
 * go, so that no decision has to look at all of them: see `openIn` and `endIn`.
 */
export interface Leg {
  /** Signed: + long. */
  lots: bigint;
  /** What its fills brought, ticks × lots: + for what was sold. With the lots at a price it is the result, exactly. */
  cash: bigint;
  fees: bigint;
  readonly open: Map<string, OpenOrder>;
  /** Lots of open orders that may open, by side; and of those that wait. */
  buys: bigint;
  sells: bigint;
  restingBuys: bigint;
  restingSells: bigint;
  /** How many open orders do not wait: what they do to the position is known already. */
  due: number;
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
  /** Where its account's loss limits are tried: what they count. */
  readonly money: LossPlay | null;
  /** What it was counted with in the sums of its partner and of the house. */
  counted: Together;
}

const aLeg = (size: bigint): Leg => ({
  ...{ lots: size, cash: 0n, fees: 0n, open: new Map() },
  ...{ buys: 0n, sells: 0n, restingBuys: 0n, restingSells: 0n, due: 0 },
});

/** Begins with the same position in both plays. */
export const playedLine = (
  instrument: Instrument,
  size: bigint,
  openedAt: number | null,
  money: LossPlay | null,
): PlayedLine => ({
  ...{ instrument, recorded: aLeg(size), played: aLeg(size), notTraded: 0n },
  ...{ openedAt, lastHeld: null, houseClosed: null, money, counted: { long: 0n, short: 0n } },
});

/** An order that was just taken, or that was open before the first event. */
export const openOrder = ({ side, lots: size, reduceOnly }: OrderIntent, waits: boolean, price: Ticks): OpenOrder => ({
  side,
  lots: size,
  reduceOnly,
  origin: "trader",
  waits,
  price,
});

/** Adds an open order to a leg. */
export function openIn(leg: Leg, orderId: string, order: OpenOrder): void {
  assert(!leg.open.has(orderId), `order ${orderId} is open twice`);
  leg.open.set(orderId, order);
  sumUp(leg, order, order.lots, 1);
}

/** Takes an order out of a leg, where it is open. */
export function endIn(leg: Leg, orderId: string): void {
  const order = leg.open.get(orderId);
  if (order === undefined) return;
  leg.open.delete(orderId);
  sumUp(leg, order, -order.lots, -1);
}

function sumUp(leg: Leg, { side, reduceOnly, waits }: OpenOrder, size: bigint, count: 1 | -1): void {
  if (!waits) leg.due += count;
  if (reduceOnly) return;
  if (side === "buy") {
    leg.buys += size;
    if (waits) leg.restingBuys += size;
  } else {
    leg.sells += size;
    if (waits) leg.restingSells += size;
  }
}

/** As an order decision sees it; its margin line is fully held. */
export function exposureOf(leg: Leg, { terms }: Instrument): Exposure {
  return {
    terms,
    position: positionOf(leg),
    pending: leg.due === 0 ? nothingDue : dueOf(leg, terms.feePerSide),
    resting: { buy: lots(leg.restingBuys), sell: lots(leg.restingSells) },
    marginHeld: heldFor(leg, terms),
  };
}

const nothingDue: readonly PendingOrder[] = [];

const dueOf = (leg: Leg, feePerSide: MinorUnits): PendingOrder[] =>
  [...leg.open.values()].flatMap(({ waits, ...order }) => (waits ? [] : [{ ...order, feePerSide }]));

const heldFor = (leg: Leg, terms: Instrument["terms"]): MinorUnits =>
  marginLine({ position: lots(leg.lots), pendingBuy: lots(leg.buys), pendingSell: lots(leg.sells) }, terms);

const positionOf = (leg: Leg): Position => ({ lots: lots(leg.lots), cost: 0n });

/** As limits on positions see it, if all that may open fills; `quote`: the last that was seen of the instrument. */
export function heldOf({ instrument, played }: PlayedLine, quote: Quote | undefined): Held {
  const { id: instrumentId, assetClass, terms } = instrument;
  const [reached, fallen] = [played.lots + played.buys, played.sells - played.lots];
  const long = reached > 0n ? reached : 0n;
  const short = fallen > 0n ? fallen : 0n;
  const lotValue = quote === undefined ? 0n : (long > short ? quote.bid : quote.ask) * terms.tickValue;
  return { instrumentId, assetClass, long, short, lotValue, margin: heldFor(played, terms) };
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
  endIn(recorded, fill.orderId);
  endIn(played, fill.orderId);
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

function executePlayed(line: PlayedLine, fill: Omit<Filled, "isHouse" | "orderId">, size: bigint): void {
  if (size === 0n) return;
  const before = line.played.lots;
  execute(line.played, fill, size);
  const { at, side, price } = fill;
  line.money?.book(line.instrument, { at, side, price, lots: lots(size), fee: feeOfPart(fill, size) });
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
  leg.fees += feeOfPart({ lots: whole, fee }, size);
}

/** A fee is one for each lot. */
const feeOfPart = ({ lots: whole, fee }: Pick<Filled, "lots" | "fee">, size: bigint): bigint =>
  size === whole ? fee : (fee * size) / whole;

export interface Unrecorded {
  readonly at: number;
  readonly side: Side;
  readonly price: Ticks;
  readonly size: Lots;
}

/** Fills an order that was refused as it was recorded and would not have been. */
export function fillUnrecorded(line: PlayedLine, { at, side, price, size }: Unrecorded): void {
  const fee = minorUnits(size * line.instrument.terms.feePerSide);
  line.notTraded -= size;
  executePlayed(line, { at, side, lots: size, price, fee }, size);
}

/** Closes what the played account holds, at what it could be closed at now; its open orders are left out, and told. */
export function flattenPlayed(line: PlayedLine, at: number, quote: Quote | undefined): readonly string[] {
  const { played } = line;
  const dropped = [...played.open.keys()];
  for (const orderId of dropped) endIn(played, orderId);
  if (played.lots === 0n || quote === undefined) return dropped;
  const isLong = played.lots > 0n;
  const size = lots(isLong ? played.lots : -played.lots);
  fillUnrecorded(line, { at, side: isLong ? "sell" : "buy", price: isLong ? quote.bid : quote.ask, size });
  return dropped;
}

/** Result of a leg in minor units, before fees: what its fills brought, and what is left at the quote it could be closed at. */
export function resultOf(leg: Leg, { terms }: Instrument, quote: Quote | undefined): bigint {
  const mark = quote === undefined ? 0n : leg.lots > 0n ? quote.bid : quote.ask;
  return (leg.cash + leg.lots * mark) * terms.tickValue;
}
