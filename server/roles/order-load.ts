import { monitorEventLoopDelay } from "node:perf_hooks";
import { admission, admissionLimits, countDue, type LoadMeasure } from "../capabilities/trading/index.ts";
import { probedGauges } from "../platform/metrics.ts";
import { repeat } from "../platform/queue/repeat.ts";
import type { Shared } from "./shared.ts";

/** Whether this process can take another order. */
export interface OrderGate {
  /** Which limits forbid it now; none: it is taken. */
  readonly closedBy: () => readonly LoadMeasure[];
  /** An order was accepted here: it is due, though the next count has not seen it. */
  readonly accepted: () => void;
  readonly stop: () => Promise<void>;
}

const countEveryMs = 1_000;
const loopResolutionMs = 10;
const nanosPerMs = 1e6;

/** Watches the load of this process and, once a second, what is due in the database. */
export function openOrderGate(shared: Shared, waitMs: () => number): OrderGate {
  const { db, log, metrics, config } = shared;
  const gate = admission(admissionLimits(config.ordersDueMax));
  const loop = monitorEventLoopDelay({ resolution: loopResolutionMs });
  loop.enable();
  let loopDelayMs = 0;
  let due = 0;
  let acceptedSince = 0;
  const counting = repeat(countEveryMs, async () => {
    loopDelayMs = loop.count > 0 ? Math.max(0, loop.mean / nanosPerMs - loopResolutionMs) : 0;
    loop.reset();
    try {
      const seen = acceptedSince;
      due = await countDue({ readDb: db }, config.ordersDueMax);
      acceptedSince -= seen;
    } catch (error) {
      log.warn({ err: error }, "the orders that are due could not be counted");
    }
  });
  const closedBy = (): readonly LoadMeasure[] => gate({ waitMs: waitMs(), due: due + acceptedSince, loopDelayMs });
  probedGauges(
    metrics,
    "truewick_order_gate_closed",
    "1: new orders are refused for this reason (waitMs, due, loopDelayMs).",
    "limit",
    () => new Map(closedBy().map((measure) => [measure, 1])),
  );
  return {
    closedBy,
    accepted: () => {
      acceptedSince += 1;
    },
    stop: async () => {
      loop.disable();
      await counting.stop();
    },
  };
}
