import { type Exposure, projectedFunds } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderContext } from "#core/order.ts";
import type { RiskBook, StopBook } from "../risk/index.ts";
import type { Desk } from "./desk.ts";
import type { AcceptPorts, ArrivedQuote } from "./ports.ts";
import type { FactBook } from "./risk-facts.ts";

/** What the operator allows: the risk table and kill switches, and what their checks need to know; loaded once for a batch. */
export interface Rules {
  readonly table: RiskBook;
  readonly stops: StopBook;
  readonly facts: FactBook;
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
  const settings = rules.table.of(account.trader_id, instrument);
  const funds = projectedFunds(instrument.id, { balance, held }, desk.exposures, ports.market.latestTradable);
  const now = ports.clock.now();
  return {
    instrument,
    sessionOpen: ports.market.isOpen(instrument, quote),
    quote: quote ?? null,
    quoteAgeMs: quote === undefined ? null : ports.clock.elapsedMs() - quote.arrivedMs,
    now,
    accountState: account.state,
    marginStage: account.margin_stage,
    stops: rules.stops.of({ accountId: account.id, instrumentId: instrument.id }),
    workingOrders: desk.waiting,
    exposure,
    funds,
    settings,
    risk: rules.facts.of({ desk, instrument, settings, now }),
  };
}
