export { applyLadder, type LadderPorts } from "./apply-ladder.ts";
export { type LadderState, loadLadder, type MarkQuote } from "./ladder.store.ts";
export { type MarginWatch, type MarginWatchPorts, marginWatch } from "./margin-watch.ts";
export { type Marks, withMarks } from "./weigh.ts";
