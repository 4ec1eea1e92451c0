import { applyLadder, type MarginWatch, marginWatch } from "../capabilities/margin/index.ts";
import { wasOpenAt } from "../capabilities/market-data/index.ts";
import { holdStopped, openCancelling, openSettlement, startTriggerEngine } from "../capabilities/trading/index.ts";
import { probedGauge } from "../platform/metrics.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

/** Part of role `worker`: working orders triggered by the quote stream, by one process of the installation at a time. */
export async function startTriggers(shared: Shared): Promise<RunningRole> {
  const { db, bus, clock, log, metrics, transact, catalog } = shared;
  const watch = watchMargins(shared);
  const engine = startTriggerEngine({
    watchers: watch.watchers,
    ...{ db, bus, clock, log, transact },
    holdBack: holdStopped,
    expire: openCancelling({ announce: bus.publish }).expireWorking,
    isOpen: (quote) => {
      const instrument = catalog.get(quote.instrumentId);
      return instrument !== undefined && wasOpenAt(instrument, quote);
    },
    onFired: (orders) => metrics.triggers.inc(orders),
  });
  const { status } = engine;
  probedGauge(metrics, "truewick_trigger_leads", "1 where this process triggers the working orders.", () =>
    status().leads ? 1 : 0,
  );
  probedGauge(metrics, "truewick_trigger_waiting_orders", "Orders that wait in the index.", () => status().waiting);
  probedGauge(metrics, "truewick_trigger_lag_ms", "How long the oldest quote waits to be tried.", () => status().lagMs);
  probedGauge(
    metrics,
    "truewick_margin_watched_accounts",
    "Accounts with a position that are watched.",
    watch.accounts,
  );
  return {
    name: "triggers",
    stop: async () => {
      await engine.stop();
      await watch.stop();
    },
  };
}

/** The margin ladder follows the stream that triggers the orders. */
function watchMargins({ config, db, bus, clock, log, metrics, transact, catalog, quotes }: Shared): MarginWatch {
  const announce = bus.publish;
  const apply = applyLadder({
    ...{ transact, announce },
    settle: openSettlement({ announce, maxQueueMs: config.orderQueueMaxMs, shard: config.workerShard }),
    cancelWorking: openCancelling({ announce }).cancelWorking,
    trades: (instrumentId, mark, at) => {
      const [instrument, newest] = [catalog.get(instrumentId), quotes.latest(instrumentId)];
      if (instrument === undefined || newest === undefined || instrument.tradeMode === "halted") return false;
      // Not at the last price before a break or a silence: what is closed then waits for the next quote.
      const ageMs = at.getTime() - mark.receivedAt.getTime();
      const venueAt = new Date(mark.venueAt.getTime() + ageMs);
      return (
        ageMs <= instrument.maxQuoteAgeMs && wasOpenAt(instrument, { ...newest, ...mark, venueAt, receivedAt: at })
      );
    },
    onClosed: (positions) => metrics.stopOuts.inc(positions),
  });
  return marginWatch({ db, bus, clock, log, apply });
}
