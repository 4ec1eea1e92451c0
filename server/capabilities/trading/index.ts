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
export { type FailedSettlement, type OneByOnePorts, settleOneByOne } from "./settle-one-by-one.ts";
export { type SettledCount, type SettleOrders, settleOrders } from "./settle-orders.ts";
export { type UnsettledPorts, unsettledOrders } from "./unsettled-orders.ts";
export { toWireFill, toWireOrder, toWirePosition } from "./wire.ts";
