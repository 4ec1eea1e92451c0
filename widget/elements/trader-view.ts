import { type Interval, intervals, type Locale, type Side } from "#contracts/names.ts";
import type { AccountView, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import type { QuotesController } from "../controllers/quotes.ts";
import { blockedReason } from "../format/blocked.ts";
import { add } from "../format/decimal.ts";
import { grouped } from "../format/numbers.ts";
import { markPosition } from "../format/position.ts";
import { venueTime } from "../format/time.ts";
import { dictionaries } from "../i18n/dictionaries.ts";
import type { DeskRow } from "./desk.ts";
import type { TraderParts } from "./trader-frame.ts";

/** Open positions marked at the newest quotes. */
export const markedRows = (
  positions: readonly WirePosition[],
  quotes: QuotesController,
  accountCurrency: string,
): readonly DeskRow[] =>
  positions.map((position) => {
    const instrument = quotes.instrument(position.instrument);
    const marked = markPosition(position, quotes.quote(position.instrument), instrument);
    return { position, marked, currency: instrument?.currency ?? accountCurrency };
  });

/**
 * The account with equity following the live profit of its positions. Where a profit is unknown or in another currency,
 * the server's own equity stands.
 */
export function liveAccount(
  view: AccountView | undefined,
  rows: readonly DeskRow[],
): { readonly view: AccountView | undefined; readonly unrealized: string | null } {
  if (!view) return { view, unrealized: null };
  let unrealized = "0.00";
  for (const { marked, currency } of rows) {
    if (marked.unrealizedPnl === null || currency !== view.currency) return { view, unrealized: null };
    unrealized = add(unrealized, marked.unrealizedPnl);
  }
  return { view: { ...view, equity: add(view.balance, unrealized) }, unrealized };
}

/** What the polite live region says of a price. */
export const spokenPrice = (quote: WireQuote, locale: Locale): string =>
  dictionaries[locale].announce.price(quote.instrument, grouped(quote.bid, locale), grouped(quote.ask, locale));

/** The interval an attribute names; one minute when it names none. */
export const intervalOf = (attribute: string | null): Interval => intervals.find((one) => one === attribute) ?? "1m";

/** The time that the forming bar is counted by, in whole seconds. */
export const chartTime = (quote: WireQuote | undefined, nowMs: number): number =>
  Math.floor(venueTime(quote, nowMs) / 1000) * 1000;

/** Why a side can't be sent now, in words; null when it can. */
export function blockedNow(
  { session, quotes, account, ticket }: TraderParts,
  side: Side,
  locale: Locale,
): string | null {
  const instrument = quotes.selected;
  const facts = {
    signedIn: session.state.kind === "signed-in",
    link: session.link.kind,
    busy: ticket.busy,
    instrument,
    quote: quotes.quote(quotes.selectedId),
    stale: instrument !== undefined && quotes.isStale(instrument),
    account: account.view,
    position: account.position(quotes.selectedId),
    side,
    lots: ticket.lots,
    draft: ticket.draft,
    nowMs: session.nowMs(),
  };
  return blockedReason(facts, dictionaries[locale], locale);
}
