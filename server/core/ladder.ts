import type { MarginStage } from "#contracts/names.ts";
import { feeOf, marginLine } from "./margin.ts";
import { absolute, type Position, unrealizedPnl } from "./position.ts";
import { type Lots, lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

/** Margin levels, in per cent, below which an account comes to a stage. Each is at most the one before. */
export interface LadderThresholds {
  readonly marginCall: bigint;
  readonly reduceOnly: bigint;
  /** ESMA's close-out rule for retail clients: 50 % of the margin required, for each account. */
  readonly stopOut: bigint;
}

/** An account's holding in one instrument, as the ladder weighs it. */
export interface LadderHolding {
  readonly instrumentId: string;
  readonly position: Position;
  /** Lots of waiting orders that may open, by side. */
  readonly resting: { readonly buy: Lots; readonly sell: Lots };
  readonly terms: {
    readonly tickValue: MinorUnits;
    readonly initialMargin: MinorUnits;
    readonly feePerSide: MinorUnits;
  };
  /** Null: no price. Its margin counts, its result is unknown and does not. */
  readonly mark: { readonly bid: Ticks; readonly ask: Ticks } | null;
  /** Whether it could be closed now: the session is open and nothing is halted. */
  readonly closable: boolean;
}

export interface LadderAccount {
  readonly stage: MarginStage;
  /** Booked cash without what is held for withdrawals: that money cannot carry a position any more. */
  readonly balance: MinorUnits;
  readonly holdings: readonly LadderHolding[];
}

/** Margin level = equity x 100 / required, kept as its two parts: compared by multiplying, never divided. */
export interface MarginLevel {
  readonly equity: MinorUnits;
  readonly required: MinorUnits;
}

/** Longs are marked at the bid, shorts at the ask. Required: the whole margin lines, also where losses have cut what is held. */
export function marginLevel(account: Pick<LadderAccount, "balance" | "holdings">): MarginLevel {
  let equity: bigint = account.balance;
  let required = 0n;
  for (const holding of account.holdings) {
    equity += resultOf(holding);
    required += lineOf(holding);
  }
  return { equity: minorUnits(equity), required: minorUnits(required) };
}

export const resultOf = ({ position, mark, terms }: LadderHolding): MinorUnits =>
  mark === null ? minorUnits(0n) : unrealizedPnl(position, mark, terms);

const lineOf = ({ position, resting, terms }: LadderHolding): MinorUnits =>
  marginLine({ position: position.lots, pendingBuy: resting.buy, pendingSell: resting.sell }, terms);

/** Whether the level is below so many per cent. An account that needs no margin is below nothing. */
export const isBelow = ({ equity, required }: MarginLevel, percent: bigint): boolean =>
  required > 0n && equity * 100n < percent * required;

/** A stage is left only when the level is this much above its threshold, so that a price that trembles does not ring all day. */
export const returnPercent = 5n;

const stages: readonly (readonly [MarginStage, keyof LadderThresholds])[] = [
  ["stop-out", "stopOut"],
  ["reduce-only", "reduceOnly"],
  ["margin-call", "marginCall"],
];

/** The stage by the level alone. */
export function stageAt(level: MarginLevel, thresholds: LadderThresholds): MarginStage {
  const reached = stages.find(([, threshold]) => isBelow(level, thresholds[threshold]));
  return reached?.[0] ?? "ok";
}

const rank: Readonly<Record<MarginStage, number>> = { ok: 0, "margin-call": 1, "reduce-only": 2, "stop-out": 3 };

/** The stage an account comes to from the one it is at: worse at once, better only with room to spare. */
export function nextStage(from: MarginStage, level: MarginLevel, thresholds: LadderThresholds): MarginStage {
  const plain = stageAt(level, thresholds);
  if (rank[plain] >= rank[from]) return plain;
  const strict = stageAt(level, {
    marginCall: thresholds.marginCall + returnPercent,
    reduceOnly: thresholds.reduceOnly + returnPercent,
    stopOut: thresholds.stopOut + returnPercent,
  });
  return rank[strict] < rank[from] ? strict : from;
}

/** One step of a stop-out, with the level before and after it. */
export interface StopOutStep {
  readonly before: MarginLevel;
  readonly after: MarginLevel;
  /** Null: the waiting orders that use margin are cancelled. */
  readonly close: { readonly instrumentId: string; readonly side: "buy" | "sell"; readonly lots: Lots } | null;
}

/**
 * What a stop-out does: cancels the waiting orders that use margin, and looks again; then closes one whole position after the
 * other, the largest loss first (MetaTrader's rule), and looks again after each, until the level is no longer below the stop-out
 * threshold. Positions that have no price or cannot be traded now stay. `feePerPosition`: the house's charge for each closing.
 */
export function planStopOut(
  account: LadderAccount,
  thresholds: LadderThresholds,
  feePerPosition: MinorUnits,
): { readonly steps: readonly StopOutStep[]; readonly after: LadderAccount } {
  const steps: StopOutStep[] = [];
  let now = account;
  const take = (next: LadderAccount, close: StopOutStep["close"]): void => {
    steps.push({ before: marginLevel(now), after: marginLevel(next), close });
    now = next;
  };
  const isOut = (): boolean => isBelow(marginLevel(now), thresholds.stopOut);
  if (isOut() && now.holdings.some(({ resting }) => resting.buy > 0n || resting.sell > 0n))
    take(withoutResting(now), null);
  while (isOut()) {
    const worst = worstOf(now.holdings);
    if (worst === null) break;
    const { instrumentId, position } = worst;
    const close = {
      instrumentId,
      side: position.lots > 0n ? ("sell" as const) : ("buy" as const),
      lots: absolute(position.lots),
    };
    take(closed(now, worst, feePerPosition), close);
  }
  // Made good by the house once, when all is done: what is left open must first pay for what was lost.
  const owes = now.balance < 0n && steps.some(({ close }) => close !== null);
  return { steps, after: owes ? { ...now, balance: minorUnits(0n) } : now };
}

/** The largest loss; among equals the first by name. Null: nothing can be closed. */
function worstOf(holdings: readonly LadderHolding[]): LadderHolding | null {
  const closable = holdings.filter(({ position, mark, closable: may }) => may && mark !== null && position.lots !== 0n);
  return closable.reduce<LadderHolding | null>((worst, one) => {
    if (worst === null) return one;
    const [a, b] = [resultOf(one), resultOf(worst)];
    return a < b || (a === b && one.instrumentId < worst.instrumentId) ? one : worst;
  }, null);
}

const none = { buy: lots(0n), sell: lots(0n) };

const withoutResting = (account: LadderAccount): LadderAccount => ({
  ...account,
  holdings: account.holdings.map((holding) => ({ ...holding, resting: none })),
});

function closed(account: LadderAccount, holding: LadderHolding, feePerPosition: MinorUnits): LadderAccount {
  const fee = feeOf(absolute(holding.position.lots), holding.terms.feePerSide);
  const balance = account.balance + resultOf(holding) - fee;
  const charged = balance > feePerPosition ? feePerPosition : balance > 0n ? balance : 0n;
  return {
    ...account,
    balance: minorUnits(balance - charged),
    holdings: account.holdings.filter((one) => one !== holding),
  };
}
