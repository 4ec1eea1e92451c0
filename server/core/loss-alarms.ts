import { type AccountLoss, roomOf } from "./loss-checks.ts";
import { lossLimit } from "./loss-limit.ts";
import { isProfitSlot } from "./loss-rule.ts";
import { type LossFacts, measuredOf, sumOfStates } from "./loss-state.ts";
import { sumOfFacts } from "./loss-together.ts";
import { absolute } from "./position.ts";
import { alarmAfter, type MarkedPosition, type PriceAlarm, ticksIn } from "./price-alarm.ts";
import { assert } from "./result.ts";
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

/** An account with the states it was left in. Accounts that count as one have the same rules. */
export interface RoomMember {
  readonly losses: readonly AccountLoss[];
  readonly facts: LossFacts;
  /** Its open positions that have a price. */
  readonly moving: number;
}

/** Of the room of a drawdown that a peak may rise before it is written down: who makes a new high with every price is not looked at with every price. */
const slackShare = 8n;

/**
 * The room of each of the accounts that count as one, all slots together. What they may lose together is shared out by their open
 * positions, so it takes more than all shares to use it up. A peak that follows the price is allowed some slack: it is found later from
 * the prices since, exactly; until then the floor is taken as high as the slack would lift it.
 */
export function lossRooms(members: readonly RoomMember[]): readonly LossRoom[] {
  const facts = sumOfFacts(members.map((member) => member.facts));
  const moving = members.reduce((sum, member) => sum + member.moving, 0);
  const peaks: (bigint | null)[] = members.map(() => null);
  let down: bigint | null = null;
  let up: bigint | null = null;
  for (const { slot, rule } of members[0]?.losses ?? []) {
    if (rule === null || rule.rule.measure !== "equity") continue;
    const states = members.flatMap(({ losses }) => losses.find((one) => one.slot === slot)?.state ?? []);
    assert(states.length === members.length, `an account has no state of ${slot}`);
    if (states.every(({ breach }) => breach !== null)) continue;
    const state = sumOfStates(states);
    const room = roomOf(slot, rule.rule, state, facts);
    if (isProfitSlot(slot)) up = least(up, room);
    else if (rule.rule.trailing?.mode !== "real-time") down = least(down, room);
    else {
      const { amount } = lossLimit(slot, rule.rule, state, facts);
      const slack = smaller(amount / slackShare, (room - 1n) / 2n);
      down = least(down, room - slack);
      // Each peak is an account's own: what one gains does not lift the other's.
      states.forEach(({ peak }, place) => {
        const own = members[place];
        const above = own === undefined ? 0n : peak - measuredOf(rule.rule, own.facts);
        peaks[place] = least(peaks[place] ?? null, above + slack / BigInt(states.length) + 1n);
      });
    }
  }
  const shareOf = (room: bigint, of: number): bigint => (room * BigInt(of)) / BigInt(moving);
  return members.map((member, place) => {
    const peak = peaks[place] ?? null;
    if (member.moving === 0) return { down: null, up: null };
    const gain = up === null ? null : shareOf(up, member.moving);
    return {
      down: down === null ? null : shareOf(down, member.moving),
      up: peak === null ? gain : least(gain, peak),
    };
  });
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
