import type { AccountView, WireInstrument, WireOrder, WirePosition, WireQuote } from "#contracts/trading-api.ts";

/** MES at CME's terms: tick 0.25, 1.25 USD a tick. */
export const anInstrument = (changes: Partial<WireInstrument> = {}): WireInstrument => ({
  id: "MES",
  name: "Micro E-mini S&P 500",
  assetClass: "equity-index",
  exchange: "CME",
  currency: "USD",
  currencyScale: 2,
  tickSize: "0.25",
  priceDecimals: 2,
  multiplier: "5",
  tickValue: "1.25",
  lotStep: "1",
  minLots: "1",
  maxLotsPerOrder: "50",
  initialMargin: "1320.00",
  maintenanceMargin: "1200.00",
  feePerSide: "0.62",
  termsVersion: 1,
  tradeMode: "full",
  barPrice: "last",
  maxQuoteAgeMs: 10_000,
  session: { open: true, nextOpenAt: null, nextCloseAt: null, zone: "America/Chicago" },
  quote: null,
  ...changes,
});

export const aQuote = (changes: Partial<WireQuote> = {}): WireQuote => ({
  instrument: "MES",
  bid: "5250.00",
  ask: "5250.25",
  last: "5250.25",
  venueAtMs: 0,
  sentAtMs: 0,
  seq: 1,
  source: "simulated",
  flag: null,
  ...changes,
});

export const anAccount = (changes: Partial<AccountView> = {}): AccountView => ({
  id: "22222222-2222-4222-8222-222222222222",
  book: "demo",
  currency: "USD",
  state: "active",
  balance: "10000.00",
  equity: "10000.00",
  held: "0.00",
  available: "10000.00",
  ...changes,
});

export const aPosition = (changes: Partial<WirePosition> = {}): WirePosition => ({
  id: "33333333-3333-4333-8333-333333333333",
  accountId: anAccount().id,
  instrument: "MES",
  side: "long",
  lots: "2",
  averagePrice: "5250.13",
  markPrice: "5250.00",
  unrealizedPnl: "-1.25",
  marginHeld: "2640.00",
  ...changes,
});

export const anOrder = (changes: Partial<WireOrder> = {}): WireOrder => ({
  id: "44444444-4444-4444-8444-444444444444",
  clientOrderId: "w-1",
  accountId: anAccount().id,
  instrument: "MES",
  side: "buy",
  type: "market",
  lots: "1",
  filledLots: "0",
  averageFillPrice: null,
  state: "accepted",
  rejectionCode: null,
  isClose: false,
  acceptedAt: "2026-11-23T10:00:00.000Z",
  doneAt: null,
  ...changes,
});
