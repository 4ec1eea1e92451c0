import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { BatchAnswer, OrderAnswer, WireOrder } from "#contracts/trading-api.ts";
import type { Quote } from "#core/quote.ts";
import { toWireQuote } from "../../server/capabilities/market-data/index.ts";
import { type Clock, systemClock } from "../../server/platform/clock.ts";
import type { OrderCommands } from "../../server/platform/order-commands.ts";
import type { Bus } from "../../server/platform/realtime/announcement.ts";
import { type Gateway, startGateway } from "../../server/platform/realtime/gateway.ts";
import type { GatewayPorts, Settled } from "../../server/platform/realtime/gateway-ports.ts";
import { memoryBus, silentLog } from "./market.ts";

export const ownAccount = "0193a1b2-0000-7000-8000-000000000001";
export const otherAccount = "0193a1b2-0000-7000-8000-000000000002";

export interface TestGateway {
  readonly gateway: Gateway;
  readonly bus: Bus;
  readonly url: string;
  /** Live sessions by token; delete one to end it. */
  readonly sessions: Map<string, TraderIdentity>;
  readonly quotes: Map<string, Quote>;
  readonly placed: unknown[];
  readonly connect: (options?: Partial<ManagerOptions & SocketOptions>) => Socket;
  /** Says that a quote came: it is the newest in the book and announced. */
  readonly say: (quote: Quote) => void;
  readonly close: () => Promise<void>;
}

export const aTrader = (given: Partial<TraderIdentity> = {}): TraderIdentity => ({
  ...{ traderId: randomUUID(), tenantId: 1, name: "Ada", accountIds: [ownAccount] },
  expiresAt: new Date(Date.now() + 3_600_000),
  ...given,
});

export const anOrder = (given: Partial<WireOrder> = {}): WireOrder => ({
  ...{ id: randomUUID(), clientOrderId: "one", accountId: ownAccount, instrument: "MES", side: "buy", type: "market" },
  ...{ lots: "1", filledLots: "0", averageFillPrice: null, state: "accepted", rejectionCode: null, reduceOnly: false },
  ...{ origin: "trader", limitPrice: null, stopPrice: null, takeProfitPrice: null, stopLossPrice: null },
  ...{ timeInForce: "gtc", expiresAt: null, cancelCode: null, trigger: null },
  ...{ acceptedAt: "2024-01-10T12:00:00.000Z", doneAt: null },
  ...given,
});

/** The gateway on a real HTTP server and port, over ports that remember; quotes of MES and MGC. */
export async function aGateway(given: Partial<GatewayPorts> & { clock?: Clock } = {}): Promise<TestGateway> {
  const httpServer: Server = createServer((_request, response) => response.writeHead(404).end());
  const bus = memoryBus();
  const sessions = new Map<string, TraderIdentity>();
  const quotes = new Map<string, Quote>();
  const placed: unknown[] = [];
  const gateway = startGateway({
    httpServer,
    bus,
    clock: systemClock,
    log: silentLog,
    authenticate: async (token) => sessions.get(token) ?? null,
    orders: ordersThatAccept(placed),
    endedOrders: async () => ({ orders: [], until: "" }),
    readSettled: async (wanted) =>
      new Map([...wanted].map(([accountId, orderIds]) => [accountId, aSettled(accountId, orderIds)])),
    allowedOrigin: (origin) => origin === "https://partner.example",
    latestQuote: (id) => quotes.get(id),
    hasInstrument: (id) => id === "MES" || id === "MGC",
    wireQuote: (quote, sentAtMs) => toWireQuote(quote, { tickSize: 25n, decimals: 2 }, sentAtMs),
    bars: async (instrument, interval) => ({ instrument, interval, bars: [[0, 1, 2, 1, 2, 5]], forming: null }),
    desk: {
      authenticate: async () => null,
      flow: async () => {
        const none = { accepted: 0, filled: 0, refused: 0 };
        return { atMs: 0, perSecond: none, perMinute: none, exposure: [] };
      },
      exposure: () => ({ ok: true, value: { stop: () => {} } }),
    },
    ...given,
  });
  await new Promise<void>((listening) => httpServer.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const opened: Socket[] = [];
  return {
    ...{ gateway, bus, url, sessions, quotes, placed },
    connect: (options = {}) => {
      const { path: namespace = "", ...rest } = options;
      const socket = io(`${url}${namespace}`, {
        ...{ transports: ["websocket"], forceNew: true, reconnection: false },
        ...rest,
      });
      opened.push(socket);
      return socket;
    },
    say: (quote) => {
      quotes.set(quote.instrumentId, quote);
      bus.publish({ kind: "quotes", quotes: [quote] });
    },
    close: async () => {
      for (const socket of opened) socket.disconnect();
      await gateway.close();
      await new Promise((closed) => httpServer.close(closed));
    },
  };
}

/** Resolves with the arguments of the next such event. */
export const next = <T = unknown>(socket: Socket, event: string): Promise<T> =>
  new Promise((resolve) => {
    socket.once(event, resolve);
  });

const aSettled = (accountId: string, orderIds: readonly string[]): Settled => ({
  orders: orderIds.map((id) => anOrder({ id, accountId, state: "filled", filledLots: "1" })),
  fills: [],
  positions: [],
  balance: {
    ...{ id: accountId, book: "demo", currency: "USD", state: "active" },
    ...{ balance: "1000.00", equity: "1000.00", held: "0.00", available: "1000.00" },
    ...{ marginStage: "ok", marginLevel: null, breaches: [], excludedUntil: null },
  },
});

/** Accepts whatever it is asked, and keeps what that was. */
export function ordersThatAccept(placed: unknown[]): OrderCommands {
  const accept = (asked: { clientOrderId?: string }, more: Partial<WireOrder> = {}): Promise<OrderAnswer> => {
    placed.push(asked);
    const named = asked.clientOrderId === undefined ? {} : { clientOrderId: asked.clientOrderId };
    return Promise.resolve({ status: 202, order: anOrder({ ...named, ...more }) });
  };
  const all = (asked: unknown): Promise<BatchAnswer> => {
    placed.push(asked);
    return Promise.resolve({ status: 200, cancelled: 0, answers: [] });
  };
  return {
    place: (_trader, request) => accept(request),
    close: (_trader, positionId, request) => accept({ positionId, ...request } as object, { reduceOnly: true }),
    reverse: (_trader, positionId, request) => accept({ positionId, ...request } as object),
    cancel: (_trader, orderId) => accept({ orderId } as object, { state: "cancelled" }),
    amend: (_trader, orderId, request) => accept({ orderId, ...request } as object, { state: "working" }),
    brackets: (_trader, positionId, request) => accept({ positionId, ...request } as object) as Promise<never>,
    cancelAll: (_trader, request) => all(request),
    flatten: (_trader, request) => all(request),
  };
}
