import type { OrderAnswer } from "#contracts/trading-api.ts";
import { sessionStateOf } from "../capabilities/market-data/index.ts";
import { type Market, type OrderDesk, placeOrders } from "../capabilities/trading/index.ts";
import type { Metrics } from "../platform/metrics.ts";
import type { Shared } from "./shared.ts";

export function marketOf({ catalog, quotes, clock }: Pick<Shared, "catalog" | "quotes" | "clock">): Market {
  return {
    latestTradable: quotes.latestTradable,
    instrument: catalog.get,
    isOpen: (instrument, quote) => sessionStateOf(instrument, quote, clock.now()).open,
  };
}

/** The one command behind REST and socket, with its answers counted. */
export function openOrderDesk(shared: Shared): OrderDesk {
  const { transact, readDb, clock, log, metrics } = shared;
  const desk = placeOrders({ transact, readDb, market: marketOf(shared), clock }, (error) =>
    log.warn({ err: error }, "an order could not be decided; the client was told to repeat it"),
  );
  return {
    place: (trader, request) => counted(metrics, desk.place(trader, request)),
    close: (trader, positionId, request) => counted(metrics, desk.close(trader, positionId, request)),
    idle: desk.idle,
  };
}

async function counted(metrics: Metrics, deciding: Promise<OrderAnswer>): Promise<OrderAnswer> {
  const done = metrics.acceptSeconds.startTimer();
  const answer = await deciding;
  done();
  metrics.orders.inc({ outcome: "order" in answer ? (answer.status === 202 ? "accepted" : "repeated") : answer.code });
  return answer;
}
