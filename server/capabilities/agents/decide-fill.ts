import type { OrderOrigin } from "#contracts/names.ts";
import {
  type CommissionedFill,
  type CommissionTerms,
  rateUnit,
  shareCommission,
  type Waterfall,
} from "#core/commission.ts";
import { inForce, planAt, uplineAt } from "#core/commission-history.ts";
import { ratesFor } from "#core/commission-plan.ts";
import type { CommissionHistories, PlanVersion } from "./commission-histories.store.ts";

/** A live fill of a trader who had an agent when its order was accepted. */
export interface FillFacts {
  readonly fillId: bigint;
  readonly traderId: string;
  readonly agentId: string;
  readonly instrumentId: string;
  readonly assetClass: string;
  readonly origin: OrderOrigin;
  /** Of the order, microseconds since 1970. */
  readonly acceptedAt: bigint;
  readonly lots: bigint;
  readonly fee: bigint;
  readonly spread: bigint;
  readonly currency: string;
  readonly currencyScale: number;
}

export interface DecidedFill {
  readonly facts: FillFacts;
  readonly versionId: string | null;
  /** Null: no plan was in force. */
  readonly terms: CommissionTerms | null;
  readonly waterfall: Waterfall;
}

/** What a fill earns whom: its order's line and the plan version of that moment, whatever has changed since. */
export function decideFill(histories: CommissionHistories, facts: FillFacts): DecidedFill {
  const at = facts.acceptedAt;
  const line = uplineAt(histories.tree, facts.agentId, at);
  const planId = planAt(histories.assigned, line, at);
  const version = planId === null ? undefined : inForce(histories.versions.get(planId) ?? [], at);
  const rates = version === undefined ? [] : ratesOf(version, facts);
  const levels = version === undefined ? 1 : rates.length;
  const own = (histories.own.get(facts.traderId) ?? []).filter(({ isOwn }) => inForce(isOwn, at) === true);
  const upline = line
    .slice(0, levels)
    .map((agentId) => ({ agentId, isOwn: own.some((one) => one.agentId === agentId) }));
  const terms: CommissionTerms | null =
    version === undefined
      ? null
      : {
          model: version.model,
          rates,
          cap: version.capMillionths === null ? null : inMinor(version.capMillionths, facts.currencyScale),
          isCappedAtFee: version.isCappedAtFee,
        };
  const waterfall = shareCommission(asCommissioned(facts), terms, upline);
  return { facts, versionId: version?.id ?? null, terms, waterfall };
}

const ratesOf = ({ rules }: PlanVersion, { instrumentId, assetClass }: FillFacts): readonly bigint[] =>
  ratesFor(rules, { id: instrumentId, assetClass });

/** Rounded down: a cap is never exceeded. */
const inMinor = (millionths: bigint, scale: number): bigint => (millionths * 10n ** BigInt(scale)) / rateUnit;

/** A stop-out's own charge is no fee of the fill; a fill that paid nothing else earns nothing, not even per lot. */
const asCommissioned = (facts: FillFacts): CommissionedFill => ({
  lots: facts.lots,
  fee: facts.fee,
  spread: facts.spread,
  currencyScale: facts.currencyScale,
  exclusion: facts.origin === "stop-out" && facts.fee === 0n ? "liquidation-fee-only" : null,
});
