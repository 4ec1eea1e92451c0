import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { TruewickTrader } from "./elements/trader.ts";

/** What a page may know of an order before it is sent. No session, no account secrets. */
export type BeforeOrder =
  | ({ readonly version: 1; readonly kind: "open" } & Pick<
      PlaceOrderRequest,
      "clientOrderId" | "accountId" | "instrument" | "side" | "lots"
    >)
  | {
      readonly version: 1;
      readonly kind: "close";
      readonly accountId: string;
      readonly instrument: string;
      readonly lots: string;
    };

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
    /** An order was accepted, or has ended. */
    "truewick-order": CustomEvent<OrderNews>;
    "truewick-load-error": CustomEvent<LoadError>;
  }
}

/** What the page is told before an order goes. */
export function beforeOrder(request: PlaceOrderRequest | { readonly close: WirePosition }): BeforeOrder {
  if ("close" in request) {
    const { accountId, instrument, lots } = request.close;
    return { version: 1, kind: "close", accountId, instrument, lots };
  }
  const { clientOrderId, accountId, instrument, side, lots } = request;
  return { version: 1, kind: "open", clientOrderId, accountId, instrument, side, lots };
}
