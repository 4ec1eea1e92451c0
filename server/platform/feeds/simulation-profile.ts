import type { Instrument } from "#core/instrument.ts";

/**
 * How a simulated instrument behaves. Calibrated to series of real markets (1m bars of ES, GC, 6E and a BTC perpetual, trades of GC and
 * BTCUSDT, quotes of EUR/USD): bursts, repeated prices, clustered volatility, fat tails, volume over two orders of magnitude.
 */
export interface SimulationProfile {
  /** Trades with sizes, or quotes only. */
  readonly kind: "trades" | "quotes";
  /** Standard deviation of 1m returns in basis points of the price. */
  readonly minuteBp: number;
  /** Spread of log-volatility: the part that lasts for hours, and the part of minutes with its minute-to-minute correlation. */
  readonly slowVolatility: number;
  readonly fastVolatility: number;
  readonly fastMemory: number;
  /** Spread of log-activity; it moves with volatility. */
  readonly activitySpread: number;
  /** Of the gaps between ticks: share in the same millisecond, share of short ones and their mean, mean of the long ones at median activity. */
  readonly sameMsShare: number;
  readonly shortShare: number;
  readonly shortMs: number;
  readonly longMs: number;
  /** Chance that the next trade is on the other side of the book. */
  readonly flipShare: number;
  /** Share of quotes that come without any change. */
  readonly restShare: number;
  /** Median spread in basis points of the price (at least a tick), and how much it varies. */
  readonly spreadBp: number;
  readonly spreadSpread: number;
  /** Median trade size in whole or decimal units, and its tail (Pareto exponent: smaller is heavier). */
  readonly sizeUnit: number;
  readonly sizeDecimals: number;
  readonly sizeTail: number;
}

const trades = {
  kind: "trades",
  ...{ sameMsShare: 0.31, shortShare: 0.3, shortMs: 60, longMs: 6_500 },
  ...{ flipShare: 0.3, restShare: 0, spreadBp: 0, spreadSpread: 0 },
  ...{ sizeUnit: 1, sizeDecimals: 0, sizeTail: 2.2 },
} as const;

export const equityIndex: SimulationProfile = {
  ...trades,
  ...{ minuteBp: 1.9, slowVolatility: 0.52, fastVolatility: 0.3, fastMemory: 0.5, activitySpread: 1.6 },
  ...{ longMs: 9_000, flipShare: 0.16, sizeUnit: 4, sizeTail: 1.4 },
};
export const metal: SimulationProfile = {
  ...trades,
  ...{ minuteBp: 2.9, slowVolatility: 0.42, fastVolatility: 0.66, fastMemory: 0.45, activitySpread: 1.25 },
  ...{ spreadBp: 1.5, spreadSpread: 0.3 },
};
export const currencyFuture: SimulationProfile = {
  ...trades,
  ...{ minuteBp: 1.1, slowVolatility: 0.45, fastVolatility: 0.82, fastMemory: 0.45, activitySpread: 1.05 },
  ...{ longMs: 5_000, sizeUnit: 1, sizeTail: 1.5 },
};
export const currencySpot: SimulationProfile = {
  ...currencyFuture,
  kind: "quotes",
  ...{ sameMsShare: 0, shortShare: 0.62, shortMs: 40, longMs: 3_500 },
  ...{ restShare: 0.15, spreadBp: 0.145, spreadSpread: 0.45 },
};
export const metalSpot: SimulationProfile = {
  ...metal,
  kind: "quotes",
  ...{ sameMsShare: 0.05, shortShare: 0.65, shortMs: 25, longMs: 1_400 },
  ...{ restShare: 0, spreadBp: 2.2, spreadSpread: 0.5 },
};
export const crypto: SimulationProfile = {
  ...trades,
  ...{ minuteBp: 8.8, slowVolatility: 0.45, fastVolatility: 0.65, fastMemory: 0.4, activitySpread: 1.1 },
  ...{ sameMsShare: 0.6, shortShare: 0.2, shortMs: 40, longMs: 1_300 },
  ...{ flipShare: 0.2, sizeUnit: 0.01, sizeDecimals: 4, sizeTail: 1.3 },
};

export const cryptoFuture: SimulationProfile = {
  ...crypto,
  ...{ sameMsShare: 0.31, shortShare: 0.3, longMs: 5_000, sizeUnit: 1, sizeDecimals: 0, sizeTail: 1.8 },
};

/** The profile of an instrument, by its class and by whether its bars are made of trades. */
export function profileOf({ assetClass, barPrice, exchange }: Instrument): SimulationProfile {
  const isQuoted = barPrice !== "last";
  switch (assetClass) {
    case "equity-index":
      return equityIndex;
    case "metal":
      return isQuoted ? metalSpot : metal;
    case "energy":
      return { ...metal, minuteBp: 4.5 };
    case "currency":
      return isQuoted ? currencySpot : currencyFuture;
    case "crypto":
      return exchange === "CME" ? cryptoFuture : crypto;
  }
}

/** Where a simulated price begins when none is stored: about where the market stood in autumn 2026, in major units. */
const firstPrices: Readonly<Record<string, string>> = {
  ...{ MES: "6850", MNQ: "25200", M2K: "2450", MYM: "47500", MGC: "4100", MCL: "60", M6E: "1.155", MBT: "90000" },
  ...{ EURUSD: "1.155", XAUUSD: "4095", BTCUSDT: "90000" },
};

/** Ticks that a simulated price begins at. An instrument not listed begins where its margin would be a fifteenth of its value. */
export function firstTicks({ id, terms }: Instrument): number {
  const listed = firstPrices[id];
  const tickSize = Number(terms.price.tickSize) / 10 ** terms.price.decimals;
  if (listed !== undefined) return Math.round(Number(listed) / tickSize);
  return Math.max(1_000, Math.round((Number(terms.initialMargin) * 15) / Number(terms.tickValue)));
}
