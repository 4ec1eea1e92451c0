import type { IncomingMessage } from "node:http";
import { Server, type Socket } from "socket.io";
import { type AccountNews, roomOfAccount, roomOfBars, roomOfInstrument, type WireBarEvent } from "#contracts/events.ts";
import type { Quote } from "#core/quote.ts";
import { accountEvents } from "./account-events.ts";
import type { Announcement } from "./announcement.ts";
import { serveDesk } from "./desk-sockets.ts";
import type { GatewayPorts, Settled } from "./gateway-ports.ts";
import { addressCounter, mayConnect } from "./handshake.ts";
import { type StreamRooms, streamRooms } from "./stream-room.ts";
import { serveTraders } from "./trader-sockets.ts";
import { sweepUntold } from "./untold.ts";

export interface Gateway {
  readonly sockets: () => number;
  /** Takes no new sockets, answers the orders that are being taken, tells what is left and cuts all. Leaves the HTTP server open. */
  readonly close: () => Promise<void>;
}

/** Prices are sent at most once in this time a room; the newest wins. */
const windowMs = 100;
const maxMessageBytes = 16 * 1_024;
const socketsPerAddressMax = 200;
const drainPatienceMs = 5_000;
const reconnectWithinMs = 3_000;

/** Socket.IO on the HTTP server: prices to all, an account's news to its trader, orders from him; the desk's stream to staff. */
export function startGateway(ports: GatewayPorts): Gateway {
  const { bus, clock, log } = ports;
  const addresses = addressCounter(ports.socketsPerAddressMax ?? socketsPerAddressMax);
  let isDraining = false;
  const io = new Server(ports.httpServer, {
    path: "/socket.io",
    transports: ["websocket", "polling"],
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: 5_000,
    cors: { origin: (origin, done) => done(null, origin !== undefined && ports.allowedOrigin(origin)) },
    allowRequest: (request: IncomingMessage, done) =>
      done(null, !isDraining && mayConnect(request, ports.allowedOrigin)),
  });
  io.engine.on("connection", (connection) => {
    const address: string = connection.remoteAddress;
    if (!addresses.take(address)) return connection.close(true);
    connection.once("close", () => addresses.giveBack(address));
  });

  const prices = streamRooms(io.of("/"), windowMs, clock.elapsedMs);
  const deskPrices = streamRooms(io.of("/desk"), windowMs, clock.elapsedMs);
  const traders = serveTraders(ports, io.of("/"), prices);
  const desk = serveDesk(ports, io.of("/desk"), deskPrices);
  const news = accountEvents(
    ports.readSettled,
    (accountId, settled) => {
      tellAccount(io, accountId, settled);
      untold.told(settled.orders.flatMap(({ id, doneAt }) => (doneAt === null ? [] : [id])));
      desk.orders(settled.orders);
    },
    (error) => log.error({ err: error }, "a settlement could not be told to its sockets"),
  );
  const isWatched = (accountId: string): boolean => io.of("/").adapter.rooms.has(roomOfAccount(accountId));
  const untold = sweepUntold({
    ended: ports.endedOrders,
    isWatched,
    tell: news.settled,
    clock,
    onError: (error) => log.warn({ err: error }, "looking for ends that nobody was told of failed"),
  });
  const wire = (quote: Quote) => () => ports.wireQuote(quote, clock.now().getTime());

  const hear = (announcement: Announcement): void => {
    switch (announcement.kind) {
      case "quotes":
        for (const quote of newestOf(announcement.quotes)) {
          prices.put(roomOfInstrument(quote.instrumentId), "quote", "", wire(quote));
          desk.quote(quote, wire(quote));
        }
        return;
      case "bars":
        for (const bar of announcement.bars) putBar(prices, bar);
        return;
      case "settled":
        if (isWatched(announcement.accountId) || desk.isWatchingOrders())
          news.settled(announcement.accountId, announcement.orderIds);
        return;
      case "session-ended":
        if (announcement.subjectKind === "trader") traders.sessionEnded(announcement.subjectId, announcement.code);
        else desk.sessionEnded(announcement.subjectId, announcement.code);
        return;
      case "working":
        return;
      case "changed":
        tellChanged(io, announcement);
        desk.changed(announcement.resource, announcement.id);
        return;
    }
  };
  const unsubscribe = bus.subscribe(hear);

  return {
    sockets: () => io.engine.clientsCount,
    close: async () => {
      isDraining = true;
      for (const namespace of [io.of("/"), io.of("/desk")]) tellRestart(namespace.sockets.values());
      const deadlineMs = clock.elapsedMs() + drainPatienceMs;
      while (traders.answering() > 0 && clock.elapsedMs() < deadlineMs)
        await new Promise((done) => setTimeout(done, 10));
      await untold.stop();
      await news.idle();
      unsubscribe();
      traders.stop();
      desk.stop();
      prices.close();
      deskPrices.close();
      // Closed from below, not disconnected: clients take a lost connection for a reason to come back, a disconnect for the end.
      io.engine.close();
    },
  };
}

/** Each client gets a moment of its own to come back at: thousands at once would keep the next process from everything else. */
function tellRestart(sockets: Iterable<Socket>): void {
  for (const socket of sockets)
    socket.emit("restarting", { reconnectInMs: Math.round(Math.random() * reconnectWithinMs) });
}

/** The newest quote of each instrument in a batch: the ones before it were overtaken within the window anyway. */
function newestOf(quotes: readonly Quote[]): Iterable<Quote> {
  const newest = new Map<string, Quote>();
  for (const quote of quotes) newest.set(quote.instrumentId, quote);
  return newest.values();
}

/** The last state of each bar wins; the final one of a bar and the first of the next are two bars, so both are sent. */
const putBar = (prices: StreamRooms, bar: WireBarEvent): void =>
  prices.put(roomOfBars(bar.instrument, bar.interval), "bar", String(bar.bar[0]), () => bar);

const instrumentSources: readonly string[] = [
  "instruments",
  "instrument-terms",
  "session-calendars",
  "kill-switches",
  "contracts",
];

/** Everybody sees instruments; an account's state concerns its own trader alone. After all hearers: the caches are among them. */
function tellChanged(io: Server, { resource, id }: Extract<Announcement, { kind: "changed" }>): void {
  setImmediate(() => {
    if (instrumentSources.includes(resource)) io.of("/").emit("changed", { resource: "instruments" });
    else if (resource === "accounts" && id !== null)
      io.to(roomOfAccount(id)).emit("changed", { resource: "accounts", id });
  });
}

/** One frame: an order costs its trader's socket one write, not four. */
function tellAccount(io: Server, accountId: string, { orders, fills, positions, balance }: Settled): void {
  const news: AccountNews = { v: 1, orders, fills, positions, balance };
  io.to(roomOfAccount(accountId)).emit("account", news);
}
