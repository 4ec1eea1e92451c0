import type { Side } from "#contracts/names.ts";
import type { AccountView, WireInstrument, WirePosition } from "#contracts/trading-api.ts";
import { add, smaller, subtract, times, wholeTimes } from "./decimal.ts";

export interface TicketCost {
  readonly margin: string;
  readonly fee: string;
  readonly tickValue: string;
}

/** What `lots` cost in the instrument's currency: margin to open, fee of this side, money per tick. */
export function ticketCost(instrument: WireInstrument, lots: bigint): TicketCost {
  return {
    margin: times(instrument.initialMargin, lots),
    fee: times(instrument.feePerSide, lots),
    tickValue: times(instrument.tickValue, lots),
  };
}

export interface MaxNow {
  readonly lots: bigint;
  readonly boundBy: "available" | "order-limit";
}

/**
 * Most lots that fit now. Lots against an open position are exits and free; beyond them each lot takes margin and fee of
 * what is available, the margin of the closed lots included. The server has the last word: it knows the risk limits too.
 */
export function maxNow(ask: {
  instrument: WireInstrument;
  account: AccountView;
  position: WirePosition | undefined;
  side: Side;
}): MaxNow | null {
  const { instrument, account, position, side } = ask;
  if (account.currency !== instrument.currency) return null;
  const against = position && (position.side === "long") === (side === "sell") ? position : undefined;
  const free = add(available(account), against?.marginHeld ?? "0");
  const perLot = add(instrument.initialMargin, instrument.feePerSide);
  const affordable = (against ? BigInt(against.lots) : 0n) + wholeTimes(free, perLot);
  const limit = BigInt(instrument.maxLotsPerOrder);
  return affordable < limit ? { lots: affordable, boundBy: "available" } : { lots: limit, boundBy: "order-limit" };
}

/** Spendable now: unrealised loss counts at once, unrealised profit never funds a position. */
export const available = (account: AccountView): string =>
  subtract(smaller(account.balance, account.equity), account.held);

/** Nearest lots the instrument allows: at least the minimum, a whole step, at most the maximum of an order. */
export function allowedLots(lots: bigint, instrument: WireInstrument): bigint {
  const step = BigInt(instrument.lotStep);
  const min = BigInt(instrument.minLots);
  const max = BigInt(instrument.maxLotsPerOrder);
  const stepped = (lots / step) * step;
  return stepped < min ? min : stepped > max ? max : stepped;
}
