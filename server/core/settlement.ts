import type { AccountState, OrderRejectionCode, Side } from "#contracts/names.ts";
import type { ContractTerms } from "./instrument.ts";
import { feeOf, positionMargin } from "./margin.ts";
import { applyFill, flat, type Position, realizedPnl, splitExecution } from "./position.ts";
import { assert } from "./result.ts";
import { type Lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

/** An accepted order as settlement sees it. It fills at the quote that was stored with it. */
export interface OrderToSettle {
  readonly id: string;
  readonly instrumentId: string;
  readonly terms: ContractTerms;
  readonly side: Side;
  readonly lots: Lots;
  readonly reduceOnly: boolean;
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** How long it has waited, by the database's clock. */
  readonly waitedMs: number;
}

export interface OpenPosition {
  readonly position: Position;
  readonly marginHeld: MinorUnits;
  /** Initial margin per lot under the terms the position was last traded by. */
  readonly marginPerLot: MinorUnits;
}

/** An account under its lock: its state, its money without order holds, and all its open positions. */
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
  readonly price: Ticks;
  /** Profit (+) or loss (-), before the fee. */
  readonly realizedPnl: MinorUnits;
  readonly fee: MinorUnits;
  readonly positionLotsAfter: Lots;
}

export interface SettledRejection {
  readonly kind: "rejected";
  readonly order: OrderToSettle;
  readonly code: OrderRejectionCode;
}

export interface Settlement {
  /** One outcome for each order, in their order. */
  readonly outcomes: readonly (SettledFill | SettledRejection)[];
  /** Every position of the account after the batch, with the margin to hold for it now. */
  readonly positions: ReadonlyMap<string, OpenPosition>;
  /** What the house adds so that the account does not end below zero; 0 in all ordinary cases. */
  readonly protection: MinorUnits;
  readonly balance: MinorUnits;
}

/**
 * Settles accepted orders of one account in the order of their acceptance. Pure: the outcome follows from the orders, the
 * quotes stored on them and the account.
 *
 * Rejected are: an order that waited longer than `maxQueueMs`; an opening order of an account disabled meanwhile; and an
 * order that was accepted to reduce what an earlier, now rejected order would have opened (it would open instead).
 * Losses may eat into margin: position holds are then cut to what the balance covers, and a balance below zero is
 * made good by the house.
 */
export function settleAccount(
  account: AccountToSettle,
  orders: readonly OrderToSettle[],
  rules: { readonly maxQueueMs: number },
): Settlement {
  const positions = new Map(account.positions);
  const rejected = new Set<string>();
  let balance: bigint = account.balance;
  const outcomes = orders.map((order): SettledFill | SettledRejection => {
    const before = positions.get(order.instrumentId)?.position ?? flat;
    const code = rejectionOf(order, before, account.state, rejected, rules.maxQueueMs);
    if (code !== null) {
      rejected.add(sideKey(order.instrumentId, order.side));
      return { kind: "rejected", order, code };
    }
    const fill = fillAt(order, before);
    positions.set(order.instrumentId, {
      position: fill.position,
      marginHeld: minorUnits(0n),
      marginPerLot: order.terms.initialMargin,
    });
    balance += fill.outcome.realizedPnl - fill.outcome.fee;
    return fill.outcome;
  });
  const protection = balance < account.heldElsewhere ? account.heldElsewhere - balance : 0n;
  balance += protection;
  return {
    outcomes,
    positions: coverMargins(positions, minorUnits(balance - account.heldElsewhere)),
    protection: minorUnits(protection),
    balance: minorUnits(balance),
  };
}

function rejectionOf(
  order: OrderToSettle,
  before: Position,
  state: AccountState,
  rejected: ReadonlySet<string>,
  maxQueueMs: number,
): OrderRejectionCode | null {
  if (order.waitedMs > maxQueueMs) return "QUEUED_TOO_LONG";
  const { opened } = splitExecution(before, order.side, order.lots);
  if (opened === 0n) return null;
  if (state === "disabled") return "ACCOUNT_DISABLED";
  const opposite = order.side === "buy" ? "sell" : "buy";
  if (order.reduceOnly || rejected.has(sideKey(order.instrumentId, opposite))) return "POSITION_GONE";
  return null;
}

const sideKey = (instrumentId: string, side: Side): string => `${instrumentId} ${side}`;

function fillAt(order: OrderToSettle, before: Position): { outcome: SettledFill; position: Position } {
  const price = order.side === "buy" ? order.ask : order.bid;
  const effect = applyFill(before, { side: order.side, lots: order.lots, price });
  assert(effect.closed + effect.opened === order.lots, `order ${order.id} fills ${effect.closed} + ${effect.opened}`);
  return {
    position: effect.position,
    outcome: {
      kind: "filled",
      order,
      price,
      realizedPnl: realizedPnl(effect.realizedTicks, order.terms.tickValue),
      fee: feeOf(order.lots, order.terms.feePerSide),
      positionLotsAfter: effect.position.lots,
    },
  };
}

/** Each position's margin, or what is left of the money: positions are served in the order of their instruments' names. */
function coverMargins(positions: ReadonlyMap<string, OpenPosition>, money: MinorUnits): Map<string, OpenPosition> {
  const covered = new Map<string, OpenPosition>();
  let left: bigint = money;
  for (const id of [...positions.keys()].sort()) {
    const open = positions.get(id);
    if (open === undefined) continue;
    const required = positionMargin(open.position.lots, open.marginPerLot);
    const held = required < left ? required : left;
    left -= held;
    covered.set(id, { ...open, marginHeld: minorUnits(held) });
  }
  return covered;
}
