import type { Book, Side } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { Instrument } from "./instrument.ts";
import type { OrderIntent } from "./order.ts";
import type { Lots, MinorUnits, Ticks } from "./units.ts";
import type { Quote } from "./what-if-line.ts";

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
  /**
   * Null: accepted. `isFixed`: it was refused by more than the risk table's checks, so no table would have it accepted; `isByLoss`: by loss limits
   * too, which are tried only for some.
   */
  readonly refused: { readonly code: OrderRefusalCode; readonly isFixed: boolean; readonly isByLoss?: boolean } | null;
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
  /** It closed for a loss limit. */
  readonly isForLoss?: boolean;
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
