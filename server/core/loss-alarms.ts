import { type AccountLoss, roomOf } from "./loss-checks.ts";
import { lossLimit } from "./loss-limit.ts";
import { isProfitSlot } from "./loss-rule.ts";
import { type LossFacts, measuredOf } from "./loss-state.ts";
import { absolute } from "./position.ts";
import { alarmAfter, type MarkedPosition, type PriceAlarm, ticksIn } from "./price-alarm.ts";
import type { MinorUnits } from "./units.ts";

/** An open position as its alarms see it; `tickValue` in minor units a lot and tick. */
export interface WatchedPosition extends MarkedPosition {
  readonly tickValue: MinorUnits;
}

/** How far an account's equity may move before it must be looked at; null: as far as it likes. Minor units, above 0. */
export interface LossRoom {
  readonly down: bigint | null;
  readonly up: bigint | null;
}

/** Of the room of a drawdown that a peak may rise before it is written down: who makes a new high with every price is not looked at with every price. */
const slackShare = 8n;

/**
 * The room of all slots together. A peak that follows the price is allowed some slack: it is found later from the prices since,
 * exactly; until then the floor is taken as high as the slack would lift it.
 */
export function lossRoom(losses: readonly AccountLoss[], facts: LossFacts): LossRoom {
  let down: bigint | null = null;
  let up: bigint | null = null;
  for (const { slot, rule, state } of losses) {
    if (rule === null || state === null || rule.rule.measure !== "equity") continue;
    const follows = rule.rule.trailing?.mode === "real-time";
    const room = roomOf(slot, rule.rule, state, facts);
    if (state.breach !== null) continue;
    if (isProfitSlot(slot)) up = least(up, room);
    else if (!follows) down = least(down, room);
    else {
      const { amount } = lossLimit(slot, rule.rule, state, facts);
      const slack = smaller(amount / slackShare, (room - 1n) / 2n);
      down = least(down, room - slack);
      up = least(up, state.peak - measuredOf(rule.rule, facts) + slack + 1n);
    }
  }
  return { down, up };
}

/**
 * Prices between which no slot's room is used up. For one instrument they are exact, the very tick; with several, each gets an equal
 * share of the room: it takes more than all of them to use it up, so at least one is used up before.
 */
export function lossAlarms(holdings: readonly WatchedPosition[], room: LossRoom): readonly PriceAlarm[] {
  const moving = holdings.filter(({ position }) => position.lots !== 0n);
  const shares = BigInt(moving.length);
  return moving.flatMap((holding) => {
    const perTick = absolute(holding.position.lots) * holding.tickValue * shares;
    return [
      ...(room.down === null ? [] : [alarmAfter(holding, "loss", ticksIn(room.down, perTick))]),
      ...(room.up === null ? [] : [alarmAfter(holding, "gain", ticksIn(room.up, perTick))]),
    ];
  });
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const least = (a: bigint | null, b: bigint): bigint => (a === null ? b : smaller(a, b));
