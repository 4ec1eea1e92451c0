export { type AccountRow, lockAccounts, type PositionRow } from "./accounts.store.ts";
export { type AdmissionLimits, admission, admissionLimits, type LoadMeasure, type OrderLoad } from "./admission.ts";
export { tryLater } from "./answers.ts";
export { apart } from "./apart.ts";
export { type AvailableMoney, type AvailableOf, openAvailable } from "./available.ts";
export { type Cancelling, type EndedOrder, openCancelling, type WhichWorking } from "./cancel-working.ts";
export { type EndedOrders, endedOrders } from "./ended-orders.ts";
export { fireTriggers, type HoldBack } from "./fire-triggers.ts";
export { holdStopped } from "./hold-stopped.ts";
export { type JoinedAlarm, joinWatchers } from "./join-watchers.ts";
export { findTogether } from "./judged-together.ts";
export { type MarkPositions, type MarkRequest, openMarking, type PositionMark } from "./mark-positions.ts";
export { traderActor } from "./own-order.ts";
export { type CloseRequest, type OrderDesk, placeOrders } from "./place-orders.ts";
export {
  type AcceptPorts,
  type ArrivedQuote,
  type Market,
  type ReadPorts,
  type SettlePorts,
  settleJob,
} from "./ports.ts";
export { isFillCursor, isOrderCursor } from "./reads.store.ts";
export {
  type FillsPage,
  type OrdersPage,
  type PageRequest,
  type SettledView,
  type TradingReads,
  tradingReads,
} from "./reads.ts";
export { type BatchedSettlement, type BatchPorts, settleInBatches } from "./settle-in-batches.ts";
export type { HouseOrder, SettleLocked } from "./settle-locked.ts";
export { type FailedSettlement, type OneByOnePorts, settleOneByOne } from "./settle-one-by-one.ts";
export { openSettlement, type SettledCount, type SettleOrders, settleOrders } from "./settle-orders.ts";
export type { OrderQuote } from "./system-orders.store.ts";
export { type LoadTerms, type TermsBook, termsStore } from "./terms.store.ts";
export { holdEpoch } from "./trigger-cursors.store.ts";
export { startTriggerEngine, type TriggerEngine, type TriggerPorts } from "./trigger-engine.ts";
export type { AlarmIndex, TriggerWatchers } from "./trigger-lead.ts";
export { countDue, type UnsettledPorts, unsettledOrders } from "./unsettled-orders.ts";
export { toWireFill, toWireOrder, toWirePosition } from "./wire.ts";
export { type KeepWithin, keepWithinLimits } from "./within-limits.ts";
export type { AccountResult } from "./write-settlements.ts";
