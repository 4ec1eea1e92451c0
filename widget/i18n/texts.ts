import type { AccountState, Book, OrderState, PositionSide, QuoteSource, Side } from "#contracts/names.ts";
import type { OrderRefusalCode, OrderRejectionCode, RiskRefusalCode } from "#contracts/order-names.ts";
import type { OrderTexts } from "./texts.orders.ts";

/** What a refusal text may name: figures already written for the reader; null where the answer did not carry them. */
export interface RefusalFacts {
  readonly instrument: string;
  readonly limit: string | null;
  readonly value: string | null;
  /** Who set the limit, in words. */
  readonly setBy: string | null;
  /** The figures are of all accounts of the reader. */
  readonly together: boolean;
  readonly nextOpen: string | null;
}

export type LimitSource = "terms" | "default" | "partner" | "agent" | "group" | "trader" | "self" | "account";
export type RefusalCode = OrderRefusalCode | OrderRejectionCode;
/** Those of the risk table are loaded when a trader is there: see risk-refusals.ts. */
export type RefusalTexts = Readonly<Record<Exclude<RefusalCode, RiskRefusalCode>, (facts: RefusalFacts) => string>>;

/** Every text of the widget. A language is a value of this type, so a missing text does not compile. */
export interface Texts {
  readonly widgetName: string;
  readonly sides: Readonly<Record<Side, string>>;
  readonly positionSides: Readonly<Record<PositionSide, string>>;
  readonly books: Readonly<Record<Book, string>>;
  readonly orderStates: Readonly<Record<OrderState, string>>;
  readonly accountStates: Readonly<Record<AccountState, string>>;
  /** Null for venues whose prices need no label. */
  readonly sources: Readonly<Record<QuoteSource, string | null>>;
  readonly sourceHelp: Readonly<Record<"simulated" | "replay", string>>;
  readonly limitSources: Readonly<Record<LimitSource, string>>;
  readonly refusals: RefusalTexts;
  readonly orders: OrderTexts;
  readonly login: {
    readonly title: string;
    readonly email: string;
    readonly password: string;
    readonly submit: string;
    readonly busy: string;
    readonly wrong: string;
    readonly expired: string;
    readonly unreachable: string;
    readonly signOut: string;
    readonly retry: string;
  };
  readonly header: {
    readonly chooseInstrument: string;
    readonly search: string;
    readonly noInstrument: (query: string) => string;
    readonly account: string;
    readonly changeHelp: string;
    readonly open: string;
    readonly closed: string;
    readonly halted: string;
    readonly closeOnly: string;
    readonly longOnly: string;
    readonly shortOnly: string;
  };
  readonly light: {
    readonly live: string;
    readonly stale: string;
    readonly connecting: string;
    readonly displaced: string;
    readonly reconnecting: (seconds: number) => string;
    readonly closed: string;
    readonly roundTrip: (ms: number) => string;
  };
  readonly chart: {
    readonly label: (instrument: string, interval: string) => string;
    readonly intervals: string;
    readonly loading: string;
    readonly empty: string;
    readonly failed: string;
    readonly retry: string;
    readonly zoomIn: string;
    readonly zoomOut: string;
    readonly latest: string;
    readonly closesIn: (left: string) => string;
    readonly open: string;
    readonly high: string;
    readonly low: string;
    readonly close: string;
    readonly volume: string;
    readonly price: string;
  };
  readonly ticket: {
    readonly label: string;
    readonly bid: string;
    readonly ask: string;
    readonly spread: string;
    readonly lots: string;
    readonly fewer: string;
    readonly more: string;
    readonly slippage: string;
    readonly ticks: (count: string) => string;
    readonly margin: string;
    readonly fee: string;
    readonly oneTick: string;
    readonly maxNow: (lots: string) => string;
    readonly boundByAvailable: string;
    readonly boundByOrderLimit: string;
    readonly confirmSide: (action: string, lots: string) => string;
    readonly reviewSide: (action: string, lots: string, instrument: string, price: string) => string;
    readonly cancel: string;
    readonly oneClick: string;
    readonly oneClickOn: string;
    readonly oneClickConsent: string;
    readonly oneClickAgree: string;
    readonly keepConfirm: string;
  };
  readonly blocked: {
    readonly signedOut: string;
    readonly loading: string;
    readonly offline: string;
    readonly displaced: string;
    readonly takeOver: string;
    readonly noQuote: string;
    readonly stale: string;
    readonly closed: (nextOpen: string | null) => string;
    readonly halted: string;
    readonly closeOnly: string;
    readonly accountDisabled: string;
    readonly accountCloseOnly: string;
    readonly insufficient: (needed: string, available: string) => string;
    readonly lotsRange: (min: string, max: string, step: string) => string;
    readonly busy: string;
  };
  readonly life: {
    readonly placing: string;
    readonly accepted: string;
    readonly filled: (lots: string, price: string, ms: string) => string;
    readonly refused: (reason: string) => string;
    readonly rejected: (reason: string) => string;
    readonly unknown: string;
    readonly vetoed: string;
    readonly tooFast: string;
    readonly unavailable: string;
    readonly conflict: string;
    readonly other: (code: string) => string;
  };
  readonly desk: {
    readonly label: string;
    readonly positions: string;
    readonly orders: string;
    readonly fills: string;
    readonly account: string;
    readonly signedOut: string;
    readonly noPositions: string;
    readonly noOrders: string;
    readonly noFills: string;
    readonly instrument: string;
    readonly side: string;
    readonly lots: string;
    readonly average: string;
    readonly mark: string;
    readonly profit: string;
    readonly margin: string;
    readonly close: string;
    readonly closePosition: (instrument: string) => string;
    readonly confirmClose: string;
    readonly state: string;
    readonly price: string;
    readonly fee: string;
    readonly realized: string;
    readonly time: (zone: string) => string;
    readonly more: string;
    readonly balance: string;
    readonly equity: string;
    readonly held: string;
    readonly available: string;
    readonly unrealized: string;
    readonly accountState: string;
    readonly failed: string;
  };
  readonly keys: { readonly open: string };
  readonly sheet: { readonly more: string; readonly less: string };
  readonly announce: { readonly price: (instrument: string, bid: string, ask: string) => string };
  readonly problem: { readonly noSession: string; readonly load: string };
}
