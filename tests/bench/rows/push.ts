import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build, type Histogram } from "hdr-histogram-js";
import { pino } from "pino";
import { io, type Socket } from "socket.io-client";
import type { WireQuote } from "#contracts/trading-api.ts";
import type { Feed, TickSink } from "#core/feed.ts";
import { ticks } from "#core/units.ts";
import {
  loadInstrumentCatalog,
  openQuoteBook,
  runFeed,
  toWireQuote,
} from "../../../server/capabilities/market-data/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { redisBus } from "../../../server/platform/realtime/bus.ts";
import { startGateway } from "../../../server/platform/realtime/gateway.ts";
import { testDesk } from "../../support/trading.ts";
import type { Benchmark, Row } from "../row.ts";

const sockets = 50;
const ticksPerSecond = 5;
const seconds = 12;
const targetMs = 200;

/**
 * From the moment the venue's tick reaches the feed until a socket client has the quote: stored durably, over Redis, through the
 * gateway. One instrument at a fixed rate, every client watches it.
 */
export const push: Benchmark = {
  rows: ["push"],
  run: async ({ redisUrl, say }) => {
    const latency = await measure(redisUrl);
    const [p50, p99] = [latency.getValueAtPercentile(50) / 1_000, latency.getValueAtPercentile(99) / 1_000];
    say(`${latency.totalCount} quotes delivered: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    const absolute = { unit: "ms", baseline: null, ratio: null, stretch: "", spread: null };
    const note = `${latency.totalCount} deliveries to ${sockets} sockets, one process; feed and gateway share it`;
    const rows: Row[] = [
      { ...absolute, name: "push-p50", value: p50, target: "", met: null, note },
      { ...absolute, name: "push-p99", value: p99, target: `< ${targetMs} ms`, met: p99 < targetMs, note },
    ];
    return rows;
  },
};

async function measure(redisUrl: string): Promise<Histogram> {
  const house = await testDesk();
  const log = pino({ level: "fatal" });
  const bus = redisBus({ url: redisUrl, log, channel: `bench-${randomBytes(6).toString("hex")}` });
  await bus.ready;
  const db = house.db.app;
  const catalog = await loadInstrumentCatalog({ db, bus, now: systemClock.now, onError: () => {} });
  const book = await openQuoteBook({ db, bus, clock: systemClock });
  const httpServer = createServer();
  const gateway = startGateway({
    httpServer,
    bus,
    clock: systemClock,
    log,
    authenticate: () => Promise.resolve(null),
    orders: house.desk,
    endedOrders: async () => ({ orders: [], until: "" }),
    readSettled: house.reads.settled,
    allowedOrigin: () => false,
    latestQuote: book.latest,
    hasInstrument: (id) => catalog.get(id) !== undefined,
    wireQuote: (quote, sentAtMs) => {
      const instrument = catalog.get(quote.instrumentId);
      return instrument === undefined ? null : toWireQuote(quote, instrument.terms.price, sentAtMs);
    },
    bars: () => Promise.resolve(null),
    desk: {
      authenticate: () => Promise.resolve(null),
      flow: () => Promise.reject(new Error("no desk here")),
      exposure: () => ({ ok: false, refusal: "TOO_MANY_VIEWS" }),
    },
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const { port } = httpServer.address() as AddressInfo;
  const latency = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
  const sentAt = new Map<string, number>();
  const watchers = await Promise.all(Array.from({ length: sockets }, () => watcher(port, latency, sentAt)));
  const ended = new AbortController();
  const feed = runFeed({ db, bus, catalog, clock: systemClock, log }, steadyFeed(sentAt), ended.signal);
  await feed.done;
  await lastArrivals();
  ended.abort();
  for (const socket of watchers) socket.disconnect();
  await gateway.close();
  await new Promise<void>((resolve) => httpServer.close(() => resolve()));
  book.close();
  catalog.close();
  await bus.close();
  await house.close();
  return latency;
}

/** What was sent last is on its way for at most two windows. */
const lastArrivals = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

/** Each tick has a bid of its own, by which a client knows when it was sent. */
function steadyFeed(sentAt: Map<string, number>): Feed {
  return {
    name: "bench",
    source: "simulated",
    instrumentIds: ["MES"],
    run: async (sink: TickSink, signal: AbortSignal) => {
      const begun = performance.now();
      for (let number = 0; number < seconds * ticksPerSecond && !signal.aborted; number++) {
        // Open loop: each tick has its planned moment, and latency counts from it.
        const planned = begun + (number * 1_000) / ticksPerSecond;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, planned - performance.now())));
        const bid = ticks(20_000n + BigInt(number) * 4n);
        sentAt.set(`${5_000 + number}.00`, planned);
        await sink([
          {
            instrumentId: "MES",
            bid,
            ask: ticks(bid + 1n),
            last: null,
            lastSize: null,
            venueAtMs: Date.now(),
            isOffTick: false,
          },
        ]);
      }
    },
  };
}

function watcher(port: number, latency: Histogram, sentAt: ReadonlyMap<string, number>): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
  socket.on("quote", (quote: WireQuote) => {
    const sent = sentAt.get(quote.bid);
    if (sent !== undefined) latency.recordValue(Math.max(1, Math.round((performance.now() - sent) * 1_000)));
  });
  return new Promise((resolve, reject) => {
    socket.once("connect_error", reject);
    socket.once("connect", () => {
      socket.emit("watch", { instruments: ["MES"], bars: [] }, () => resolve(socket));
    });
  });
}
