import type { OrderAnswer } from "#contracts/trading-api.ts";
import { sessionStateOf } from "../capabilities/market-data/index.ts";
import { type Market, type OrderDesk, placeOrders } from "../capabilities/trading/index.ts";
import type { Shared } from "./shared.ts";

export function marketOf({ catalog, quotes, clock }: Pick<Shared, "catalog" | "quotes" | "clock">): Market {
  return {
    latestTradable: quotes.latestTradable,
    instrument: catalog.get,
    isOpen: (instrument, quote) => sessionStateOf(instrument, quote, clock.now()).open,
  };
}

export interface CountedDesk extends OrderDesk {
  /** Orders this process has refused in the last `seconds` (at most 60). */
  readonly refusedWithin: (seconds: number) => number;
}

/** The one command behind REST and socket, with its answers counted. */
export function openOrderDesk(shared: Shared): CountedDesk {
  const { transact, db, clock, log, metrics } = shared;
  const desk = placeOrders({ transact, readDb: db, market: marketOf(shared), clock }, (error) =>
    log.warn({ err: error }, "an order could not be decided; the client was told to repeat it"),
  );
  const refusals = recentCounts(() => Math.floor(clock.elapsedMs() / 1000));
  const counted = async (deciding: Promise<OrderAnswer>): Promise<OrderAnswer> => {
    const done = metrics.acceptSeconds.startTimer();
    const answer = await deciding;
    done();
    if (!("order" in answer)) refusals.add();
    metrics.orders.inc({ outcome: outcomeOf(answer) });
    return answer;
  };
  return {
    place: (trader, request) => counted(desk.place(trader, request)),
    close: (trader, positionId, request) => counted(desk.close(trader, positionId, request)),
    expectedWaitMs: desk.expectedWaitMs,
    idle: desk.idle,
    refusedWithin: refusals.within,
  };
}

const outcomeOf = (answer: OrderAnswer): string => {
  if (!("order" in answer)) return answer.code;
  return answer.status === 202 ? "accepted" : "repeated";
};

const secondsKept = 60;

/** Counts by second, the last minute of them. */
function recentCounts(second: () => number) {
  const counts = new Map<number, number>();
  return {
    add: (): void => {
      const now = second();
      counts.set(now, (counts.get(now) ?? 0) + 1);
      for (const at of counts.keys()) if (at <= now - secondsKept) counts.delete(at);
    },
    within: (seconds: number): number => {
      const now = second();
      return [...counts].reduce((sum, [at, count]) => (at > now - seconds ? sum + count : sum), 0);
    },
  };
}
