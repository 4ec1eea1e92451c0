import type { Locale } from "#contracts/names.ts";
import type { WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import { meaningOf, type TradeLine } from "../chart/trade-lines.ts";
import type { Texts } from "../i18n/texts.ts";
import { directionOf, grouped, money, signedMoney } from "./numbers.ts";
import { markPosition } from "./position.ts";

export interface LineWords {
  readonly name: string;
  readonly price: string;
  /** The money it means, or how far it is; empty: nothing is known. */
  readonly means: string;
  /** Class that colours it; none where it is no profit. */
  readonly look: "up" | "down" | "flat" | "";
}

export interface LineAbout {
  readonly texts: Texts;
  readonly locale: Locale;
  readonly instrument: WireInstrument;
  readonly position: WirePosition | undefined;
  readonly quote: WireQuote | undefined;
}

/** What is written on a line that is drawn at `price`. */
export function lineWords(line: TradeLine, price: string, about: LineAbout): LineWords {
  const name = nameOf(line, about);
  const written = grouped(price, about.locale, about.instrument.priceDecimals);
  const [means, look] = line.kind === "average" ? openProfit(line, about) : meaning(line, price, about);
  return { name, price: written, means, look };
}

function nameOf(line: TradeLine, { texts, locale }: LineAbout): string {
  const { kind, side } = line;
  const { orders } = texts;
  const lots = grouped(line.lots, locale);
  if ("position" in line.of && kind === "average") return orders.line(texts.positionSides[line.of.position.side], lots);
  const isLeg = kind === "takeProfit" || kind === "stopLoss";
  const what = isLeg
    ? orders.fields[kind]
    : `${texts.sides[side]} ${orders.types[kind === "average" ? "limit" : kind].toLowerCase()}`;
  return orders.line(what, lots);
}

function openProfit(line: TradeLine, { quote, instrument, locale }: LineAbout): readonly [string, LineWords["look"]] {
  const pnl = "position" in line.of ? markPosition(line.of.position, quote, instrument).unrealizedPnl : null;
  return pnl === null ? ["", ""] : [signedMoney(pnl, instrument.currency, locale), directionOf(pnl)];
}

function meaning(line: TradeLine, price: string, about: LineAbout): readonly [string, LineWords["look"]] {
  const { texts, locale, instrument, position, quote } = about;
  const market = quote ? (line.side === "buy" ? quote.ask : quote.bid) : null;
  const found = meaningOf(line, price, { instrument, position, market });
  if (found === null) return ["", ""];
  const distance = texts.ticket.ticks(grouped(found.ticks.toString(), locale));
  if (!found.isProfit) return [texts.orders.fromMarket(money(found.money, instrument.currency, locale), distance), ""];
  return [`${signedMoney(found.money, instrument.currency, locale)} · ${distance}`, directionOf(found.money)];
}
