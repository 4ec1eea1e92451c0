export { applyLadder, type LadderPorts } from "./apply-ladder.ts";
export type { MarkQuote } from "./ladder.store.ts";
export { type MarginWatch, type MarginWatchPorts, marginWatch } from "./margin-watch.ts";
export type { Marks } from "./weigh.ts";
