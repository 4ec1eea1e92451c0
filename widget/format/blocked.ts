import type { Locale, Side } from "#contracts/names.ts";
import type { AccountView, WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import type { LinkState } from "../client/live-socket.ts";
import type { Texts } from "../i18n/texts.ts";
import { add, compare } from "./decimal.ts";
import { grouped, money } from "./numbers.ts";
import { draftProblem, type OrderDraft } from "./order-draft.ts";
import { available, maxNow, ticketCost } from "./ticket.ts";
import { when } from "./time.ts";

export interface TicketFacts {
  readonly signedIn: boolean;
  readonly link: LinkState["kind"];
  readonly busy: boolean;
  readonly instrument: WireInstrument | undefined;
  readonly quote: WireQuote | undefined;
  readonly stale: boolean;
  readonly account: AccountView | undefined;
  readonly position: WirePosition | undefined;
  readonly side: Side;
  readonly lots: bigint;
  readonly draft: OrderDraft;
  readonly nowMs: number;
}

/**
 * Why an order can't be sent now, in words; null when it can. The one gate of the buttons. The server decides again and
 * alone; this only spares the trader a refusal that is certain.
 */
export function blockedReason(facts: TicketFacts, texts: Texts, locale: Locale): string | null {
  const { instrument, account } = facts;
  if (!facts.signedIn) return texts.blocked.signedOut;
  if (facts.link === "displaced") return texts.blocked.displaced;
  if (facts.link !== "live") return texts.blocked.offline;
  if (!instrument || !account) return texts.blocked.loading;
  const market = marketReason(facts, instrument, texts, locale);
  if (market !== null) return market;
  if (account.state === "disabled") return texts.blocked.accountDisabled;
  const exit = isExit(facts);
  if (!exit && instrument.tradeMode === "close-only") return texts.blocked.closeOnly;
  if (!exit && account.state === "close-only") return texts.blocked.accountCloseOnly;
  if (facts.busy) return texts.blocked.busy;
  return (
    lotsReason(facts, instrument, texts, locale) ??
    draftReason(facts, instrument, texts, locale) ??
    (exit ? null : fundsReason(facts, instrument, account, texts, locale))
  );
}

function marketReason(facts: TicketFacts, instrument: WireInstrument, texts: Texts, locale: Locale): string | null {
  const { nextOpenAt, open } = instrument.session;
  if (!open) return texts.blocked.closed(nextOpenAt === null ? null : when(nextOpenAt, locale));
  if (instrument.tradeMode === "halted") return texts.blocked.halted;
  if (!facts.quote) return texts.blocked.noQuote;
  return facts.stale || facts.quote.flag !== null ? texts.blocked.stale : null;
}

function lotsReason({ lots }: TicketFacts, instrument: WireInstrument, texts: Texts, locale: Locale): string | null {
  const { minLots, maxLotsPerOrder, lotStep } = instrument;
  const fits = lots >= BigInt(minLots) && lots <= BigInt(maxLotsPerOrder) && lots % BigInt(lotStep) === 0n;
  if (fits) return null;
  const read = (count: string) => Number(count).toLocaleString(locale);
  return texts.blocked.lotsRange(read(minLots), read(maxLotsPerOrder), read(lotStep));
}

function fundsReason(
  facts: TicketFacts,
  instrument: WireInstrument,
  account: AccountView,
  texts: Texts,
  locale: Locale,
): string | null {
  const most = maxNow({ instrument, account, position: facts.position, side: facts.side });
  if (most === null || facts.lots <= most.lots) return null;
  const { margin, fee } = ticketCost(instrument, facts.lots);
  const needed = add(margin, fee);
  const free = available(account);
  if (compare(needed, free) <= 0) return null;
  return texts.blocked.insufficient(money(needed, account.currency, locale), money(free, account.currency, locale));
}

/** What is wrong with the order's own prices and times. */
function draftReason(facts: TicketFacts, instrument: WireInstrument, texts: Texts, locale: Locale): string | null {
  const { quote, side, lots, nowMs, draft } = facts;
  const found = quote ? draftProblem(draft, { side, quote, instrument, lots, nowMs }) : null;
  if (found === null) return null;
  const { problems, fields } = texts.orders;
  const market = grouped(found.market, locale);
  switch (found.code) {
    case "price":
      return problems.price(fields[found.field], instrument.tickSize);
    case "stop-side":
      return problems.stopSide(side, market);
    case "leg":
      return problems.leg(fields[found.field]);
    case "leg-side":
      return problems.legSide(fields[found.field], side);
    case "expiry":
      return problems.expiry;
    case "not-marketable":
      return problems.notMarketable(market);
  }
}

/** Only makes an open position smaller. */
function isExit({ position, side, lots, draft }: TicketFacts): boolean {
  if (draft.reduceOnly && position) return (position.side === "long") === (side === "sell");
  return position !== undefined && (position.side === "long") === (side === "sell") && lots <= BigInt(position.lots);
}
