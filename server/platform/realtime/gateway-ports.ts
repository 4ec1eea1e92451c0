import type { Server as HttpServer, IncomingHttpHeaders } from "node:http";
import type { Logger } from "pino";
import type { DeskFlow } from "#contracts/events.ts";
import type { StaffIdentity, TraderIdentity } from "#contracts/identity.ts";
import type { Interval } from "#contracts/names.ts";
import type { AccountView, BarsReply, WireFill, WireOrder, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import type { Quote } from "#core/quote.ts";
import type { Clock } from "../clock.ts";
import type { OrderCommands } from "../order-commands.ts";
import type { Bus } from "./announcement.ts";
import type { WatchExposure } from "./desk-exposure.ts";
import type { ReadEnded } from "./untold.ts";

/** What an account's sockets are told after a settlement. */
export interface Settled {
  readonly orders: readonly WireOrder[];
  readonly fills: readonly WireFill[];
  readonly positions: readonly WirePosition[];
  readonly balance: AccountView;
}

export interface GatewayPorts {
  /** What a trader's socket may ask for, the same as over REST. */
  readonly orders: OrderCommands;
  readonly httpServer: HttpServer;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "error">;
  /** Null: not, or no longer, a trader's session. Asked again at each order and once a minute. */
  readonly authenticate: (accessToken: string) => Promise<TraderIdentity | null>;
  /** Account -> what became of these orders of it. */
  readonly readSettled: (wanted: ReadonlyMap<string, readonly string[]>) => Promise<ReadonlyMap<string, Settled>>;
  /** For the ends of orders whose announcement was lost. */
  readonly endedOrders: ReadEnded;
  /** Whether a page of this origin may connect; our own origin always may. */
  readonly allowedOrigin: (origin: string) => boolean;
  readonly latestQuote: (instrument: string) => Quote | undefined;
  readonly hasInstrument: (instrument: string) => boolean;
  readonly wireQuote: (quote: Quote, sentAtMs: number) => WireQuote | null;
  /** The last bars of a chart; null: no such instrument. */
  readonly bars: (instrument: string, interval: Interval) => Promise<BarsReply | null>;
  readonly desk: {
    /** Staff by the cookie of the handshake. */
    readonly authenticate: (headers: IncomingHttpHeaders) => Promise<StaffIdentity | null>;
    readonly flow: () => Promise<DeskFlow>;
    readonly exposure: WatchExposure;
  };
  /** Sockets that one address may hold; connections from this machine are not counted. */
  readonly socketsPerAddressMax?: number;
}
