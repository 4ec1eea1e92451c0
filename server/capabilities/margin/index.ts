export { applyLadder, type LadderPorts } from "./apply-ladder.ts";
export { accountsAtRisk, accountsOfOrders, type LadderState, loadLadder, type MarkQuote } from "./ladder.store.ts";
export { type MarginWatch, type MarginWatchPorts, marginWatch } from "./margin-watch.ts";
export { loadMarks } from "./marks.store.ts";
export { type Marks, markOf, withMarks } from "./weigh.ts";
