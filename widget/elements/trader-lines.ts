import type { Locale } from "#contracts/names.ts";
import type { TradeLine } from "../chart/trade-lines.ts";
import type { CommandNote } from "../controllers/commands.ts";
import type { DeskCommand } from "../controllers/desk-commands.ts";
import type { QuotesController } from "../controllers/quotes.ts";
import { dictionaries } from "../i18n/dictionaries.ts";
import { refusalText } from "../i18n/refusal-text.ts";

/** The command that brings a line of the chart to a price. */
export function moveOf(line: TradeLine, price: string): DeskCommand {
  if ("order" in line.of) {
    const change = line.kind === "stop" ? { stopPrice: price } : { limitPrice: price };
    return { kind: "amend", order: line.of.order, change };
  }
  return { kind: "bracket", position: line.of.position, change: { [legField(line)]: price } };
}

/** The command that takes a line of the chart away. */
export function removalOf(line: TradeLine): DeskCommand {
  if ("order" in line.of) return { kind: "cancel", order: line.of.order };
  return { kind: "bracket", position: line.of.position, change: { [legField(line)]: null } };
}

const legField = ({ kind }: TradeLine) => (kind === "takeProfit" ? "takeProfitPrice" : "stopLossPrice");

/** Why a command was not carried out, in words; null when it was. */
export function noteText(
  note: CommandNote | null,
  { quotes, locale, currency }: { quotes: QuotesController; locale: Locale; currency: string },
): string | null {
  const { life } = dictionaries[locale];
  if (note === null || note.kind === "done") return null;
  if (note.kind === "vetoed") return life.vetoed;
  if (note.kind === "unknown") return life.unknown;
  const instrument = quotes.instrument(note.instrumentId);
  return refusalText({ ...note.answer, instrumentId: note.instrumentId, instrument, currency }, locale);
}
