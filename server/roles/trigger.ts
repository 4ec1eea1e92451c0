import { applyLosses, type LossWatch, lossWatch } from "../capabilities/losses/index.ts";
import { applyLadder, type LadderPorts, type MarginWatch, marginWatch } from "../capabilities/margin/index.ts";
import { wasOpenAt } from "../capabilities/market-data/index.ts";
import {
  holdStopped,
  joinWatchers,
  keepWithinLimits,
  openCancelling,
  openSettlement,
  startTriggerEngine,
} from "../capabilities/trading/index.ts";
import { probedGauge } from "../platform/metrics.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

/** Part of role `worker`: working orders triggered by the quote stream, by one process of the installation at a time. */
export async function startTriggers(shared: Shared): Promise<RunningRole> {
  const { db, bus, clock, log, metrics, transact, catalog, quotes } = shared;
  const house = houseRules(shared);
  const margins = watchMargins(shared, house);
  const losses = watchLosses(shared, house);
  const cancelling = openCancelling({ announce: bus.publish });
  const engine = startTriggerEngine({
    watchers: joinWatchers([margins.watchers, losses.watchers]),
    ...{ db, bus, clock, log, transact },
    holdBack: holdStopped,
    expire: cancelling.expireWorking,
    keepWithin: keepWithinLimits({
      cancelWorking: cancelling.cancelWorking,
      market: { instrument: catalog.get, latestTradable: quotes.latestTradable },
    }),
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
    margins.accounts,
  );
  probedGauge(
    metrics,
    "truewick_loss_watched_accounts",
    "Accounts with a position whose loss limits are watched.",
    losses.accounts,
  );
  return {
    name: "triggers",
    stop: async () => {
      await engine.stop();
      await margins.stop();
      await losses.stop();
    },
  };
}

/** What both watches close positions by. */
type HouseRules = Pick<LadderPorts, "transact" | "announce" | "settle" | "cancelWorking" | "trades">;

function houseRules({ config, bus, transact, catalog, quotes }: Shared): HouseRules {
  const announce = bus.publish;
  return {
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
  };
}

/** The margin ladder follows the stream that triggers the orders. */
function watchMargins({ db, bus, clock, log, metrics }: Shared, house: HouseRules): MarginWatch {
  const apply = applyLadder({ ...house, onClosed: (positions) => metrics.stopOuts.inc(positions) });
  return marginWatch({ db, bus, clock, log, apply });
}

/** So do the loss limits, behind it. */
function watchLosses({ db, bus, clock, log, metrics }: Shared, house: HouseRules): LossWatch {
  const apply = applyLosses({ ...house, onBreached: (breaches) => metrics.lossBreaches.inc(breaches) });
  return lossWatch({ db, bus, clock, log, apply });
}
