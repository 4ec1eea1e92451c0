import type { Locale } from "#contracts/names.ts";
import type { WireCheck, WireInstrument } from "#contracts/trading-api.ts";
import { grouped, money } from "../format/numbers.ts";
import { when } from "../format/time.ts";
import { dictionaries } from "./dictionaries.ts";
import { lateTexts } from "./late-texts.ts";
import type { LimitSource, RefusalFacts, Texts } from "./texts.ts";

export interface Refusal {
  readonly status?: number;
  readonly code: string;
  readonly checks?: readonly WireCheck[];
  /** Instrument that was asked for; its terms where known. */
  readonly instrumentId: string;
  readonly instrument: WireInstrument | undefined;
  /** Currency of the account. */
  readonly currency: string;
}

/** A refusal in the reader's language, with the numbers that were compared. */
export function refusalText(refusal: Refusal, locale: Locale): string {
  const texts = dictionaries[locale];
  const reason = reasonText(refusal, locale);
  if (reason !== null) return texts.life.refused(reason);
  if (refusal.status === 429) return texts.life.tooFast;
  if (refusal.status === 503) return texts.life.unavailable;
  if (refusal.status === 409) return texts.life.conflict;
  return texts.life.other(refusal.code);
}

/** What binds, and who set it: "the position limit, set by your group". */
export function boundText({ code, source }: WireCheck, locale: Locale): string {
  const texts = dictionaries[locale];
  const late: Named = lateTexts(locale)?.bounds ?? {};
  const own: Named = texts.orders.bounds;
  const name = own[code] ?? late[code] ?? code;
  const setBy = code in late || code === "POSITION_LIMIT" || code === "LOTS_MAX_ORDER" ? setterOf(source, texts) : null;
  return setBy === null ? name : texts.orders.boundSetBy(name, setBy);
}

/** Why an accepted order ended without a fill. */
export const rejectionText = (refusal: Refusal, locale: Locale): string =>
  dictionaries[locale].life.rejected(reasonText(refusal, locale) ?? refusal.code);

type Named = Partial<Record<string, string>>;
type Told = Partial<Record<string, (facts: RefusalFacts) => string>>;

/** Null: there are no words for this code. */
function reasonText(refusal: Refusal, locale: Locale): string | null {
  const own: Told = dictionaries[locale].refusals;
  const late: Told = lateTexts(locale)?.refusals ?? {};
  return (own[refusal.code] ?? late[refusal.code])?.(factsOf(refusal, locale)) ?? null;
}

function factsOf(refusal: Refusal, locale: Locale): RefusalFacts {
  const { code } = refusal;
  const check = refusal.checks?.find((one) => one.code === code && !one.passed);
  const nextOpenAt = refusal.instrument?.session.nextOpenAt ?? null;
  const write = (figure: string | null | undefined): string | null =>
    figure === null || figure === undefined ? null : writeFigure(code, figure, refusal.currency, locale);
  return {
    instrument: refusal.instrumentId,
    limit: write(check?.limit),
    value: write(check?.value),
    setBy: setterOf(check?.source ?? null, dictionaries[locale]),
    together: check?.isTogether === true,
    nextOpen: nextOpenAt === null ? null : when(nextOpenAt, locale),
  };
}

/** Codes whose checks compare money. */
const inMoney: readonly string[] = [
  "INSUFFICIENT_FUNDS",
  "EXPOSURE_LIMIT",
  "MARGIN_LIMIT",
  "DAILY_LOSS",
  "WEEKLY_LOSS",
  "TRAILING_DRAWDOWN",
  "PROFIT_REACHED",
];

function writeFigure(code: string, figure: string, currency: string, locale: Locale): string {
  if (!/^-?\d+(\.\d+)?$/.test(figure)) return figure;
  if (inMoney.includes(code)) return money(figure, currency, locale);
  if (code === "QUOTE_STALE") {
    const seconds = (BigInt(figure.replace(/\..*$/, "")) + 50n) / 100n;
    return `${grouped(`${seconds / 10n}.${seconds % 10n}`, locale)}\u00a0s`;
  }
  return grouped(figure, locale);
}

function setterOf(source: string | null, texts: Texts): string | null {
  const [kind = ""] = (source ?? "").split(":");
  return kind in texts.limitSources ? texts.limitSources[kind as LimitSource] : null;
}
