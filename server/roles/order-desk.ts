import type { OrderAnswer } from "#contracts/trading-api.ts";
import { sessionStateOf } from "../capabilities/market-data/index.ts";
import { type Market, type OrderDesk, placeOrders, tryLater } from "../capabilities/trading/index.ts";
import { openOrderGate } from "./order-load.ts";
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
  /** From now on every order is answered 503: it belongs to another process. */
  readonly stopTaking: () => void;
  /** Resolves when what was taken is answered. */
  readonly end: () => Promise<void>;
}

/** The one command behind REST and socket, with its answers counted. */
export function openOrderDesk(shared: Shared): CountedDesk {
  const { transact, db, clock, log, metrics, bus } = shared;
  const desk = placeOrders({ transact, readDb: db, market: marketOf(shared), clock, announce: bus.publish }, (error) =>
    log.warn({ err: error }, "an order could not be decided; the client was told to repeat it"),
  );
  const gate = openOrderGate(shared, desk.expectedWaitMs);
  let isTaking = true;
  const refusals = recentCounts(() => Math.floor(clock.elapsedMs() / 1000));
  const count = (answer: OrderAnswer): void => {
    if (!("order" in answer)) refusals.add();
    else if (answer.status === 202) gate.accepted();
    metrics.orders.inc({ outcome: outcomeOf(answer) });
  };
  const counted = async (deciding: Promise<OrderAnswer>): Promise<OrderAnswer> => {
    const done = metrics.acceptSeconds.startTimer();
    const answer = await deciding;
    done();
    count(answer);
    return answer;
  };
  /** Changes and exits are let through the gate: only a desk that is full, or that ends, sends them away. */
  const whileTaking = <Answer>(run: () => Promise<Answer>): Promise<Answer | ReturnType<typeof tryLater>> =>
    isTaking ? run() : Promise.resolve(tryLater());
  return {
    place: (trader, request) =>
      counted(isTaking && gate.closedBy().length === 0 ? desk.place(trader, request) : Promise.resolve(tryLater())),
    close: (trader, positionId, request) => counted(whileTaking(() => desk.close(trader, positionId, request))),
    reverse: (trader, positionId, request) =>
      counted(
        isTaking && gate.closedBy().length === 0
          ? desk.reverse(trader, positionId, request)
          : Promise.resolve(tryLater()),
      ),
    brackets: (trader, positionId, request) => whileTaking(() => desk.brackets(trader, positionId, request)),
    cancel: (trader, orderId) => whileTaking(() => desk.cancel(trader, orderId)),
    amend: (trader, orderId, request) => whileTaking(() => desk.amend(trader, orderId, request)),
    cancelAll: (trader, request) => whileTaking(() => desk.cancelAll(trader, request)),
    flatten: async (trader, request) => {
      const answer = await whileTaking(() => desk.flatten(trader, request));
      if ("answers" in answer) answer.answers.forEach(count);
      return answer;
    },
    capacity: desk.capacity,
    expectedWaitMs: desk.expectedWaitMs,
    idle: desk.idle,
    refusedWithin: refusals.within,
    stopTaking: () => {
      isTaking = false;
    },
    end: async () => {
      await desk.idle();
      await gate.stop();
    },
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
