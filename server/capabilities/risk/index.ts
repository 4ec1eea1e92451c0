export { type Booked, type BookedBook, bookedResultAt, loadBooked } from "./booked.store.ts";
export { type CancelStoppedPorts, cancelStopped } from "./cancel-stopped.job.ts";
export { type ChangeLine, changeLines, removeLine, setLine, type WantedLine } from "./change-lines.ts";
export { changeSheet } from "./change-sheet.store.ts";
export {
  type ChangeDecision,
  type ChangeRefusal,
  decideChange,
  draftChange,
  lockDraft,
  type NewChange,
  proposeChange,
} from "./changes.ts";
export { changedSettings, type DraftedTable, loadDraftedTable } from "./drafted-table.store.ts";
export { foldOpenLots } from "./fold-open-lots.job.ts";
export { liftKillSwitch, type NewKillSwitch, type ThrowRefusal, throwKillSwitch } from "./kill-switches.ts";
export {
  type AccountLosses,
  type LossStateToWrite,
  loadLossStates,
  type StoredLossState,
  writeLossStates,
} from "./loss-states.store.ts";
export { type FlowBook, loadFlow } from "./order-flow.store.ts";
export { readRecorded } from "./rehearsal-events.store.ts";
export { askRehearsal, type NewRehearsal } from "./rehearsals.store.ts";
export { loadCast, playRehearsals, type RehearsePorts } from "./rehearse.job.ts";
export { riskPath, toldSettings } from "./risk-path.ts";
export { loadRiskTable, type RiskBook } from "./risk-table.store.ts";
export { loadStandings, noStanding, type RiskStanding } from "./standings.store.ts";
export { loadTogether, type TogetherBook } from "./together.store.ts";
export { loadStops, type StopBook } from "./trading-stops.ts";
export {
  createLine,
  insertLine,
  type LimitRefusal,
  type LineNow,
  type LineTarget,
  lockLine,
  saveVersion,
} from "./write-limits.ts";
