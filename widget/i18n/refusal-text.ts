import type { Locale } from "#contracts/names.ts";
import { orderRefusalCodes, orderRejectionCodes } from "#contracts/names.ts";
import type { WireCheck, WireInstrument } from "#contracts/trading-api.ts";
import { grouped, money } from "../format/numbers.ts";
import { when } from "../format/time.ts";
import { dictionaries } from "./dictionaries.ts";
import type { LimitSource, RefusalCode, RefusalFacts, Texts } from "./texts.ts";

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
  if (isRefusalCode(refusal.code)) return texts.life.refused(reasonText(refusal.code, refusal, locale));
  if (refusal.status === 429) return texts.life.tooFast;
  if (refusal.status === 503) return texts.life.unavailable;
  if (refusal.status === 409) return texts.life.conflict;
  return texts.life.other(refusal.code);
}

/** What binds, and who set it: "the position limit, set by your group". */
export function boundText(check: WireCheck, texts: Texts): string {
  const name = isRefusalCode(check.code)
    ? (texts.orders.bounds as Partial<Record<string, string>>)[check.code]
    : undefined;
  const setBy =
    check.code === "POSITION_LIMIT" || check.code === "LOTS_MAX_ORDER" ? setterOf(check.source, texts) : null;
  return setBy === null ? (name ?? check.code) : texts.orders.boundSetBy(name ?? check.code, setBy);
}

/** Why an accepted order ended without a fill. */
export function rejectionText(refusal: Refusal, locale: Locale): string {
  const texts = dictionaries[locale];
  const reason = isRefusalCode(refusal.code) ? reasonText(refusal.code, refusal, locale) : refusal.code;
  return texts.life.rejected(reason);
}

function reasonText(code: RefusalCode, refusal: Refusal, locale: Locale): string {
  return dictionaries[locale].refusals[code](factsOf(code, refusal, locale));
}

function factsOf(code: RefusalCode, refusal: Refusal, locale: Locale): RefusalFacts {
  const check = refusal.checks?.find((one) => one.code === code && !one.passed);
  const nextOpenAt = refusal.instrument?.session.nextOpenAt ?? null;
  const write = (figure: string | null | undefined): string | null =>
    figure === null || figure === undefined ? null : writeFigure(code, figure, refusal.currency, locale);
  return {
    instrument: refusal.instrumentId,
    limit: write(check?.limit),
    value: write(check?.value),
    setBy: setterOf(check?.source ?? null, dictionaries[locale]),
    nextOpen: nextOpenAt === null ? null : when(nextOpenAt, locale),
  };
}

function writeFigure(code: RefusalCode, figure: string, currency: string, locale: Locale): string {
  if (!/^-?\d+(\.\d+)?$/.test(figure)) return figure;
  if (code === "INSUFFICIENT_FUNDS") return money(figure, currency, locale);
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

const isRefusalCode = (code: string): code is RefusalCode =>
  (orderRefusalCodes as readonly string[]).includes(code) || (orderRejectionCodes as readonly string[]).includes(code);
