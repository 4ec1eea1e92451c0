import type { AssetClass, BarPrice } from "#contracts/names.ts";

export interface SeedInstrument {
  readonly id: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly exchange: string;
  readonly calendar: string;
  readonly barPrice: BarPrice;
  /** Quiet contracts pause for longer between quotes than busy ones. */
  readonly maxQuoteAgeMs: number;
  readonly tickSize: string;
  readonly decimals: number;
  /** USD for one point of one lot. */
  readonly multiplier: string;
  /** Minor units of USD for one tick of one lot; the database checks tickSize x multiplier. */
  readonly tickValue: bigint;
  readonly maxLotsPerOrder: bigint;
  /** Minor units of USD a lot. The operator's own, of November 2026: near the exchange's, to be reviewed as it changes them. */
  readonly initialMargin: bigint;
  readonly maintenanceMargin: bigint;
  readonly feePerSide: bigint;
}

/** A price this old is one that others may know better: short enough to be safe, several times a live feed's longest silence. */
const busy = 5_000;
const quiet = 10_000;

const future = { barPrice: "last", maxLotsPerOrder: 100n } as const;
const index = { ...future, assetClass: "equity-index", calendar: "cme-equity-index", feePerSide: 62n } as const;
const spot = { exchange: "OTC", barPrice: "bid", maxQuoteAgeMs: busy } as const;

/** Contract terms of the micro futures: CME Group's specifications. Margins and fees: the operator's defaults. */
export const instruments: readonly SeedInstrument[] = [
  {
    ...index,
    id: "MES",
    name: "Micro E-mini S&P 500",
    exchange: "CME",
    maxQuoteAgeMs: busy,
    tickSize: "0.25",
    decimals: 2,
    multiplier: "5",
    tickValue: 125n,
    initialMargin: 242_000n,
    maintenanceMargin: 220_000n,
  },
  {
    ...index,
    id: "MNQ",
    name: "Micro E-mini Nasdaq-100",
    exchange: "CME",
    maxQuoteAgeMs: busy,
    tickSize: "0.25",
    decimals: 2,
    multiplier: "2",
    tickValue: 50n,
    initialMargin: 363_000n,
    maintenanceMargin: 330_000n,
  },
  {
    ...index,
    id: "M2K",
    name: "Micro E-mini Russell 2000",
    exchange: "CME",
    maxQuoteAgeMs: quiet,
    tickSize: "0.1",
    decimals: 1,
    multiplier: "5",
    tickValue: 50n,
    initialMargin: 104_500n,
    maintenanceMargin: 95_000n,
  },
  {
    ...index,
    id: "MYM",
    name: "Micro E-mini Dow Jones",
    exchange: "CBOT",
    maxQuoteAgeMs: quiet,
    tickSize: "1",
    decimals: 0,
    multiplier: "0.5",
    tickValue: 50n,
    initialMargin: 154_000n,
    maintenanceMargin: 140_000n,
  },
  {
    ...future,
    id: "MGC",
    name: "Micro Gold",
    assetClass: "metal",
    exchange: "COMEX",
    calendar: "cme-metals-energy",
    maxQuoteAgeMs: quiet,
    tickSize: "0.1",
    decimals: 1,
    multiplier: "10",
    tickValue: 100n,
    initialMargin: 198_000n,
    maintenanceMargin: 180_000n,
    feePerSide: 97n,
  },
  {
    ...future,
    id: "MCL",
    name: "Micro WTI Crude Oil",
    assetClass: "energy",
    exchange: "NYMEX",
    calendar: "cme-metals-energy",
    maxQuoteAgeMs: quiet,
    tickSize: "0.01",
    decimals: 2,
    multiplier: "100",
    tickValue: 100n,
    initialMargin: 77_000n,
    maintenanceMargin: 70_000n,
    feePerSide: 97n,
  },
  {
    ...future,
    id: "M6E",
    name: "Micro EUR/USD",
    assetClass: "currency",
    exchange: "CME",
    calendar: "cme-fx-crypto",
    maxQuoteAgeMs: quiet,
    tickSize: "0.0001",
    decimals: 4,
    multiplier: "12500",
    tickValue: 125n,
    initialMargin: 31_900n,
    maintenanceMargin: 29_000n,
    feePerSide: 49n,
  },
  {
    ...future,
    id: "MBT",
    name: "Micro Bitcoin",
    assetClass: "crypto",
    exchange: "CME",
    calendar: "cme-fx-crypto",
    maxQuoteAgeMs: quiet,
    tickSize: "5",
    decimals: 0,
    multiplier: "0.1",
    tickValue: 50n,
    initialMargin: 330_000n,
    maintenanceMargin: 300_000n,
    feePerSide: 237n,
  },
  {
    ...spot,
    id: "EURUSD",
    name: "Euro / US dollar, 1,000 euro",
    assetClass: "currency",
    calendar: "forex",
    tickSize: "0.00001",
    decimals: 5,
    multiplier: "1000",
    tickValue: 1n,
    maxLotsPerOrder: 500n,
    initialMargin: 4_000n,
    maintenanceMargin: 2_000n,
    feePerSide: 4n,
  },
  {
    ...spot,
    id: "XAUUSD",
    name: "Gold / US dollar, 10 ounces",
    assetClass: "metal",
    calendar: "spot-metals",
    tickSize: "0.001",
    decimals: 3,
    multiplier: "10",
    tickValue: 1n,
    maxLotsPerOrder: 100n,
    initialMargin: 200_000n,
    maintenanceMargin: 100_000n,
    feePerSide: 50n,
  },
  {
    // Quoted in USDT, booked in USD one to one: the price difference to the coin is the operator's risk.
    id: "BTCUSDT",
    name: "Bitcoin / Tether, 0.1 bitcoin",
    assetClass: "crypto",
    exchange: "Binance",
    calendar: "crypto",
    barPrice: "last",
    maxQuoteAgeMs: busy,
    tickSize: "0.1",
    decimals: 1,
    multiplier: "0.1",
    tickValue: 1n,
    maxLotsPerOrder: 50n,
    initialMargin: 250_000n,
    maintenanceMargin: 125_000n,
    feePerSide: 300n,
  },
];

/** Limits for everyone until a partner, agent line or trader has others. Null instrument: every one without a line of its own. */
export const defaultLimits: readonly {
  readonly instrument: string | null;
  readonly maxLotsPerOrder: bigint;
  readonly maxPositionLots: bigint;
}[] = [
  { instrument: null, maxLotsPerOrder: 20n, maxPositionLots: 50n },
  { instrument: "EURUSD", maxLotsPerOrder: 200n, maxPositionLots: 500n },
];
