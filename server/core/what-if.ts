import type { Book, Side } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { project, splitOrder } from "./exposure.ts";
import type { Instrument } from "./instrument.ts";
import type { OrderIntent } from "./order.ts";
import { marketPrice, waitsForPrice } from "./order-prices.ts";
import { closableBy } from "./reduce.ts";
import { assert } from "./result.ts";
import type { EffectiveSettings } from "./risk-table.ts";
import { type Lots, lots, type MinorUnits, minorUnits, type Ticks, ticks } from "./units.ts";
import { capSums, noteOrder, type PlayedAccount, tableRefusal } from "./what-if-checks.ts";
import {
  bookFill,
  executePlayed,
  exposureOf,
  type PlayedLine,
  playedLine,
  type Quote,
  resultOf,
} from "./what-if-line.ts";
import { openTally, type WhatIfResult } from "./what-if-tally.ts";

/** Whose orders are played. */
export interface Whose {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  readonly book: Book;
  readonly currency: string;
}

/** A decision as it was recorded. `at` is epoch milliseconds. */
export interface PlayedOrder {
  readonly kind: "order";
  readonly at: number;
  readonly orderId: string;
  readonly whose: Whose;
  /** With the terms it was decided under. */
  readonly instrument: Instrument;
  readonly intent: OrderIntent;
  readonly quote: Quote | null;
  /** Null: accepted. `isFixed`: it was refused by more than the risk table's checks, so no table would have it accepted. */
  readonly refused: { readonly code: OrderRefusalCode; readonly isFixed: boolean } | null;
}

export interface PlayedFill {
  readonly kind: "fill";
  readonly at: number;
  readonly orderId: string;
  readonly whose: Whose;
  readonly instrument: Instrument;
  readonly side: Side;
  readonly lots: Lots;
  readonly price: Ticks;
  readonly quote: Quote;
  /** Of all its lots. */
  readonly fee: MinorUnits;
  /** Given by the house: it closes, and opens again only what it closed. */
  readonly isHouse: boolean;
}

/** An order that ended without a fill. */
export interface PlayedEnd {
  readonly kind: "end";
  readonly at: number;
  readonly orderId: string;
  readonly whose: Whose;
  readonly instrument: Instrument;
}

export type PlayedEvent = PlayedOrder | PlayedFill | PlayedEnd;

export interface WhatIfTable {
  /** The settings tried, as they would have been for a trader at a time. */
  readonly settings: (traderId: string, instrument: Instrument, at: number) => EffectiveSettings;
  /** Accounts judged together with one, itself not among them. */
  readonly matesOf: (accountId: string) => readonly string[];
}

export interface WhatIf {
  /** A position that was there before the first event. */
  readonly holds: (whose: Whose, instrument: Instrument, size: Lots, openedAt: number) => void;
  /** An order that was open before the first event; it fills or ends as it did. */
  readonly opens: (whose: Whose, instrument: Instrument, orderId: string, intent: OrderIntent) => void;
  /** Events come in the order of their times. */
  readonly play: (event: PlayedEvent) => void;
  /** `lastQuotes`: at which what is left is marked; without one, at the last quote of the instrument's orders. */
  readonly result: (lastQuotes: ReadonlyMap<string, Quote>, tradersMost: number) => WhatIfResult;
}

/**
 * Plays recorded decisions through another risk table. Two accounts are kept for each: what was, and what would have been. An order that the
 * table refuses is not filled; what closed a position closes only what there is. An order that was refused by the table alone and would be
 * accepted fills at its quote if it was due at once; what would have waited is not filled, as nobody knows. Refusals by the
 * market, by money and by loss limits stay as they were recorded.
 */
