import { type Exposure, projectedFunds } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderContext } from "#core/order.ts";
import type { LimitBook, StopBook } from "../risk/index.ts";
import type { Desk } from "./desk.ts";
import type { AcceptPorts, ArrivedQuote } from "./ports.ts";

/** What the operator allows: limits and kill switches, loaded once for a batch. */
export interface Rules {
  readonly limits: LimitBook;
  readonly stops: StopBook;
}

/** Everything the core looks at to decide an order of this account in this instrument, as the desk stands now. */
export function contextOf(
  ports: AcceptPorts,
  rules: Rules,
  desk: Desk,
  instrument: Instrument,
  exposure: Exposure,
  quote: ArrivedQuote | undefined,
): OrderContext {
  const { account, balance, held } = desk;
  return {
    instrument,
    sessionOpen: ports.market.isOpen(instrument, quote),
    quote: quote ?? null,
    quoteAgeMs: quote === undefined ? null : ports.clock.elapsedMs() - quote.arrivedMs,
    now: ports.clock.now(),
    accountState: account.state,
    marginStage: account.margin_stage,
    stops: rules.stops.of({ accountId: account.id, instrumentId: instrument.id }),
    workingOrders: desk.waiting,
    exposure,
    funds: projectedFunds(instrument.id, { balance, held }, desk.exposures, ports.market.latestTradable),
    limits: rules.limits.of(account.trader_id, instrument.id),
  };
}
