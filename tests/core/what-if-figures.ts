import type { Exposure } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import { marginLine } from "#core/margin.ts";
import type { OrderIntent } from "#core/order.ts";
import { marketPrice } from "#core/order-prices.ts";
import type { Held, Together } from "#core/risk-checks.ts";
import type { EffectiveSettings } from "#core/risk-table.ts";
import { type Lots, lots } from "#core/units.ts";
import type { Whose } from "#core/what-if-events.ts";
import type { Quote } from "#core/what-if-line.ts";

export interface Leg {
  size: bigint;
  cash: bigint;
  fees: bigint;
  open: { id: string; intent: OrderIntent; waits: boolean; quote: Quote }[];
}

export interface Line {
  readonly whose: Whose;
  readonly instrument: Instrument;
  readonly recorded: Leg;
  readonly played: Leg;
  notTraded: bigint;
  openedAt: number | null;
  lastHeld: { readonly openedAt: number; readonly heldMs: number } | null;
  houseClosed: { readonly id: string; readonly lots: bigint } | null;
}

export function exposureOf({ size, open }: Leg, { terms }: Instrument): Exposure {
  const waiting = open.filter(({ waits, intent }) => waits && !intent.reduceOnly).map(({ intent }) => intent);
  const pending = open
    .filter(({ waits }) => !waits)
    .map(({ intent, quote }) => ({
      ...{ side: intent.side, lots: intent.lots, reduceOnly: intent.reduceOnly, origin: "trader" as const },
      ...{ price: marketPrice(intent, quote), feePerSide: terms.feePerSide },
    }));
  const resting = { buy: lotsOf(waiting, "buy"), sell: lotsOf(waiting, "sell") };
  const { buys, sells } = opening(open);
  const load = { position: lots(size), pendingBuy: lots(buys), pendingSell: lots(sells) };
  return { terms, position: { lots: lots(size), cost: 0n }, pending, resting, marginHeld: marginLine(load, terms) };
}

const lotsOf = (intents: readonly OrderIntent[], side: OrderIntent["side"]): Lots =>
  lots(intents.reduce((sum, one) => (one.side === side ? sum + one.lots : sum), 0n));

function opening(open: Leg["open"]): { buys: bigint; sells: bigint } {
  const intents = open.map(({ intent }) => intent).filter(({ reduceOnly }) => !reduceOnly);
  return { buys: lotsOf(intents, "buy"), sells: lotsOf(intents, "sell") };
}

export function heldOf({ played, instrument }: Line, quote: Quote | undefined): Held {
  const { buys, sells } = opening(played.open);
  const [long, short] = [played.size + buys, sells - played.size];
  const price = quote === undefined ? 0n : (long > 0n ? long : 0n) > (short > 0n ? short : 0n) ? quote.bid : quote.ask;
  return {
    ...{ instrumentId: instrument.id, assetClass: instrument.assetClass },
    ...{ long: long > 0n ? long : 0n, short: short > 0n ? short : 0n, lotValue: price * instrument.terms.tickValue },
    margin: exposureOf(played, instrument).marginHeld,
  };
}

export function togetherOf(all: readonly Line[]): Together {
  let [long, short] = [0n, 0n];
  for (const { played } of all) {
    const { buys, sells } = opening(played.open);
    long += buys + (played.size > 0n ? played.size : 0n);
    short += sells - (played.size < 0n ? played.size : 0n);
  }
  return { long, short };
}

export const isHere = (one: Line, line: Line): boolean =>
  one.instrument.id === line.instrument.id && one.whose.book === line.whose.book;

export const has = (settings: EffectiveSettings, name: "partnerMaxLots" | "houseMaxLots"): boolean =>
  settings[name] !== undefined ||
  settings[name === "partnerMaxLots" ? "partnerMaxExposure" : "houseMaxExposure"] !== undefined;

export const lookedBack = ({ maxOrdersPerMinute, repeatOrderSeconds }: EffectiveSettings): bigint => {
  const repeat = (repeatOrderSeconds?.value ?? 0n) * 1000n;
  return maxOrdersPerMinute !== undefined && repeat < 60_000n ? 60_000n : repeat;
};
