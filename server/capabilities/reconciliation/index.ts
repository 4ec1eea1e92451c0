export { type AskRunRefusal, askRun, performAsked } from "./ask-run.ts";
export { type ClosedRuns, foreseeForClose, performForClose } from "./close-runs.ts";
export type { AskedChannels, ReconcileDeps, Reconciled } from "./ports.ts";
export { incompleteChannels, type RunFigures } from "./runs.store.ts";
export { overdueTasks } from "./tasks.store.ts";
export { claimTask, noteTask, reopenTask, resolveTask, type TaskRefusal, type WantedResolution } from "./work-task.ts";
