import { describe, expect, test } from "@jest/globals";
import { blockedReason, type TicketFacts } from "../../widget/format/blocked.ts";
import { marketDraft } from "../../widget/format/order-draft.ts";
import { markPosition } from "../../widget/format/position.ts";
import { allowedLots, available, maxNow, ticketCost } from "../../widget/format/ticket.ts";
import { en } from "../../widget/i18n/en.ts";
import { anAccount, anInstrument, aPosition, aQuote } from "./builders.ts";

describe("the ticket", () => {
  test("tells margin, fee and tick value of all lots", () => {
    expect(ticketCost(anInstrument(), 3n)).toEqual({ margin: "3960.00", fee: "1.86", tickValue: "3.75" });
  });

  test("counts unrealised loss as spent and unrealised profit as nothing", () => {
    expect(available(anAccount({ equity: "9000.00", held: "1000.00" }))).toBe("8000.00");
    expect(available(anAccount({ equity: "12000.00", held: "1000.00" }))).toBe("9000.00");
  });

  test("offers as many lots as margin and fee allow", () => {
    const most = maxNow({ instrument: anInstrument(), account: anAccount(), position: undefined, side: "buy" });
    expect(most).toEqual({ lots: 7n, boundBy: "available" });
  });

  test("adds the lots that close, whose margin is set free", () => {
    const account = anAccount({ balance: "2640.00", equity: "2640.00", held: "2640.00" });
    const most = maxNow({ instrument: anInstrument(), account, position: aPosition(), side: "sell" });
    expect(most).toEqual({ lots: 3n, boundBy: "available" });
  });

  test("never offers more than an order may have, and nothing across currencies", () => {
    const rich = anAccount({ balance: "9000000.00", equity: "9000000.00" });
    const ask = { instrument: anInstrument(), account: rich, position: undefined, side: "buy" } as const;
    expect(maxNow(ask)).toEqual({ lots: 50n, boundBy: "order-limit" });
    expect(maxNow({ ...ask, account: anAccount({ currency: "EUR" }) })).toBeNull();
  });

  test("keeps lots on the instrument's steps", () => {
    const instrument = anInstrument({ lotStep: "5", minLots: "5", maxLotsPerOrder: "20" });
    expect([0n, 7n, 12n, 99n].map((lots) => allowedLots(lots, instrument))).toEqual([5n, 5n, 10n, 20n]);
  });
});

describe("a position", () => {
  test("is marked from the server's exact profit, a long one at bid", () => {
    const marked = markPosition(aPosition(), aQuote({ bid: "5251.00" }), anInstrument());
    expect(marked).toEqual({ markPrice: "5251.00", unrealizedPnl: "8.75" });
  });

  test("short gains when the ask falls", () => {
    const short = aPosition({ side: "short", markPrice: "5250.25", unrealizedPnl: "0.00" });
    const marked = markPosition(short, aQuote({ ask: "5249.75" }), anInstrument());
    expect(marked).toEqual({ markPrice: "5249.75", unrealizedPnl: "5.00" });
  });

  test("keeps the server's mark while the quote is flagged", () => {
    const marked = markPosition(aPosition(), aQuote({ bid: "1.00", flag: "crossed" }), anInstrument());
    expect(marked.unrealizedPnl).toBe("-1.25");
  });
});

describe("an order that can't be sent", () => {
  const facts = (changes: Partial<TicketFacts> = {}): TicketFacts => ({
    signedIn: true,
    link: "live",
    busy: false,
    instrument: anInstrument(),
    quote: aQuote(),
    stale: false,
    account: anAccount(),
    position: undefined,
    side: "buy",
    lots: 1n,
    draft: marketDraft,
    nowMs: 0,
    ...changes,
  });
  const why = (changes: Partial<TicketFacts>) => blockedReason(facts(changes), en, "en");
  const closed = { open: false, nextOpenAt: null, nextCloseAt: null, zone: "UTC" };

  test("does not exist when all is well", () => {
    expect(why({})).toBeNull();
  });

  test.each<[string, Partial<TicketFacts>]>([
    [en.blocked.signedOut, { signedIn: false }],
    [en.blocked.offline, { link: "connecting" }],
    [en.blocked.displaced, { link: "displaced" }],
    [en.blocked.loading, { account: undefined }],
    [en.blocked.closed(null), { instrument: anInstrument({ session: closed }) }],
    [en.blocked.halted, { instrument: anInstrument({ tradeMode: "halted" }) }],
    [en.blocked.noQuote, { quote: undefined }],
    [en.blocked.stale, { stale: true }],
    [en.blocked.stale, { quote: aQuote({ flag: "crossed" }) }],
    [en.blocked.accountDisabled, { account: anAccount({ state: "disabled" }) }],
    [en.blocked.closeOnly, { instrument: anInstrument({ tradeMode: "close-only" }) }],
    [en.blocked.accountCloseOnly, { account: anAccount({ state: "close-only" }) }],
    [en.blocked.busy, { busy: true }],
    [en.blocked.lotsRange("1", "50", "1"), { lots: 51n }],
    ["Margin and fee need 10,564.96\u00a0USD; 10,000.00\u00a0USD is available.", { lots: 8n }],
  ])("says: %s", (reason, changes) => {
    expect(why(changes)).toBe(reason);
  });

  test("may still close when only closing is allowed, and without money", () => {
    const exit = { side: "sell", position: aPosition(), lots: 2n } as const;
    expect(why({ ...exit, instrument: anInstrument({ tradeMode: "close-only" }) })).toBeNull();
    expect(why({ ...exit, account: anAccount({ state: "close-only", equity: "0.00", balance: "0.00" }) })).toBeNull();
  });
});