export function openWhatIf(table: WhatIfTable): WhatIf {
  const accounts = new Map<string, PlayedAccount>();
  const quotes = new Map<string, Quote>();
  const caps = capSums();
  const tally = openTally();
  let orders = 0;

  const accountOf = (whose: Whose): PlayedAccount => {
    const known = accounts.get(whose.accountId);
    if (known !== undefined) return known;
    const account: PlayedAccount = { whose, lines: new Map(), leftOut: new Set(), flow: [] };
    accounts.set(whose.accountId, account);
    return account;
  };
  const lineOf = (account: PlayedAccount, instrument: Instrument): PlayedLine => {
    const line = account.lines.get(instrument.id) ?? playedLine(instrument, 0n, null);
    line.instrument = instrument;
    account.lines.set(instrument.id, line);
    return line;
  };

  function order(event: PlayedOrder): void {
    orders += 1;
    const { orderId, at, whose, instrument, intent, quote, refused } = event;
    if (quote !== null) quotes.set(instrument.id, quote);
    if (refused?.isFixed === true || quote === null) return;
    const account = accountOf(whose);
    const line = lineOf(account, instrument);
    const waits = waitsForPrice(intent, quote);
    const ordered = { ...intent, waits };
    const recorded = splitOrder(exposureOf(line.recorded, instrument), ordered);
    const open = { ...ordered, origin: "trader", price: marketPrice(intent, quote) } as const;
    if (refused === null) line.recorded.open.set(orderId, open);
    // An exit goes only as far as there is a position.
    const closes = recorded.closed === 0n ? 0n : closable(line, intent.side, recorded.closed);
    const size = lots(closes + recorded.opened);
    const settings = table.settings(whose.traderId, instrument, at);
    const mates = table.matesOf(whose.accountId).flatMap((id) => accounts.get(id) ?? []);
    const tried = { account, mates, line, at, settings, intent: { ...intent, lots: size }, quote };
    const code = size === 0n ? null : tableRefusal(tried, { quotes, caps, waits });
    const of = { ...whose, instrumentId: instrument.id };
    if (refused === null && code !== null) {
      tally.refused(of, at, code, "added");
      account.leftOut.add(orderId);
      return;
    }
    if (refused !== null && code !== null) return;
    if (refused !== null) tally.refused(of, at, refused.code, "removed");
    noteOrder(account, { at, instrumentId: instrument.id, side: intent.side, lots: intent.lots, type: intent.type });
    caps.change(account, line, () => {
      if (refused === null) line.played.open.set(orderId, { ...open, lots: size });
      else if (!waits) fillUnrecorded(line, { at, side: intent.side, price: open.price, size });
    });
  }

  function fill(event: PlayedFill): void {
    quotes.set(event.instrument.id, event.quote);
    const account = accountOf(event.whose);
    const line = lineOf(account, event.instrument);
    caps.change(account, line, () => bookFill(line, event, account.leftOut.delete(event.orderId)));
  }

  function end({ whose, instrument, orderId }: PlayedEnd): void {
    const account = accountOf(whose);
    const line = lineOf(account, instrument);
    account.leftOut.delete(orderId);
    line.recorded.open.delete(orderId);
    caps.change(account, line, () => void line.played.open.delete(orderId));
  }

  return {
    holds: (whose, instrument, size, openedAt) => {
      const account = accountOf(whose);
      assert(!account.lines.has(instrument.id), `${whose.accountId} holds ${instrument.id} twice`);
      const line = playedLine(instrument, 0n, openedAt);
      account.lines.set(instrument.id, line);
      line.recorded.lots = size;
      caps.change(account, line, () => {
        line.played.lots = size;
      });
    },
    opens: (whose, instrument, orderId, intent) => {
      const account = accountOf(whose);
      const line = lineOf(account, instrument);
      const open = { ...intent, origin: "trader", waits: true, price: ticks(0n) } as const;
      line.recorded.open.set(orderId, open);
      caps.change(account, line, () => void line.played.open.set(orderId, open));
    },
    play: (event) => {
      if (event.kind === "order") order(event);
      else if (event.kind === "fill") fill(event);
      else end(event);
    },
    result: (lastQuotes, tradersMost) => {
      for (const { whose, lines } of accounts.values())
        for (const [instrumentId, line] of lines) {
          const quote = lastQuotes.get(instrumentId) ?? quotes.get(instrumentId);
          const result = (leg: PlayedLine["played"]): bigint => resultOf(leg, line.instrument, quote);
          tally.money(
            { ...whose, instrumentId },
            {
              lotsNotTraded: line.notTraded,
              lossAvoided: result(line.played) - result(line.recorded),
              feesForgone: line.recorded.fees - line.played.fees,
            },
          );
        }
      return tally.result(orders, tradersMost);
    },
  };
}

/** How much of what was closed there is to close in the played account. */
function closable({ played, instrument }: PlayedLine, side: Side, closed: bigint): bigint {
  const most = closableBy(side, project(exposureOf(played, instrument)).position);
  return closed < most ? closed : most;
}

interface Unrecorded {
  readonly at: number;
  readonly side: Side;
  readonly price: Ticks;
  readonly size: Lots;
}

function fillUnrecorded(line: PlayedLine, { at, side, price, size }: Unrecorded): void {
  const fee = minorUnits(size * line.instrument.terms.feePerSide);
  line.notTraded -= size;
  executePlayed(line, { at, side, lots: size, price, fee }, size);
}
