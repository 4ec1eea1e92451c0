import type { AssetClass } from "#contracts/names.ts";
import {
  type LadderAccount,
  type LadderHolding,
  type LadderThresholds,
  type MarginLevel,
  marginLevel,
  nextStage,
  planStopOut,
  resultOf,
  type StopOutStep,
} from "./ladder.ts";
import { type MinorUnits, minorUnits, type Ticks, ticks } from "./units.ts";

export type ShockTarget =
  | { readonly kind: "all" }
  | { readonly kind: "class"; readonly assetClass: AssetClass }
  | { readonly kind: "instrument"; readonly instrumentId: string };

/** A sudden move of prices. `basisPoints` is signed: -700 = 7 % down; above -10,000, a price does not become nothing. */
export interface Shock {
  readonly on: ShockTarget;
  readonly basisPoints: bigint;
}

/** The shock of one instrument: its own, else that of its class, else that of all. They are never added up. */
export function shockOf(
  shocks: readonly Shock[],
  instrument: { readonly id: string; readonly assetClass: AssetClass },
): bigint {
  const own = shocks.find(({ on }) => on.kind === "instrument" && on.instrumentId === instrument.id);
  const ofClass = shocks.find(({ on }) => on.kind === "class" && on.assetClass === instrument.assetClass);
  return (own ?? ofClass ?? shocks.find(({ on }) => on.kind === "all"))?.basisPoints ?? 0n;
}

const whole = 10_000n;

/**
 * A quote after a shock. Between two ticks it is rounded against whoever trades at it: the bid down, at which longs are marked and
 * closed, the ask up. Without a shock it stays as it is.
 */
export function shockedMark<Mark extends { readonly bid: Ticks; readonly ask: Ticks }>(
  mark: Mark,
  basisPoints: bigint,
): Mark {
  const factor = whole + basisPoints;
  return { ...mark, bid: ticks((mark.bid * factor) / whole), ask: ticks((mark.ask * factor + whole - 1n) / whole) };
}

/** What a shock makes of one account, by the arithmetic of the margin ladder. */
export interface StressedAccount {
  readonly before: MarginLevel;
  /** At the shocked prices, before anything is closed. */
  readonly shocked: MarginLevel;
  readonly stage: LadderAccount["stage"];
  /** What each holding gained (+) or lost (-) by the shock: the trader's side. The house has the other one. */
  readonly moves: readonly { readonly holding: LadderHolding; readonly gained: MinorUnits }[];
  /** The stop-out, empty where there is none. */
  readonly steps: readonly StopOutStep[];
  /** Fees of its closings, the house's charge for them included. */
  readonly fees: MinorUnits;
  /** What the house adds so that the balance is not below zero. */
  readonly madeGood: MinorUnits;
  /** When all is done. */
  readonly after: MarginLevel;
  readonly left: LadderAccount;
}

/**
 * One account under a shock: all prices jump at once, then the ladder takes its course at the shocked prices. What has no mark keeps
 * its margin and its unknown result. shocked.equity = before.equity + the sum of moves, after.equity = shocked.equity - fees + madeGood.
 */
export function stressAccount(
  account: LadderAccount,
  terms: { readonly thresholds: LadderThresholds; readonly feePerPosition: MinorUnits },
  shockOfInstrument: (instrumentId: string) => bigint,
): StressedAccount {
  const before = marginLevel(account);
  const moves: { holding: LadderHolding; gained: MinorUnits }[] = [];
  const holdings = account.holdings.map((holding): LadderHolding => {
    if (holding.mark === null) return holding;
    const moved = { ...holding, mark: shockedMark(holding.mark, shockOfInstrument(holding.instrumentId)) };
    if (holding.position.lots !== 0n) moves.push({ holding, gained: minorUnits(resultOf(moved) - resultOf(holding)) });
    return moved;
  });
  const level = marginLevel({ ...account, holdings });
  const stage = nextStage(account.stage, level, terms.thresholds);
  const jumped: LadderAccount = { ...account, stage, holdings };
  const { steps, after: left } =
    stage === "stop-out" ? planStopOut(jumped, terms.thresholds, terms.feePerPosition) : { steps: [], after: jumped };
  const after = marginLevel(left);
  const fees = steps.reduce((sum, step) => sum + step.before.equity - step.after.equity, 0n);
  const madeGood = minorUnits(after.equity - level.equity + fees);
  return { ...{ before, shocked: level, stage, moves, steps }, fees: minorUnits(fees), madeGood, after, left };
}
