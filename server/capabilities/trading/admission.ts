/** What tells, before anything degrades, that more orders come than can be dealt with. */
export interface OrderLoad {
  /** How long, in ms, an order that arrives now waits for its decision. */
  readonly waitMs: number;
  /** Orders of the whole installation that are due for settlement. */
  readonly due: number;
  /** By how much, in ms, this process is late with everything it does. */
  readonly loopDelayMs: number;
}

export type LoadMeasure = keyof OrderLoad;

/** New orders are refused from `closeAt` on, and taken again once it is below `openBelow`. */
export type AdmissionLimits = Readonly<Record<LoadMeasure, { readonly closeAt: number; readonly openBelow: number }>>;

/** `dueMax`: orders that may be due at once; settlement must be able to end them well before they have waited too long. */
export const admissionLimits = (dueMax: number): AdmissionLimits => ({
  waitMs: { closeAt: 2_000, openBelow: 1_000 },
  due: { closeAt: dueMax, openBelow: Math.ceil(dueMax * 0.7) },
  loopDelayMs: { closeAt: 250, openBelow: 100 },
});

const measures: readonly LoadMeasure[] = ["waitMs", "due", "loopDelayMs"];

/**
 * The gate in front of new orders: tells which measures are over their limits now. It shuts at once and opens again only a
 * good way below, so that it does not flutter at the limit.
 */
export function admission(limits: AdmissionLimits): (load: OrderLoad) => readonly LoadMeasure[] {
  const over = new Set<LoadMeasure>();
  return (load) => {
    for (const measure of measures) {
      const { closeAt, openBelow } = limits[measure];
      if (load[measure] >= closeAt) over.add(measure);
      else if (load[measure] < openBelow) over.delete(measure);
    }
    return [...over];
  };
}
