import type { DepositRefusalCode } from "#contracts/payment-names.ts";
import { channelFee } from "./channel-fee.ts";
import { type DepositContext, openDepositsMax } from "./deposit.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/** What a channel takes of an account now. */
export interface DepositRoom {
  /** The largest amount that would be taken, fee included; null: any. */
  readonly largest: MinorUnits | null;
  /** Left of the rolling 24 hours and 30 days; null: no limit. */
  readonly dayLeft: MinorUnits | null;
  readonly monthLeft: MinorUnits | null;
  /** Why no amount at all would be taken; null: `largest` would. */
  readonly refusal: DepositRefusalCode | null;
}

/** The room that the checks of `decideDepositRequest` leave: `largest` would be taken, one minor unit more would be refused. */
export function depositRoom({ account, rules, before, open }: DepositContext): DepositRoom {
  const left = (limit: bigint | null, used: bigint): MinorUnits | null =>
    limit === null ? null : minorUnits(limit > used ? limit - used : 0n);
  const [dayLeft, monthLeft] = [left(rules.dayMax, before.day), left(rules.monthMax, before.month)];
  const bounds = [rules.max, dayLeft, monthLeft].filter((bound) => bound !== null);
  const bound = bounds.length === 0 ? null : bounds.reduce((a, b) => (a < b ? a : b));
  const isTooLittle = (most: bigint | null): boolean => most !== null && most < rules.min;
  const refusals: readonly (readonly [code: DepositRefusalCode, applies: boolean])[] = [
    ["DEMO_ACCOUNT", account.book !== "live"],
    ["ACCOUNT_DISABLED", account.state === "disabled"],
    ["CHANNEL_CLOSED", !rules.enabled || isTooLittle(rules.max)],
    ["DAY_LIMIT", isTooLittle(dayLeft)],
    ["MONTH_LIMIT", isTooLittle(monthLeft)],
    ["FEE_EXCEEDS", bound !== null && bound <= channelFee(bound, rules.fee)],
    ["TOO_MANY_OPEN", open >= openDepositsMax],
  ];
  const refusal = refusals.find(([, applies]) => applies)?.[0] ?? null;
  return { largest: refusal === null ? bound : minorUnits(0n), dayLeft, monthLeft, refusal };
}
