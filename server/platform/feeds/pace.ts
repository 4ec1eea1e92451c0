import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../clock.ts";

/** A standing quote is said again this often, by our clock. */
const repeatMs = 1_000;
/** By venue time: a longer silence is a closed market, not a quiet one, and its quote goes stale. */
const standsMs = 60_000;

/** Maps venue time to our time from the first new tick on. */
export interface Pace {
  readonly isStarted: boolean;
  /** Anchors venue time to now; only the first call counts. */
  readonly start: (venueAtMs: number) => void;
  readonly isDue: (venueAtMs: number) => boolean;
  /** Waits until the tick is due or a quote should be said again (true: the latter). Ends early when the signal comes. */
  readonly waitFor: (venueAtMs: number) => Promise<boolean>;
}

export function paceOf(speed: number | "max", clock: Clock, signal: AbortSignal): Pace {
  let anchor: { venueAtMs: number; elapsedMs: number } | undefined;
  const waitMs = (venueAtMs: number): number => {
    if (anchor === undefined || speed === "max") return 0;
    return anchor.elapsedMs + (venueAtMs - anchor.venueAtMs) / speed - clock.elapsedMs();
  };
  let quietSinceMs = 0;
  return {
    get isStarted() {
      return anchor !== undefined || speed === "max";
    },
    start: (venueAtMs) => {
      anchor ??= { venueAtMs, elapsedMs: clock.elapsedMs() };
      quietSinceMs = clock.elapsedMs();
    },
    isDue: (venueAtMs) => waitMs(venueAtMs) <= 0,
    waitFor: async (venueAtMs) => {
      const remainingMs = waitMs(venueAtMs);
      await sleep(Math.min(remainingMs, repeatMs), undefined, { signal }).catch(() => {});
      const quietMs = (clock.elapsedMs() - quietSinceMs) * (speed === "max" ? 0 : speed);
      return remainingMs > repeatMs && quietMs < standsMs;
    },
  };
}
