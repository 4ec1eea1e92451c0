import type { AccountState, OrderOrigin, Side } from "#contracts/names.ts";
import type { OrderCancelCode, OrderRejectionCode } from "#contracts/order-names.ts";
import {
  type Bracket,
  type BracketPrices,
  type BracketState,
  bracketState,
  endLegs,
  type LegChange,
  legChanges,
  noBracket,
  setLegs,
} from "./bracket.ts";
import { nothingResting, type Resting } from "./exposure.ts";
import type { ContractTerms } from "./instrument.ts";
import { coverLines, feeOf, marginLine } from "./margin.ts";
import { applyFill, flat, type Position, realizedPnl, splitExecution } from "./position.ts";
import { executableLots, isLeg } from "./reduce.ts";
import { assert } from "./result.ts";
import { type Lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

/** A due order as settlement sees it. It fills at the quote stored with it: that of its trigger, else that of its acceptance. */
export interface OrderToSettle {
  readonly id: string;
  readonly instrumentId: string;
  readonly terms: ContractTerms;
  readonly side: Side;
  readonly lots: Lots;
  readonly reduceOnly: boolean;
  readonly origin: OrderOrigin;
  readonly bid: Ticks;
  readonly ask: Ticks;
  readonly quoteSeq: bigint;
  /** It waited for its price and met it: the moment is fixed by the stored quote, however late this settlement is. */
  readonly triggered: boolean;
  /** What its fill makes of the position's bracket. */
  readonly bracket: BracketPrices;
  /** How long it has been due, by the database's clock. */
  readonly waitedMs: number;
}

/** An account's holding in one instrument; flat ones only while orders wait there. */
export interface OpenPosition {
  readonly position: Position;
  readonly marginHeld: MinorUnits;
  /** The newest terms it was traded or ordered under. */
  readonly terms: ContractTerms;
  readonly resting: Resting;
  readonly bracket: Bracket;
}

/** An account under its lock: its state, its money, and all it has at work. */
export interface AccountToSettle {
  readonly state: AccountState;
  readonly balance: MinorUnits;
  /** Held for anything but orders and positions (withdrawals). */
  readonly heldElsewhere: MinorUnits;
  readonly positions: ReadonlyMap<string, OpenPosition>;
}

export interface SettledFill {
  readonly kind: "filled";
  readonly order: OrderToSettle;
  /** All of the order, or what there was to reduce; of a bracket's leg the whole position. */
  readonly lots: Lots;
  readonly price: Ticks;
  /** Profit (+) or loss (-), before the fee. */
  readonly realizedPnl: MinorUnits;
  readonly fee: MinorUnits;
  readonly positionLotsAfter: Lots;
}

export interface SettledEnd {
  readonly kind: "rejected";
  readonly order: OrderToSettle;
  readonly code: OrderRejectionCode;
}

export interface SettledCancel {
  readonly kind: "cancelled";
  readonly order: OrderToSettle;
  readonly code: OrderCancelCode;
}

export type Outcome = SettledFill | SettledEnd | SettledCancel;

export interface Settlement {
  /** One outcome for each order, in their order. */
  readonly outcomes: readonly Outcome[];
  /** What becomes of bracket legs that are not among the orders, by instrument. */
  readonly legs: ReadonlyMap<string, readonly LegChange<OrderToSettle>[]>;
  /** Every position of the account after the batch, with the margin to hold for it now; brackets as they were before. */
  readonly positions: ReadonlyMap<string, OpenPosition>;
  /** What the house adds so that the account does not end below zero; 0 in all ordinary cases. */
  readonly protection: MinorUnits;
  readonly balance: MinorUnits;
}

/** What changes while one account's orders are settled one after the other. */
interface Ledger {
  balance: bigint;
  readonly positions: Map<string, OpenPosition>;
  readonly brackets: Map<string, BracketState<OrderToSettle>>;
  /** Sides of instruments on which an order was rejected. */
  readonly rejected: Set<string>;
  readonly due: ReadonlySet<string>;
}

/**
 * Settles the due orders of one account in their order. Pure: the outcome follows from the orders, the quotes stored on them and
 * the account.
 *
 * Rejected are: an order taken at a price that waited longer than `maxQueueMs`; an opening order of an account disabled meanwhile;
 * and an order that was accepted to reduce what an earlier, now rejected order would have opened (it would open instead).
 * A reduce-only order fills what there is to reduce; with nothing left it is cancelled. When the position is gone its bracket
 * is too. Losses may eat into margin: lines are then cut to what the balance covers, and a balance below zero is made good by
 * the house.
 */
export function settleAccount(
  account: AccountToSettle,
  orders: readonly OrderToSettle[],
  rules: { readonly maxQueueMs: number },
): Settlement {
  const ledger: Ledger = {
    balance: account.balance,
    positions: new Map(account.positions),
    brackets: new Map(),
    rejected: new Set(),
    due: new Set(orders.map((order) => order.id)),
  };
  const outcomes = orders.map((order) => settleOne(ledger, order, account.state, rules.maxQueueMs));
  const protection = ledger.balance < account.heldElsewhere ? account.heldElsewhere - ledger.balance : 0n;
  const balance = minorUnits(ledger.balance + protection);
  return {
    outcomes,
    legs: changesOf(ledger),
    positions: covered(ledger.positions, minorUnits(balance - account.heldElsewhere)),
    protection: minorUnits(protection),
    balance,
  };
}

function settleOne(ledger: Ledger, order: OrderToSettle, state: AccountState, maxQueueMs: number): Outcome {
  const before = ledger.positions.get(order.instrumentId)?.position ?? flat;
  const size = executableLots(order, before);
  const cancel = cancelOf(ledger, order, size);
  if (cancel !== null) return { kind: "cancelled", order, code: cancel };
  const code = rejectionOf(ledger, order, before, state, maxQueueMs);
  if (code !== null) {
    ledger.rejected.add(sideKey(order.instrumentId, order.side));
    return { kind: "rejected", order, code };
  }
  return fill(ledger, order, before, size);
}

/** A leg whose other leg has filled, or an order with nothing left to reduce; null: it has its place. */
function cancelOf(ledger: Ledger, order: OrderToSettle, size: Lots): OrderCancelCode | null {
  const ended = ledger.brackets.get(order.instrumentId)?.ended.find(({ leg }) => leg.id === order.id);
  if (ended !== undefined) return ended.code;
  return size === 0n ? "POSITION_GONE" : null;
}

function rejectionOf(
  ledger: Ledger,
  order: OrderToSettle,
  before: Position,
  state: AccountState,
  maxQueueMs: number,
): OrderRejectionCode | null {
  if (!order.triggered && order.waitedMs > maxQueueMs) return "QUEUED_TOO_LONG";
  if (order.reduceOnly) return null;
  const { opened } = splitExecution(before, order.side, order.lots);
  if (opened === 0n) return null;
  if (state === "disabled") return "ACCOUNT_DISABLED";
  const opposite = order.side === "buy" ? "sell" : "buy";
  return ledger.rejected.has(sideKey(order.instrumentId, opposite)) ? "POSITION_GONE" : null;
}

/** The end of a contract is nobody's order: closing and rolling cost no fee. */
const feeFree: readonly OrderOrigin[] = ["expiry", "roll"];

const sideKey = (instrumentId: string, side: Side): string => `${instrumentId} ${side}`;

function fill(ledger: Ledger, order: OrderToSettle, before: Position, size: Lots): SettledFill {
  const { instrumentId, terms, side } = order;
  const price = side === "buy" ? order.ask : order.bid;
  const effect = applyFill(before, { side, lots: size, price });
  assert(effect.closed + effect.opened === size, `order ${order.id} fills ${effect.closed} + ${effect.opened}`);
  const held = ledger.positions.get(instrumentId);
  const pnl = realizedPnl(effect.realizedTicks, terms.tickValue);
  const fee = feeFree.includes(order.origin) ? minorUnits(0n) : feeOf(size, terms.feePerSide);
  ledger.balance += pnl - fee;
  ledger.positions.set(instrumentId, {
    position: effect.position,
    marginHeld: held?.marginHeld ?? minorUnits(0n),
    terms: held !== undefined && held.terms.version > terms.version ? held.terms : terms,
    resting: held?.resting ?? nothingResting,
    bracket: held?.bracket ?? noBracket,
  });
  followBracket(ledger, order, before, effect.position, effect.opened);
  return {
    kind: "filled",
    order,
    lots: size,
    price,
    realizedPnl: pnl,
    fee,
    positionLotsAfter: effect.position.lots,
  };
}

/** The bracket ends with its position, and begins anew with what an entry brings. */
function followBracket(ledger: Ledger, order: OrderToSettle, before: Position, after: Position, opened: Lots): void {
  const held = ledger.positions.get(order.instrumentId)?.bracket ?? noBracket;
  let state = ledger.brackets.get(order.instrumentId) ?? bracketState<OrderToSettle>(held);
  const gone = after.lots === 0n || (before.lots !== 0n && before.lots < 0n !== after.lots < 0n);
  if (gone) state = endLegs(state, isLeg(order.origin) ? "OTHER_LEG" : "POSITION_GONE", order.id);
  if (opened > 0n) state = setLegs(state, order.bracket, order, ledger.due);
  ledger.brackets.set(order.instrumentId, state);
}

/** Legs among the orders have their outcome already. */
function changesOf({ brackets, positions, due }: Ledger): Map<string, readonly LegChange<OrderToSettle>[]> {
  const changes = new Map<string, readonly LegChange<OrderToSettle>[]>();
  for (const [instrumentId, state] of brackets) {
    const all = legChanges(state, positions.get(instrumentId)?.position ?? flat);
    const others = all.filter((change) => change.kind === "created" || !due.has(change.leg.id));
    if (others.length > 0) changes.set(instrumentId, others);
  }
  return changes;
}

/** Each holding with its line, or with what is left of the money. */
function covered(positions: ReadonlyMap<string, OpenPosition>, money: MinorUnits): Map<string, OpenPosition> {
  const required = new Map([...positions].map(([id, open]) => [id, requiredFor(open)]));
  const lines = coverLines(required, money);
  return new Map([...positions].map(([id, open]) => [id, { ...open, marginHeld: lines.get(id) ?? minorUnits(0n) }]));
}

/** The margin line of a holding when nothing is due any more. */
export const requiredFor = ({ position, resting, terms }: OpenPosition): MinorUnits =>
  marginLine({ position: position.lots, pendingBuy: resting.buy, pendingSell: resting.sell }, terms);
