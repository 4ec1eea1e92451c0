/** The seam for time: nothing else reads the wall clock. Money times come from the database. */
export interface Clock {
  readonly now: () => Date;
  /** Milliseconds that only rise, for durations and ages. */
  readonly elapsedMs: () => number;
}

export const systemClock: Clock = { now: () => new Date(), elapsedMs: () => performance.now() };
