import { type Exposure, project, splitOrder } from "./exposure.ts";
import type { Instrument } from "./instrument.ts";
import type { StandingBreach } from "./loss-state.ts";
import type { OrderIntent } from "./order.ts";
import { marketPrice, waitsForPrice } from "./order-prices.ts";
import { closableBy } from "./reduce.ts";
import { assert } from "./result.ts";
import type { EffectiveSettings } from "./risk-table.ts";
import { type Lots, lots, ticks } from "./units.ts";
import { capSums } from "./what-if-caps.ts";
import { noteOrder, type PlayedAccount, tableRefusal } from "./what-if-checks.ts";
import type { PlayedEnd, PlayedEvent, PlayedFill, PlayedOrder, Whose } from "./what-if-events.ts";
import {
  bookFill,
  endIn,
  exposureOf,
  fillUnrecorded,
  flattenPlayed,
  openIn,
  openOrder,
  type PlayedLine,
  playedLine,
  type Quote,
  resultOf,
} from "./what-if-line.ts";
import { type LossPlay, openLossPlay, type TriedLosses } from "./what-if-losses.ts";
import { type Of, openTally, type WhatIfResult } from "./what-if-tally.ts";

export interface WhatIfTable {
  /** The settings tried, as they would have been for a trader at a time. */
  readonly settings: (traderId: string, instrument: Instrument, at: number) => EffectiveSettings;
  /** Accounts judged together with one, itself not among them. */
  readonly matesOf: (accountId: string) => readonly string[];
  /** False: no settings ever look at earlier orders, so none are remembered. */
  readonly looksAtOrders?: boolean;
  /** Without it no loss limits are tried. An account that is judged together with others keeps what came of theirs. */
  readonly losses?: TriedLosses;
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
 * market and by money stay as they were recorded, and so do loss limits that are not tried.
 */
export function openWhatIf(table: WhatIfTable): WhatIf {
  const accounts = new Map<string, PlayedAccount>();
  const quotes = new Map<string, Quote>();
  const caps = capSums();
  const tally = openTally();
  const tried: PlayedAccount[] = [];
  let sweptAt = Number.NEGATIVE_INFINITY;
  let orders = 0;

  function lossesOf({ accountId, traderId }: Whose): LossPlay | null {
    const { losses } = table;
    if (losses === undefined || !losses.isTried(traderId) || table.matesOf(accountId).length > 0) return null;
    return openLossPlay(losses.startOf(accountId), (at) => losses.rules(traderId, at));
  }

  /** Looks for breaches of its loss limits; one that flattens leaves nothing open. */
  function look(account: PlayedAccount, at: number): void {
    for (const { action } of account.losses?.look(at, quotes) ?? noBreaches) {
      tally.breached();
      if (action === "reduce-only") continue;
      for (const line of account.lines.values()) {
        for (const orderId of flattenPlayed(line, at, quotes.get(line.instrument.id))) account.leftOut.add(orderId);
        caps.count(account.whose, line);
      }
    }
  }

  /** Who neither orders nor is filled is looked at as well, from time to time. */
  function sweep(at: number): void {
    if (at < sweptAt + sweepMs) return;
    sweptAt = at;
    for (const account of tried) if (account.losses?.isExposed() === true) look(account, at);
  }

  function accountOf(whose: Whose): PlayedAccount {
    const known = accounts.get(whose.accountId);
    if (known !== undefined) return known;
    const account: PlayedAccount = { whose, lines: new Map(), leftOut: new Set(), flow: [], losses: lossesOf(whose) };
    if (account.losses !== null) tried.push(account);
    accounts.set(whose.accountId, account);
    return account;
  }

  function matesOf({ whose }: PlayedAccount): readonly PlayedAccount[] {
    const ids = table.matesOf(whose.accountId);
    return ids.length === 0 ? noMates : ids.flatMap((id) => accounts.get(id) ?? []);
  }

  function order(event: PlayedOrder): void {
    orders += 1;
    const { orderId, at, whose, instrument, intent, quote, refused } = event;
    if (quote !== null) quotes.set(instrument.id, quote);
    if (refused?.isFixed === true || quote === null) return;
    const account = accountOf(whose);
    if (refused?.isByLoss === true && account.losses === null) return;
    look(account, at);
    const line = lineOf(account, instrument);
    const waits = waitsForPrice(intent, quote);
    const exposure = exposureOf(line.played, instrument);
    const size = sizeOf(line, exposure, intent, waits);
    const open = openOrder(intent, waits, marketPrice(intent, quote));
    if (refused === null) openIn(line.recorded, orderId, open);
    const settings = table.settings(whose.traderId, instrument, at);
    const sized = size === intent.lots ? intent : { ...intent, lots: size };
    const tried = { account, mates: matesOf(account), line, exposure, at, settings, intent: sized, waits, quote };
    const code = size === 0n ? null : tableRefusal(tried, { quotes, caps });
    if (code !== null) {
      if (refused !== null) return;
      tally.refused(ofOrder(event), at, code, "added");
      account.leftOut.add(orderId);
      return;
    }
    if (refused !== null) tally.refused(ofOrder(event), at, refused.code, "removed");
    if (table.looksAtOrders !== false)
      noteOrder(account, { at, instrumentId: instrument.id, side: intent.side, lots: intent.lots, type: intent.type });
    if (refused === null) openIn(line.played, orderId, size === intent.lots ? open : { ...open, lots: size });
    else if (!waits) fillUnrecorded(line, { at, side: intent.side, price: open.price, size });
    caps.count(whose, line);
  }

  function fill(event: PlayedFill): void {
    quotes.set(event.instrument.id, event.quote);
    const account = accountOf(event.whose);
    const line = lineOf(account, event.instrument);
    // A loss limit that is tried closes by itself, or does not.
    bookFill(
      line,
      event,
      account.leftOut.delete(event.orderId) || (event.isForLoss === true && account.losses !== null),
    );
    caps.count(event.whose, line);
    look(account, event.at);
  }

  function end({ whose, instrument, orderId }: PlayedEnd): void {
    const account = accountOf(whose);
    const line = lineOf(account, instrument);
    account.leftOut.delete(orderId);
    endIn(line.recorded, orderId);
    endIn(line.played, orderId);
    caps.count(whose, line);
  }

  return {
    holds: (whose, instrument, size, openedAt) => {
      const account = accountOf(whose);
      assert(!account.lines.has(instrument.id), `${whose.accountId} holds ${instrument.id} twice`);
      const line = playedLine(instrument, 0n, openedAt, account.losses);
      account.losses?.holds(instrument, size);
      account.lines.set(instrument.id, line);
      line.recorded.lots = size;
      line.played.lots = size;
      caps.count(whose, line);
    },
    opens: (whose, instrument, orderId, intent) => {
      const account = accountOf(whose);
      const line = lineOf(account, instrument);
      const open = openOrder(intent, true, ticks(0n));
      openIn(line.recorded, orderId, open);
      openIn(line.played, orderId, open);
      caps.count(whose, line);
    },
    play: (event) => {
      sweep(event.at);
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

const noMates: readonly PlayedAccount[] = [];
const noBreaches: readonly StandingBreach[] = [];
const sweepMs = 60 * 60_000;

function lineOf(account: PlayedAccount, instrument: Instrument): PlayedLine {
  const known = account.lines.get(instrument.id);
  if (known !== undefined) {
    known.instrument = instrument;
    return known;
  }
  const line = playedLine(instrument, 0n, null, account.losses);
  account.lines.set(instrument.id, line);
  return line;
}

/** The lots that an order has in the played account: what it opened, and what it closed as far as there is something to close. */
function sizeOf(
  line: PlayedLine,
  exposure: Exposure,
  { side, lots: whole, reduceOnly }: OrderIntent,
  waits: boolean,
): Lots {
  const recorded = splitOrder(exposureOf(line.recorded, line.instrument), { side, lots: whole, reduceOnly, waits });
  if (recorded.closed === 0n) return whole;
  const most = closableBy(side, project(exposure).position);
  return lots((recorded.closed < most ? recorded.closed : most) + recorded.opened);
}

const ofOrder = ({ whose: { traderId, tenantId, currency }, instrument }: PlayedOrder): Of => ({
  traderId,
  tenantId,
  instrumentId: instrument.id,
  currency,
});
