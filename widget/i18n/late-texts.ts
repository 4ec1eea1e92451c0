import type { Locale } from "#contracts/names.ts";
import type { RiskTexts } from "./risk-refusals.ts";

type Late = Readonly<Record<Locale, RiskTexts>>;
let late: Late | null = null;

/** Words that come with the lists, after what a trader looks at first; null until then. */
export const lateTexts = (locale: Locale): RiskTexts | null => late?.[locale] ?? null;

export const setLateTexts = (texts: Late): void => {
  late = texts;
};
