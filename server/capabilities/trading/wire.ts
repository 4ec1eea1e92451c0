import type { Book, OrderOrigin, OrderType, Side } from "#contracts/names.ts";
import type { AccountView, WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { ContractTerms } from "#core/instrument.ts";
import { availableFunds } from "#core/margin.ts";
import { absolute, formatAveragePrice, markPrice, positionSide, unrealizedPnl } from "#core/position.ts";
import { assert } from "#core/result.ts";
import {
  divideRounded,
  formatDecimal,
  formatPrice,
  type MinorUnits,
  minorUnits,
  parseDecimal,
  type Ticks,
  ticks,
} from "#core/units.ts";
import type { RiskStanding } from "../risk/index.ts";
import { type AccountRow, type PositionRow, toPosition } from "./accounts.store.ts";
import type { OrderRow } from "./orders.store.ts";

/** Digits of `orders.average_fill_ticks`. */
const averageScale = 8;

/** An order as traders and the widget see it. `terms`: the version the order was accepted under. */
export function toWireOrder(row: OrderRow, terms: ContractTerms): WireOrder {
  return {
    id: row.id,
    clientOrderId: row.client_order_id,
    accountId: row.account_id,
    instrument: row.instrument_id,
    side: row.side,
    type: row.type,
    lots: row.lots.toString(),
    filledLots: row.filled_lots.toString(),
    averageFillPrice: row.average_fill_ticks === null ? null : averageFill(row.average_fill_ticks, terms),
    state: row.state,
    origin: row.origin,
    limitPrice: priceOrNull(row.limit_ticks, terms),
    stopPrice: priceOrNull(row.stop_ticks, terms),
    takeProfitPrice: priceOrNull(row.take_profit_ticks, terms),
    stopLossPrice: priceOrNull(row.stop_loss_ticks, terms),
    timeInForce: row.time_in_force,
    expiresAt: row.expires_at?.toISOString() ?? null,
    rejectionCode: row.rejection_code,
    cancelCode: row.cancel_code,
    trigger: triggerOf(row, terms),
    reduceOnly: row.reduce_only,
    acceptedAt: row.accepted_at.toISOString(),
    doneAt: row.done_at?.toISOString() ?? null,
  };
}

const priceOrNull = (value: bigint | null, terms: ContractTerms): string | null =>
  value === null ? null : formatPrice(ticks(value), terms.price);

function triggerOf(row: OrderRow, terms: ContractTerms): WireOrder["trigger"] {
  const { trigger_quote_seq: seq, trigger_bid_ticks: bid, trigger_ask_ticks: ask } = row;
  const { trigger_venue_at: venueAt, trigger_received_at: receivedAt } = row;
  if (seq === null || bid === null || ask === null || venueAt === null || receivedAt === null) return null;
  return {
    seq: Number(seq),
    bid: formatPrice(ticks(bid), terms.price),
    ask: formatPrice(ticks(ask), terms.price),
    venueAt: venueAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
  };
}

function averageFill(text: string, terms: ContractTerms): string {
  const scaled = parseDecimal(text, averageScale);
  assert(scaled !== null, `average fill ${text}`);
  return formatAveragePrice({ cost: scaled, lots: 10n ** BigInt(averageScale) }, terms.price);
}

export interface FillRow {
  id: bigint;
  order_id: string;
  account_id: string;
  book: Book;
  instrument_id: string;
  terms_version: number;
  side: Side;
  lots: bigint;
  price_ticks: bigint;
  realized_pnl_minor: bigint;
  fee_minor: bigint;
  currency: string;
  currency_scale: number;
  quote_seq: bigint;
  quote_bid_ticks: bigint;
  quote_ask_ticks: bigint;
  quote_venue_at: Date;
  quote_received_at: Date;
  filled_at: Date;
  origin: OrderOrigin;
  type: OrderType;
  stop_ticks: bigint | null;
}

/** The price of a stop order that the market jumped over: it filled at the first quote beyond. A limit order never fills worse. */
function gapOf(row: FillRow): bigint | null {
  if (row.type !== "stop" || row.stop_ticks === null) return null;
  const isWorse = row.side === "buy" ? row.price_ticks > row.stop_ticks : row.price_ticks < row.stop_ticks;
  return isWorse ? row.stop_ticks : null;
}

export function toWireFill(row: FillRow, terms: ContractTerms): WireFill {
  const price = (value: bigint): string => formatPrice(ticks(value), terms.price);
  return {
    id: row.id.toString(),
    orderId: row.order_id,
    accountId: row.account_id,
    instrument: row.instrument_id,
    side: row.side,
    origin: row.origin,
    lots: row.lots.toString(),
    gappedFrom: priceOrNull(gapOf(row), terms),
    price: price(row.price_ticks),
    realizedPnl: formatDecimal(row.realized_pnl_minor, row.currency_scale),
    fee: formatDecimal(row.fee_minor, row.currency_scale),
    currency: row.currency,
    quote: {
      // A sequence is a counter from 1: it stays far below 2^53.
      seq: Number(row.quote_seq),
      bid: price(row.quote_bid_ticks),
      ask: price(row.quote_ask_ticks),
      venueAt: row.quote_venue_at.toISOString(),
      receivedAt: row.quote_received_at.toISOString(),
    },
    filledAt: row.filled_at.toISOString(),
  };
}

type Mark = { readonly bid: Ticks; readonly ask: Ticks } | undefined;

/** Prices of a position's bracket; null: no such leg. */
export interface LegPrices {
  readonly takeProfit: Ticks | null;
  readonly stopLoss: Ticks | null;
}

export const noLegs: LegPrices = { takeProfit: null, stopLoss: null };

/** A position with its live result; without a price the result is unknown (null). A closed one has lots "0". */
export function toWirePosition(row: PositionRow, terms: ContractTerms, mark: Mark, legs: LegPrices): WirePosition {
  const position = toPosition(row);
  const isFlat = position.lots === 0n;
  return {
    id: row.id,
    accountId: row.account_id,
    instrument: row.instrument_id,
    side: positionSide(position),
    lots: absolute(position.lots).toString(),
    averagePrice: isFlat ? formatPrice(ticks(0n), terms.price) : formatAveragePrice(position, terms.price),
    markPrice: mark === undefined ? null : formatPrice(markPrice(position, mark), terms.price),
    unrealizedPnl: mark === undefined ? null : formatDecimal(unrealizedPnl(position, mark, terms), terms.currencyScale),
    marginHeld: formatDecimal(row.margin_minor, terms.currencyScale),
    takeProfitPrice: priceOrNull(legs.takeProfit, terms),
    stopLossPrice: priceOrNull(legs.stopLoss, terms),
  };
}

/**
 * An account's money. `unrealized`: the sum over its positions that have a price; `required`: what their margin lines need;
 * `heldElsewhere`: for withdrawals.
 */
export function toAccountView(
  account: AccountRow,
  money: {
    readonly posted: MinorUnits;
    readonly held: MinorUnits;
    readonly unrealized: MinorUnits;
    readonly required: MinorUnits;
    readonly heldElsewhere: MinorUnits;
  },
  { breaches, excludedUntil }: RiskStanding,
): AccountView {
  const equity = minorUnits(money.posted + money.unrealized);
  const available = availableFunds({ balance: money.posted, equity, held: money.held });
  const write = (amount: bigint): string => formatDecimal(amount, account.currency_scale);
  return {
    id: account.id,
    book: account.book,
    currency: account.currency,
    state: account.state,
    balance: write(money.posted),
    equity: write(equity),
    held: write(money.held),
    available: write(available),
    marginStage: account.margin_stage,
    marginLevel: levelOf(minorUnits(equity - money.heldElsewhere), money.required),
    breaches: breaches.map(({ endsAt, ...one }) => ({ ...one, endsAt: endsAt?.toISOString() ?? null })),
    excludedUntil: excludedUntil?.toISOString() ?? null,
  };
}

/** Margin level in per cent; null: no margin is needed. */
const levelOf = (equity: MinorUnits, required: MinorUnits): string | null =>
  required === 0n ? null : formatDecimal(divideRounded(equity * 10_000n, required), 2);
