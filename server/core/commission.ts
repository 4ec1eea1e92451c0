import type { CommissionBasis, CommissionModel, CommissionSkip } from "#contracts/commission-names.ts";
import { apportion } from "./apportion.ts";

/** Rates are millionths: of the basis (300,000 = 30 %), or per lot of a major unit (2,000,000 = $2.00). */
export const rateUnit = 1_000_000n;

/** What a version of a commission plan says about one instrument. */
export interface CommissionTerms {
  readonly model: CommissionModel;
  /** Of level 1 (the trader's own agent), 2, …; as many as are paid. */
  readonly rates: readonly bigint[];
  /** All levels together get at most this of one fill, minor units; null: no such limit. */
  readonly cap: bigint | null;
  /** All levels together get at most the fee that was charged. */
  readonly isCappedAtFee: boolean;
}

/** A fill as commissions see it. Money in minor units of the fill's currency, never negative. */
export interface CommissionedFill {
  readonly lots: bigint;
  /** Actually charged for this side; a liquidation fee is none. */
  readonly fee: bigint;
  /** Half of the quote's spread x tick value x lots, rounded down: what crossing it cost on this side. */
  readonly spread: bigint;
  /** Digits of the currency's minor unit. */
  readonly currencyScale: number;
  /** Why nobody earns on this fill; null: it counts. */
  readonly exclusion: Extract<CommissionSkip, "demo" | "liquidation-fee-only" | "bonus-funded"> | null;
}

/** An agent above the trader, when the order was accepted. */
export interface UplineAgent {
  readonly agentId: string;
  /** The trader is the agent himself, or an account linked to him: the caller has found out. */
  readonly isOwn: boolean;
}

export interface LevelShare {
  readonly level: number;
  /** Null: there was no agent at this level. */
  readonly agentId: string | null;
  readonly rate: bigint;
  /** Minor units, never negative. */
  readonly amount: bigint;
  /** Why it is nothing; null when it is something. */
  readonly why: CommissionSkip | null;
}

/** Who got what of one fill. levels + house = basis, to the minor unit. */
export interface Waterfall {
  readonly basisOf: CommissionBasis;
  readonly basis: bigint;
  readonly levels: readonly LevelShare[];
  /** What stays with the house; negative where the levels together get more than the basis (per lot, overrides). */
  readonly house: bigint;
}

/**
 * Shares a fill's commission among the agents above its trader, level 1 first. Shares are exact, then capped in proportion, then
 * rounded by largest remainder; the house keeps the rest. What a level gets does not depend on whether the others are there: a missing
 * agent's share and that of an own account stay with the house.
 */
export function shareCommission(
  fill: CommissionedFill,
  terms: CommissionTerms | null,
  upline: readonly UplineAgent[],
): Waterfall {
  const basisOf = terms?.model === "spread-share" ? "spread" : "fee";
  const basis = fill[basisOf];
  if (terms === null) {
    const levels = upline.map(({ agentId }, index) => nothing(index + 1, agentId, 0n, "no-plan"));
    return { basisOf, basis, levels, house: basis };
  }
  const amounts = amountsOf(fill, basis, terms);
  const levels = terms.rates.map((rate, index): LevelShare => {
    const agent = upline[index];
    const amount = amounts[index] ?? 0n;
    const why = skipOf({ fill, terms, agent, index, amount });
    if (why !== null) return nothing(index + 1, agent?.agentId ?? null, rate, why);
    return { level: index + 1, agentId: agent?.agentId ?? null, rate, amount, why };
  });
  return { basisOf, basis, levels, house: levels.reduce((left, { amount }) => left - amount, basis) };
}

const nothing = (level: number, agentId: string | null, rate: bigint, why: CommissionSkip): LevelShare => ({
  level,
  agentId,
  rate,
  amount: 0n,
  why,
});

function skipOf(of: {
  fill: CommissionedFill;
  terms: CommissionTerms;
  agent: UplineAgent | undefined;
  index: number;
  amount: bigint;
}): CommissionSkip | null {
  const { fill, terms, agent, index, amount } = of;
  if (fill.exclusion !== null) return fill.exclusion;
  if (agent === undefined) return "no-agent";
  if (agent.isOwn) return "own-account";
  if (amount > 0n) return null;
  const rate = terms.rates[index] ?? 0n;
  if (rate === 0n) return "no-rate";
  return terms.model === "difference" && rate <= highest(terms.rates.slice(0, index))
    ? "rank-not-above"
    : "below-one-unit";
}

/** What each level would get if all were there, in whole minor units. */
function amountsOf(fill: CommissionedFill, basis: bigint, terms: CommissionTerms): bigint[] {
  const { claims, unit } = claimsOf(fill, basis, terms);
  const total = claims.reduce((sum, claim) => sum + claim, 0n);
  const limits = [...(terms.cap === null ? [] : [terms.cap]), ...(terms.isCappedAtFee ? [fill.fee] : [])];
  const cap = limits.length === 0 ? null : limits.reduce((least, limit) => (limit < least ? limit : least));
  if (cap === null || total <= cap * unit) return apportion(claims, unit);
  return apportion(
    claims.map((claim) => claim * cap),
    total,
  );
}

/** The exact shares as claim / unit. */
function claimsOf(
  fill: CommissionedFill,
  basis: bigint,
  { model, rates }: CommissionTerms,
): { claims: bigint[]; unit: bigint } {
  switch (model) {
    case "ratio":
    case "spread-share":
      return { claims: rates.map((rate) => basis * rate), unit: rateUnit };
    case "difference":
      return { claims: rates.map((rate, index) => basis * above(rate, rates.slice(0, index))), unit: rateUnit };
    case "per-lot": {
      const minor = 10n ** BigInt(fill.currencyScale);
      return { claims: rates.map((rate) => fill.lots * rate * minor), unit: rateUnit };
    }
    case "chain": {
      const { passed, unit } = handedUp(basis, rates);
      return { claims: passed.map((claim, index) => claim - (passed[index + 1] ?? 0n)), unit };
    }
    case "override": {
      const { passed, unit } = handedUp(basis, rates);
      return { claims: passed, unit };
    }
  }
}

/** A higher rank earns what its rate is above every rate below it. */
function above(rate: bigint, below: readonly bigint[]): bigint {
  const most = highest(below);
  return rate > most ? rate - most : 0n;
}

const highest = (rates: readonly bigint[]): bigint => rates.reduce((most, rate) => (rate > most ? rate : most), 0n);

/** Each level's rate of what the level below was given: basis x r1, basis x r1 x r2, … over one denominator. */
function handedUp(basis: bigint, rates: readonly bigint[]): { passed: bigint[]; unit: bigint } {
  const unit = rateUnit ** BigInt(rates.length);
  let claim = basis * unit;
  const passed = rates.map((rate) => {
    claim = (claim * rate) / rateUnit;
    return claim;
  });
  return { passed, unit };
}
