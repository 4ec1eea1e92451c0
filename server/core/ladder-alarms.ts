import {
  type LadderAccount,
  type LadderHolding,
  type LadderThresholds,
  marginLevel,
  nextStage,
  returnPercent,
} from "./ladder.ts";
import { absolute } from "./position.ts";
import { alarmAfter, type PriceAlarm, ticksIn } from "./price-alarm.ts";
import { assert } from "./result.ts";

/**
 * Prices between which the account's stage cannot change: as long as none is met, weighing it again would find the same. For
 * one instrument they are exact, the very tick at which the stage changes. With several, each instrument gets an equal share of the
 * room; the stage needs more than all of it, so at least one share is used up before. The account must be at the stage
 * that its level and its history give; instruments without a price have no alarm.
 */
export function ladderAlarms(account: LadderAccount, thresholds: LadderThresholds): readonly PriceAlarm[] {
  const moving = account.holdings.filter(({ position, mark }) => position.lots !== 0n && mark !== null);
  if (moving.length === 0) return [];
  const level = marginLevel(account);
  assert(nextStage(account.stage, level, thresholds) === account.stage, `the account is not at stage ${account.stage}`);
  const scaled = level.equity * 100n;
  const worse = worseThan(account, thresholds);
  const better = betterThan(account, thresholds);
  const shares = BigInt(moving.length) * 100n;
  return moving.flatMap((holding) => {
    const perTick = absolute(holding.position.lots) * holding.terms.tickValue * shares;
    return [
      ...(worse === null ? [] : [alarm(holding, "loss", (scaled - worse * level.required) / perTick + 1n)]),
      ...(better === null ? [] : [alarm(holding, "gain", ticksIn(better * level.required - scaled, perTick))]),
    ];
  });
}

/** The threshold below which it gets worse; null: it is at the end of the ladder. */
function worseThan({ stage }: LadderAccount, thresholds: LadderThresholds): bigint | null {
  if (stage === "ok") return thresholds.marginCall;
  if (stage === "margin-call") return thresholds.reduceOnly;
  return stage === "reduce-only" ? thresholds.stopOut : null;
}

/** The level at which it gets better; null: it is well. */
function betterThan({ stage }: LadderAccount, thresholds: LadderThresholds): bigint | null {
  if (stage === "margin-call") return thresholds.marginCall + returnPercent;
  if (stage === "reduce-only") return thresholds.reduceOnly + returnPercent;
  return stage === "stop-out" ? thresholds.stopOut + returnPercent : null;
}

function alarm(holding: LadderHolding, on: "loss" | "gain", ticks: bigint): PriceAlarm {
  const { instrumentId, position, mark } = holding;
  assert(mark !== null && ticks > 0n, `an alarm of ${instrumentId} ${ticks} ticks away`);
  return alarmAfter({ instrumentId, position, mark }, on, ticks);
}
