/**
 * Lets long reads run one after the other. Null: so many wait already. Whoever waits is not hurt by the failure of the one before.
 */
export function takingTurns(waitingMax: number): <Value>(run: () => Promise<Value>) => Promise<Value | null> {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (run) => {
    if (waiting >= waitingMax) return null;
    waiting += 1;
    const mine = last.then(run);
    last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  };
}
