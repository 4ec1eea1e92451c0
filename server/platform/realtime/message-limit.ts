/** Messages a second of one socket; a watch counts as several, since it reads the charts. */
export const messagesPerSecondMax = 20;
export const watchCost = 4;
/** A socket that goes on at this rate is cut off. */
const cutOffPerSecond = 100;

export type Allowance = "ok" | "too-many" | "cut-off";

/** Counts one socket's messages in whole seconds of `elapsedMs`. */
export function messageLimit(elapsedMs: () => number): (cost: number) => Allowance {
  let second = -1;
  let used = 0;
  return (cost) => {
    const now = Math.floor(elapsedMs() / 1_000);
    if (now !== second) {
      second = now;
      used = 0;
    }
    used += cost;
    if (used > cutOffPerSecond) return "cut-off";
    return used > messagesPerSecondMax ? "too-many" : "ok";
  };
}
