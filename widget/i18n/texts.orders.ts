import type { MarginStage, OrderOrigin, OrderType, TimeInForce } from "#contracts/names.ts";
import type { OrderCancelCode, OrderRefusalCode } from "#contracts/order-names.ts";

type OrderField = "limitPrice" | "stopPrice" | "expiresAt" | "takeProfit" | "stopLoss";

/** Texts of orders that wait, brackets, lines on the chart, and exits. */
export interface OrderTexts {
  readonly types: Readonly<Record<OrderType, string>>;
  readonly times: Readonly<Record<TimeInForce, string>>;
  readonly origins: Readonly<Record<OrderOrigin, string | null>>;
  readonly cancels: Readonly<Record<OrderCancelCode, string>>;
  readonly stages: Readonly<Record<MarginStage, string>>;
  readonly fields: Readonly<Record<OrderField, string>>;
  readonly units: Readonly<Record<"ticks" | "money" | "price", string>>;
  readonly average: string;
  readonly type: string;
  readonly valid: string;
  readonly reduceOnly: string;
  readonly spreadCost: string;
  readonly lower: (field: string) => string;
  readonly higher: (field: string) => string;
  readonly problems: {
    readonly price: (field: string, tick: string) => string;
    readonly stopSide: (side: "buy" | "sell", market: string) => string;
    readonly leg: (field: string) => string;
    readonly legSide: (field: string, side: "buy" | "sell") => string;
    readonly expiry: string;
    readonly notMarketable: (market: string) => string;
  };
  /** Most lots of each side, and what binds. */
  readonly maxNow: string;
  readonly setMax: (side: string, lots: string) => string;
  readonly boundBy: (why: string) => string;
  readonly boundSetBy: (why: string, setBy: string) => string;
  readonly bounds: Readonly<Partial<Record<OrderRefusalCode, string>>>;
  readonly waits: (type: string, price: string) => string;
  readonly working: string;
  readonly history: string;
  readonly noWorking: string;
  readonly distance: string;
  readonly cancel: string;
  readonly cancelOrder: (what: string) => string;
  readonly cancelAll: string;
  readonly part: (share: string, instrument: string) => string;
  readonly reverse: string;
  readonly reversePosition: (instrument: string) => string;
  readonly flatten: string;
  readonly sureOf: (action: string) => string;
  readonly edit: (what: string) => string;
  readonly add: (what: string) => string;
  readonly remove: (what: string) => string;
  readonly gap: (type: string, price: string, filled: string) => string;
  readonly done: (closed: string, cancelled: string) => string;
  readonly marginLevel: string;
  readonly line: (what: string, lots: string) => string;
  readonly fromMarket: (money: string, ticks: string) => string;
  readonly lineHelp: string;
  readonly send: string;
  readonly sending: string;
}
