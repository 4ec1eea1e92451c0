import type { AccountState, Side } from "#contracts/names.ts";
import { type Exposure, lineOf, noExposure, type PendingOrder, projectedFunds } from "#core/exposure.ts";
import type { ContractTerms, Instrument } from "#core/instrument.ts";
import { noStops } from "#core/kill-switch.ts";
import type { OrderContext, OrderIntent } from "#core/order.ts";
import type { Position } from "#core/position.ts";
import { noRiskFacts } from "#core/risk-checks.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";

/** MES: $5 x index, tick 0.25 = $1.25; margin and fee are this operator's own. */
export const mesTerms: ContractTerms = {
  version: 1,
  currency: "USD",
  currencyScale: 2,
  price: { tickSize: 25n, decimals: 2 },
  tickValue: minorUnits(125n),
  multiplier: "5",
  lotStep: lots(1n),
  minLots: lots(1n),
  maxLotsPerOrder: lots(50n),
  initialMargin: minorUnits(10_000n),
  maintenanceMargin: minorUnits(8_000n),
  feePerSide: minorUnits(62n),
};

export const mes: Instrument = {
  id: "MES",
  name: "Micro E-mini S&P 500",
  assetClass: "equity-index",
  exchange: "CME",
  calendar: { id: "always", zone: "UTC", tradeDateCut: "00:00", sessions: [], holidays: [] },
  barPrice: "last",
  tradeMode: "full",
  maxQuoteAgeMs: 5000,
  terms: mesTerms,
};

export const aPosition = (size: bigint, price: bigint): Position => ({ lots: lots(size), cost: size * price });

/** An order that is due and not settled yet. */
export const aPending = (side: Side, size: bigint, more: Partial<PendingOrder> = {}): PendingOrder => ({
  side,
  lots: lots(size),
  price: ticks(20_000n),
  reduceOnly: false,
  origin: "trader",
  feePerSide: mesTerms.feePerSide,
  ...more,
});

/** A position with its orders, all of its margin line held. */
export function anExposure(
  size: bigint,
  price: bigint,
  pending: PendingOrder[] = [],
  resting: { buy?: bigint; sell?: bigint } = {},
): Exposure {
  const waits = { buy: lots(resting.buy ?? 0n), sell: lots(resting.sell ?? 0n) };
  const exposure = { ...noExposure(mesTerms), position: aPosition(size, price), pending, resting: waits };
  return { ...exposure, marginHeld: lineOf(exposure) };
}

export const anIntent = (side: Side, size: bigint, more: Partial<OrderIntent> = {}): OrderIntent => ({
  side,
  lots: lots(size),
  type: "market",
  limitPrice: null,
  stopPrice: null,
  timeInForce: "gtc",
  expiresAt: null,
  takeProfit: null,
  stopLoss: null,
  offTick: [],
  reduceOnly: false,
  quotedPrice: null,
  maxSlippageTicks: null,
  ...more,
});

export interface ContextOptions {
  readonly exposure?: Exposure;
  readonly balance?: bigint;
  readonly bid?: bigint;
  readonly ask?: bigint;
  readonly accountState?: AccountState;
  readonly more?: Partial<OrderContext>;
}

/** A market that is open, a quote of 20,000 / 20,001 ticks, and $1,000 in the account. */
export function aContext(options: ContextOptions = {}): OrderContext {
  const { exposure = noExposure(mesTerms), balance = 100_000n, bid = 20_000n, ask = 20_001n } = options;
  const quote = { bid: ticks(bid), ask: ticks(ask) };
  const money = { balance: minorUnits(balance), held: exposure.marginHeld };
  return {
    instrument: mes,
    sessionOpen: true,
    quote,
    quoteAgeMs: 100,
    now: new Date("2026-11-23T15:00:00Z"),
    accountState: options.accountState ?? "active",
    marginStage: "ok",
    stops: noStops,
    workingOrders: exposure.pending.length,
    exposure,
    funds: projectedFunds("MES", money, new Map([["MES", exposure]]), () => quote),
    settings: {},
    risk: noRiskFacts,
    ...options.more,
  };
}
