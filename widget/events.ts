import type { AmendOrderRequest, BracketRequest, PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { TruewickTrader } from "./elements/trader.ts";

/** What a page may know of an order before it is sent. No session, no account secrets. */
export type BeforeOrder =
  | ({ readonly version: 1; readonly kind: "open" } & Pick<
      PlaceOrderRequest,
      | "clientOrderId"
      | "accountId"
      | "instrument"
      | "side"
      | "lots"
      | "type"
      | "limitPrice"
      | "stopPrice"
      | "takeProfitPrice"
      | "stopLossPrice"
    >)
  | {
      readonly version: 1;
      readonly kind: "close" | "reverse";
      readonly accountId: string;
      readonly instrument: string;
      readonly lots: string;
    }
  | ({ readonly version: 1 } & ChangeRequest);

/** A change of what waits or is open. Cancelling is never held back: it only makes less. */
export type ChangeRequest =
  | ({ readonly kind: "amend"; readonly orderId: string; readonly instrument: string } & AmendOrderRequest)
  | ({ readonly kind: "bracket"; readonly positionId: string; readonly instrument: string } & BracketRequest)
  | { readonly kind: "flatten"; readonly accountId: string };

export interface OrderNews {
  readonly version: 1;
  readonly order: WireOrder;
}

export interface LoadError {
  readonly version: 1;
  readonly message: string;
}

declare global {
  interface HTMLElementTagNameMap {
    "truewick-trader": TruewickTrader;
  }
  interface HTMLElementEventMap {
    /** The trader is signed in and prices are on screen. */
    "truewick-ready": CustomEvent<{ readonly version: 1 }>;
    /** Cancelable: `preventDefault()` holds the order back. */
    "truewick-before-order": CustomEvent<BeforeOrder>;
    /** An order was accepted, waits for its price, or has ended. */
    "truewick-order": CustomEvent<OrderNews>;
    "truewick-load-error": CustomEvent<LoadError>;
  }
}

/** An exit: lots of a position that are closed, or all of it turned to the other side. */
export interface ExitRequest {
  readonly kind: "close" | "reverse";
  readonly position: WirePosition;
  readonly lots: string;
}

/** What the page is told before an order goes. */
export function beforeOrder(request: PlaceOrderRequest | ExitRequest): BeforeOrder {
  if ("kind" in request) {
    const { accountId, instrument } = request.position;
    return { version: 1, kind: request.kind, accountId, instrument, lots: request.lots };
  }
  const { quotedPrice: _seen, maxSlippageTicks: _bound, timeInForce: _time, ...told } = request;
  return { version: 1, kind: "open", ...told };
}
