import type { TraderIdentity } from "#contracts/identity.ts";
import type {
  AmendOrderRequest,
  BracketRequest,
  CancelAllRequest,
  ClosePositionRequest,
  FlattenRequest,
  PlaceOrderRequest,
  ReversePositionRequest,
} from "#contracts/order-requests.ts";
import type { BatchAnswer, OrderAnswer, PositionAnswer } from "#contracts/trading-api.ts";

/** What a trader may do about orders and positions: one command behind REST and socket. */
export interface OrderCommands {
  readonly place: (trader: TraderIdentity, request: PlaceOrderRequest) => Promise<OrderAnswer>;
  readonly close: (trader: TraderIdentity, positionId: string, request: ClosePositionRequest) => Promise<OrderAnswer>;
  readonly reverse: (
    trader: TraderIdentity,
    positionId: string,
    request: ReversePositionRequest,
  ) => Promise<OrderAnswer>;
  readonly brackets: (trader: TraderIdentity, positionId: string, request: BracketRequest) => Promise<PositionAnswer>;
  readonly cancel: (trader: TraderIdentity, orderId: string) => Promise<OrderAnswer>;
  readonly amend: (trader: TraderIdentity, orderId: string, request: AmendOrderRequest) => Promise<OrderAnswer>;
  readonly cancelAll: (trader: TraderIdentity, request: CancelAllRequest) => Promise<BatchAnswer>;
  readonly flatten: (trader: TraderIdentity, request: FlattenRequest) => Promise<BatchAnswer>;
}
