import type { ExposureNews } from "./exposure.ts";
import type { Interval } from "./names.ts";
import type {
  AccountView,
  BarsReply,
  BatchAnswer,
  OrderAnswer,
  PositionAnswer,
  WireBar,
  WireFill,
  WireOrder,
  WirePosition,
  WireQuote,
} from "./trading-api.ts";

/** What a client asks to watch; the ack carries the snapshot. Replaces what it watched before. */
export interface WatchRequest {
  instruments: string[];
  bars: { instrument: string; interval: Interval }[];
  /** Accounts are watched by login: a trader's socket is in the rooms of all his accounts. */
}

export interface WatchSnapshot {
  quotes: WireQuote[];
  bars: BarsReply[];
  /** Room -> `streamSeq` of its last event at this moment; 0 before the first. */
  streams?: Record<string, number>;
}

/**
 * An event's place in its stream (its room), one more than that of the event before. A jump means that events were left
 * out, for a slow reader or a break: watch again and take the snapshot.
 */
export interface InStream {
  streamSeq?: number;
}

/** How the desk runs, once a second: orders that came to these ends, and the open lots of all accounts. */
export interface DeskFlow {
  atMs: number;
  perSecond: OrderFlow;
  perMinute: OrderFlow;
  exposure: { instrument: string; longLots: string; shortLots: string; netLots: string }[];
}

export interface OrderFlow {
  accepted: number;
  filled: number;
  refused: number;
}

export type WatchReply =
  | { status: 200; snapshot: WatchSnapshot }
  | { status: 400 | 429; code: string; message: string; errors?: Record<string, string> };

export interface WireBarEvent {
  instrument: string;
  interval: Interval;
  bar: WireBar;
  /** The bar's time is over; a later event for it is a revision (`rev` rises). */
  final: boolean;
  rev: number;
}

/**
 * What became of an account, in one frame: the orders that changed with their fills, the positions they were in (`lots` "0": closed)
 * and the money after all of it. What was settled together, or while the frame before was being read, is in one.
 */
export interface AccountNews {
  /** Rises when a reader of the version before would misunderstand. */
  v: 1;
  orders: readonly WireOrder[];
  fills: readonly WireFill[];
  positions: readonly WirePosition[];
  balance: AccountView;
}

/** Server to client. Quotes are conflated (last wins); an account's news never is. */
export interface ServerEvents {
  quote: (quote: WireQuote & InStream) => void;
  bar: (bar: WireBarEvent & InStream) => void;
  account: (news: AccountNews) => void;
  /** Terms, trade modes or sessions of instruments, or the state of an account, are other than before: read them again. */
  changed: (what: { resource: "instruments" } | { resource: "accounts"; id: string }) => void;
  /**
   * The session is over (expired, revoked, disabled): log in again. With TOO_MANY_SOCKETS only this socket is: the trader
   * opened more of them than he may, and the oldest went.
   */
  "session-ended": (reason: { code: string }) => void;
  /** This process ends, and with it the connection: come back after so many ms, to whichever process is there then. */
  restarting: (when: { reconnectInMs: number }) => void;
}

/** Server to staff, namespace /desk: every instrument's quotes; orders of everybody for the operator's own staff. */
export interface DeskEvents {
  quote: (quote: WireQuote & InStream) => void;
  order: (order: WireOrder) => void;
  flow: (flow: DeskFlow) => void;
  /** The exposure desk, to who asked for a view of it. */
  exposure: (news: ExposureNews) => void;
  /** Somebody threw or lifted a kill switch: read those in force again. A rehearsal has come further: for the house's own staff. */
  changed: (what: { resource: "kill-switches" } | { resource: "risk-rehearsals"; id: string }) => void;
  "session-ended": (reason: { code: string }) => void;
  restarting: (when: { reconnectInMs: number }) => void;
}

/** What a trader's socket may ask for about orders and positions; each ends in an ack with the answer. */
export const submissionEvents = [
  "order",
  "close",
  "cancel",
  "amend",
  "bracket",
  "reverse",
  "cancel-all",
  "flatten",
] as const;
export type SubmissionEvent = (typeof submissionEvents)[number];

export interface ClientEvents {
  watch: (request: unknown, ack: (reply: WatchReply) => void) => void;
  order: (request: unknown, ack: (answer: OrderAnswer) => void) => void;
  close: (request: unknown, ack: (answer: OrderAnswer) => void) => void;
  cancel: (request: unknown, ack: (answer: OrderAnswer) => void) => void;
  amend: (request: unknown, ack: (answer: OrderAnswer) => void) => void;
  bracket: (request: unknown, ack: (answer: PositionAnswer) => void) => void;
  reverse: (request: unknown, ack: (answer: OrderAnswer) => void) => void;
  "cancel-all": (request: unknown, ack: (answer: BatchAnswer) => void) => void;
  flatten: (request: unknown, ack: (answer: BatchAnswer) => void) => void;
  /** Round trip for the latency light. */
  ping: (ack: (serverMs: number) => void) => void;
}

export const roomOfInstrument = (instrument: string): string => `quotes:${instrument}`;
export const roomOfBars = (instrument: string, interval: Interval): string => `bars:${instrument}:${interval}`;
export const roomOfAccount = (accountId: string): string => `account:${accountId}`;
/** Staff sockets of the back office (namespace /desk) that show live quotes and order flow. */
export const deskRoom = "desk";
