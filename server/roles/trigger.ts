import { wasOpenAt } from "../capabilities/market-data/index.ts";
import { holdStopped, openCancelling, startTriggerEngine } from "../capabilities/trading/index.ts";
import { probedGauge } from "../platform/metrics.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

/** Part of role `worker`: working orders triggered by the quote stream, by one process of the installation at a time. */
export async function startTriggers(shared: Shared): Promise<RunningRole> {
  const { db, bus, clock, log, metrics, transact, catalog } = shared;
  const engine = startTriggerEngine({
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
  return { name: "triggers", stop: engine.stop };
}
