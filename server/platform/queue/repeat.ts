export interface Repetition {
  /** Ends the rest that is going on: the next round begins now, or right after the one that runs. */
  readonly wake: () => void;
  /** No further round; resolves when the one that runs has ended. */
  readonly stop: () => Promise<void>;
}

/** Runs a round, rests, runs the next: never two at once. `round` deals with its own errors. */
export function repeat(restMs: number, round: () => Promise<void>): Repetition {
  let isStopped = false;
  let isWoken = false;
  let endRest = (): void => {};

  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      if (isWoken || isStopped) return resolve();
      const timer = setTimeout(resolve, restMs);
      timer.unref();
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const running = (async () => {
    while (!isStopped) {
      isWoken = false;
      await round();
      await rest();
    }
  })();
  return {
    wake: () => {
      isWoken = true;
      endRest();
    },
    stop: async () => {
      isStopped = true;
      endRest();
      await running;
    },
  };
}
