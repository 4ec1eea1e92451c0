import type { LossSlot } from "#contracts/loss-names.ts";
import type { Side } from "#contracts/names.ts";
import type { Instrument } from "./instrument.ts";
import { lossChecks } from "./loss-checks.ts";
import { lossLimit, type PaidMoney } from "./loss-limit.ts";
import { nextReset } from "./loss-period.ts";
import { type EffectiveLossRule, isProfitSlot } from "./loss-rule.ts";
import { advanceLoss, type LossFacts, type LossState, type StandingBreach } from "./loss-state.ts";
import type { OrderCheck } from "./order.ts";
import { applyFill, type Position, realizedPnl, unrealizedPnl } from "./position.ts";
import { type Lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

interface Quote {
  readonly bid: Ticks;
  readonly ask: Ticks;
}

/** What an account begins a period with. */
export interface LossStart extends PaidMoney {
  /** What trading had booked before it; minor units. */
  readonly booked: MinorUnits;
  /** The same as it was at an earlier moment. */
  readonly bookedAt: (atMs: number) => MinorUnits;
}

/** The rules in force at a moment by the table that is tried, and until when that is so; epoch ms. */
export interface RulesInForce {
  readonly rules: readonly EffectiveLossRule[];
  readonly untilMs: number;
}

/** Loss limits and profit triggers that are tried. */
export interface TriedLosses {
  /** False: a trader's rules are those that were, and so is what came of them. */
  readonly isTried: (traderId: string) => boolean;
  readonly rules: (traderId: string, at: number) => RulesInForce;
  readonly startOf: (accountId: string) => LossStart;
}

/** Something of a position that was executed. */
export interface Traded {
  readonly at: number;
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
  readonly fee: bigint;
}

interface Holding {
  readonly instrument: Instrument;
  position: Position;
  /** What was held before the period counts from the first price that is seen in it. */
  isCounted: boolean;
}

/**
 * An account's money in a play, and what its loss limits count. It is looked at with each of its orders and fills, at the prices that were recorded
 * by then: between them nobody knows what the price was, so a breach that a later price took back is not found.
 */
export interface LossPlay {
  readonly holds: (instrument: Instrument, size: Lots) => void;
  /** Something is held, so that prices change what it has. */
  readonly isExposed: () => boolean;
  readonly book: (instrument: Instrument, trade: Traded) => void;
  /** Brings the states to the present, and tells the breaches that were found. */
  readonly look: (at: number, quotes: ReadonlyMap<string, Quote>) => readonly StandingBreach[];
  /** The checks of an order that costs so much at once: those that fail are among them. */
  readonly checks: (at: number, quotes: ReadonlyMap<string, Quote>) => (cost: MinorUnits) => readonly OrderCheck[];
}

export function openLossPlay(start: LossStart, rulesAt: (at: number) => RulesInForce): LossPlay {
  const holdings = new Map<string, Holding>();
  const states = new Map<LossSlot, LossState>();
  const bookings: { readonly at: number; readonly amount: bigint }[] = [];
  let booked: bigint = start.booked;
  let calm: Calm | null = null;

  /** Bookings of the period are taken off; what lies before all of them is told by the start. */
  const balanceAt = (atMs: number): MinorUnits => {
    const [first] = bookings;
    if (first === undefined || atMs <= first.at) return start.bookedAt(atMs);
    let balance = booked;
    for (let place = bookings.length - 1; place >= 0; place--) {
      const one = bookings[place];
      if (one === undefined || one.at < atMs) break;
      balance -= one.amount;
    }
    return minorUnits(balance);
  };
  const equityAt = (quotes: ReadonlyMap<string, Quote>): MinorUnits => {
    let equity = booked;
    for (const holding of holdings.values()) {
      const quote = quotes.get(holding.instrument.id);
      if (holding.position.lots === 0n || quote === undefined) continue;
      count(holding, quote);
      equity += unrealizedPnl(holding.position, quote, holding.instrument.terms);
    }
    return minorUnits(equity);
  };
  const factsAt = (at: number, equity: MinorUnits): LossFacts => ({
    ...{ atMs: at, paidIn: start.paidIn, paidOut: start.paidOut, scale: start.scale, balance: minorUnits(booked) },
    ...{ equities: [{ atMs: at, result: equity }], balanceAt },
  });
  /** Whether nothing can have become of any rule, even if so much were lost at once. */
  const isCalm = (at: number, equity: MinorUnits, cost: bigint): boolean =>
    calm !== null &&
    at < calm.untilMs &&
    (calm.low === null || (equity < booked ? equity : booked) - cost > calm.low) &&
    (calm.high === null || (equity > booked ? equity : booked) < calm.high);

  return {
    holds: (instrument, size) => {
      holdings.set(instrument.id, { instrument, position: { lots: size, cost: 0n }, isCounted: false });
    },
    isExposed: () => {
      for (const { position } of holdings.values()) if (position.lots !== 0n) return true;
      return false;
    },
    book: (instrument, { at, side, lots, price, fee }) => {
      const known = holdings.get(instrument.id);
      if (known !== undefined) count(known, { bid: price, ask: price });
      const effect = applyFill(known?.position ?? { lots: 0n as Lots, cost: 0n }, { side, lots, price });
      holdings.set(instrument.id, { instrument, position: effect.position, isCounted: true });
      const amount = realizedPnl(effect.realizedTicks, instrument.terms.tickValue) - fee;
      booked += amount;
      bookings.push({ at, amount });
    },
    look: (at, quotes) => {
      const equity = equityAt(quotes);
      if (isCalm(at, equity, 0n)) return nothingFound;
      const facts = factsAt(at, equity);
      const inForce = rulesAt(at);
      const found: StandingBreach[] = [];
      for (const { slot, rule } of inForce.rules) {
        const advanced = advanceLoss(slot, rule, states.get(slot) ?? null, facts);
        states.set(slot, advanced.state);
        if (advanced.found !== null && advanced.found.breach.action !== "alert") found.push(advanced.found.breach);
      }
      calm = calmOf(inForce, states, facts);
      return found;
    },
    checks: (at, quotes) => {
      const equity = equityAt(quotes);
      return (cost) => {
        if (calm?.isLocked === false && isCalm(at, equity, cost)) return nothingChecked;
        const losses = rulesAt(at).rules.map((rule) => ({
          slot: rule.slot,
          rule,
          state: states.get(rule.slot) ?? null,
        }));
        return lossChecks(losses, factsAt(at, equity), cost);
      };
    },
  };
}

const nothingFound: readonly StandingBreach[] = [];
const nothingChecked: readonly OrderCheck[] = [];

/** As long as neither the balance nor the equity leaves these bounds, and none of the times comes, all rules stay as they are. */
interface Calm {
  readonly untilMs: number;
  /** Null: there is none. */
  readonly low: bigint | null;
  readonly high: bigint | null;
  /** A breach stands: orders that open are refused for it. */
  readonly isLocked: boolean;
}

/** Null: nothing was counted yet. */
function calmOf(
  { rules, untilMs: tableMs }: RulesInForce,
  states: ReadonlyMap<LossSlot, LossState>,
  facts: LossFacts,
): Calm | null {
  let untilMs = tableMs;
  let [low, high]: [bigint | null, bigint | null] = [null, null];
  let isLocked = false;
  for (const { slot, rule } of rules) {
    const state = states.get(slot);
    if (state === undefined) return null;
    untilMs = Math.min(untilMs, nextReset(rule.reset, facts.atMs));
    if (state.breach !== null) {
      isLocked = true;
      untilMs = Math.min(untilMs, state.breach.endsAt ?? untilMs);
      continue;
    }
    const { edge } = lossLimit(slot, rule, state, facts);
    // A peak that follows the price moves the edge.
    const top = isProfitSlot(slot) ? edge : rule.trailing?.mode === "real-time" ? state.peak : null;
    if (!isProfitSlot(slot) && (low === null || edge > low)) low = edge;
    if (top !== null && (high === null || top < high)) high = top;
  }
  return { untilMs, low, high, isLocked };
}

function count(holding: Holding, quote: Quote): void {
  if (holding.isCounted) return;
  const { lots } = holding.position;
  holding.position = { lots, cost: lots * (lots < 0n ? quote.ask : quote.bid) };
  holding.isCounted = true;
}
