import type { Locale } from "#contracts/names.ts";
import type { OwnLimits } from "#contracts/own-limits-api.ts";
import type { OwnLossAction, OwnSetting } from "#contracts/own-names.ts";
import { grouped, money } from "./numbers.ts";

/** A trader's own limits as he types them; an empty text is no limit. */
export interface OwnLimitsDraft {
  readonly amount: string;
  readonly resetTime: string;
  readonly lossZone: string;
  readonly action: OwnLossAction;
  readonly maxLotsPerOrder: string;
  readonly maxPositionLots: string;
  readonly maxOrdersPerMinute: string;
  /** Of one stretch of hours; none: at any time, or the other hours. */
  readonly days: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hoursZone: string;
  /** Hours that are not one stretch on some days: kept as they are until days are chosen. */
  readonly otherHours: readonly string[] | null;
}

export const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `zone`: the reader's, for what names none yet. */
export function draftOf(limits: OwnLimits, zone: string): OwnLimitsDraft {
  const { dailyLoss, tradingWindows, maxOrdersPerMinute } = limits;
  const [only = "", ...others] = tradingWindows ?? [];
  const [, days = "", from = "09:00", to = "17:00", hoursZone = zone] =
    /^(\S+) ([\d:]+)-([\d:]+) (\S+)$/.exec(only) ?? [];
  const isOne = others.length === 0;
  return {
    amount: dailyLoss?.amount ?? "",
    resetTime: dailyLoss?.resetTime ?? "00:00",
    lossZone: dailyLoss?.resetZone ?? zone,
    action: dailyLoss?.action ?? "flatten-until-reset",
    maxLotsPerOrder: limits.maxLotsPerOrder ?? "",
    maxPositionLots: limits.maxPositionLots ?? "",
    maxOrdersPerMinute: maxOrdersPerMinute === null ? "" : `${maxOrdersPerMinute}`,
    days: isOne ? daysOf(days) : [],
    from,
    // A field for a time knows no 24:00; hours to 00:00 end on the next day.
    to: to === "24:00" ? "00:00" : to,
    hoursZone,
    otherHours: isOne ? null : tradingWindows,
  };
}

/** "sun,tue-thu" in the order of the week. */
function daysOf(text: string): string[] {
  const named = text.split(",").flatMap((part) => {
    const [first = -1, last = first] = part.split("-").map((name) => dayNames.indexOf(name));
    if (first < 0 || last < 0) return [];
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, step) => dayNames[(first + step) % 7]);
  });
  return dayNames.filter((name) => named.includes(name));
}

/** What is asked for; what can't be read goes to the server as it is, which names the field. */
export function wantedOf(draft: OwnLimitsDraft, before: OwnLimits): Readonly<Record<OwnSetting, unknown>> {
  const { amount, resetTime, lossZone, action, days, from, to, hoursZone, otherHours } = draft;
  const given = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  const perMinute = given(draft.maxOrdersPerMinute);
  const hours = days.length === 0 ? otherHours : [`${days.join(",")} ${from}-${to} ${hoursZone}`];
  return {
    dailyLoss: given(amount) === null ? null : { amount: amount.trim(), resetTime, resetZone: lossZone, action },
    maxLotsPerOrder: given(draft.maxLotsPerOrder),
    maxPositionLots: given(draft.maxPositionLots),
    maxOrdersPerMinute: perMinute !== null && /^\d+$/.test(perMinute) ? Number(perMinute) : perMinute,
    tradingWindows: hours,
    allowed: before.allowed,
  };
}

/** One limit as it is read; null: there is none. */
export function textOf(
  name: OwnSetting,
  { [name]: value }: OwnLimits,
  { locale, currency }: { readonly locale: Locale; readonly currency: string },
): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return value.join("; ");
  if (typeof value === "object") return money(value.amount, currency, locale);
  return grouped(`${value}`, locale);
}
