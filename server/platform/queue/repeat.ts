import { setTimeout as wait } from "node:timers/promises";

export interface Repetition {
  /** No further round; resolves when the one that runs has ended. */
  readonly stop: () => Promise<void>;
}

/** Runs a round, rests, runs the next: never two at once. `round` deals with its own errors. */
export function repeat(restMs: number, round: () => Promise<void>): Repetition {
  const ended = new AbortController();
  const running = (async () => {
    while (!ended.signal.aborted) {
      await round();
      // An aborted rest is the end, not an error.
      await wait(restMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      ended.abort();
      await running;
    },
  };
}
