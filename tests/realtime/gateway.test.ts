import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AccountNews, WatchReply, WireBarEvent } from "#contracts/events.ts";
import type { OrderAnswer, WireQuote } from "#contracts/trading-api.ts";
import { ticks } from "#core/units.ts";
import { aGateway, anOrder, aTrader, next, otherAccount, ownAccount, type TestGateway } from "../support/gateway.ts";
import { aQuote } from "../support/market.ts";

let server: TestGateway;
beforeEach(async () => {
  server = await aGateway();
});
afterEach(async () => {
  await server.close();
});

const quoteOf = (seq: bigint, instrumentId = "MES") =>
  aQuote({ instrumentId, seq, bid: ticks(seq), ask: ticks(seq + 1n) });
const request = {
  ...{ clientOrderId: "one", accountId: ownAccount, instrument: "MES", side: "buy", type: "market", lots: "1" },
};
type Streamed = WireQuote & { streamSeq: number };

async function login(token = "token-of-ada", trader = aTrader()) {
  server.sessions.set(token, trader);
  const socket = server.connect({ auth: { accessToken: token } });
  await next(socket, "connect");
  return socket;
}

describe("prices", () => {
  test("a guest gets the snapshot, then the stream that follows it", async () => {
    server.say(quoteOf(7n));
    const guest = server.connect();
    const reply: WatchReply = await guest.emitWithAck("watch", {
      instruments: ["MES"],
      bars: [{ instrument: "MES", interval: "1m" }],
    });
    expect(reply).toMatchObject({
      status: 200,
      snapshot: {
        quotes: [{ instrument: "MES", bid: "1.75", ask: "2.00", seq: 7, source: "simulated" }],
        bars: [{ instrument: "MES", interval: "1m", bars: [[0, 1, 2, 1, 2, 5]], forming: null }],
        streams: { "quotes:MES": 0, "bars:MES:1m": 0 },
      },
    });
    const arrived = next<Streamed>(guest, "quote");
    server.say(quoteOf(8n));
    expect(await arrived).toMatchObject({ seq: 8, streamSeq: 1 });
  });

  test("of many quotes within a window only the last is sent, each window one higher in the stream", async () => {
    const guest = server.connect();
    await guest.emitWithAck("watch", { instruments: ["MES"], bars: [] });
    const seen: Streamed[] = [];
    const last = new Promise<void>((resolve) => {
      guest.on("quote", (quote: Streamed) => {
        seen.push(quote);
        if (quote.seq === 500) resolve();
      });
    });
    for (let seq = 1n; seq <= 500n; seq++) server.say(quoteOf(seq));
    await last;
    expect(seen.length).toBeLessThanOrEqual(2);
    expect(seen.map((quote) => quote.streamSeq)).toEqual(seen.map((_quote, at) => at + 1));
  });

  test("who begins to watch later learns where the stream stands, so a gap can be told", async () => {
    const [early, late] = [server.connect(), server.connect()];
    await early.emitWithAck("watch", { instruments: ["MES"], bars: [] });
    const first = next(early, "quote");
    server.say(quoteOf(1n));
    await first;
    const reply: WatchReply = await late.emitWithAck("watch", { instruments: ["MES"], bars: [] });
    expect(reply.status === 200 && reply.snapshot.streams).toEqual({ "quotes:MES": 1 });
    const second = next<Streamed>(late, "quote");
    server.say(quoteOf(2n));
    expect((await second).streamSeq).toBe(2);
  });

  test("a new watch replaces the old one", async () => {
    const guest = server.connect();
    await guest.emitWithAck("watch", { instruments: ["MES"], bars: [] });
    await guest.emitWithAck("watch", { instruments: ["MGC"], bars: [] });
    const seen: string[] = [];
    guest.on("quote", (quote: WireQuote) => seen.push(quote.instrument));
    const arrived = next(guest, "quote");
    server.say(quoteOf(1n, "MES"));
    server.say(quoteOf(1n, "MGC"));
    await arrived;
    expect(seen).toEqual(["MGC"]);
  });

  test("the end of one bar and the begin of the next both arrive, though they fall into one window", async () => {
    const guest = server.connect();
    await guest.emitWithAck("watch", { instruments: [], bars: [{ instrument: "MES", interval: "1m" }] });
    const bar = (openedAt: number, final: boolean): WireBarEvent => ({
      ...{ instrument: "MES", interval: "1m", final, rev: 0 },
      bar: [openedAt, 1, 1, 1, 1, 1],
    });
    const seen: WireBarEvent[] = [];
    const both = new Promise<void>((resolve) => {
      guest.on("bar", (event: WireBarEvent) => {
        if (seen.push(event) === 2) resolve();
      });
    });
    server.bus.publish({ kind: "bars", bars: [bar(0, false), bar(0, true), bar(60_000, false)] });
    await both;
    expect(seen.map(({ bar: [openedAt], final }) => [openedAt, final])).toEqual([
      [0, true],
      [60_000, false],
    ]);
  });

  test.each([
    [{ instruments: ["XYZ"], bars: [] }, "UNKNOWN_INSTRUMENT"],
    [{ instruments: Array.from({ length: 51 }, () => "MES"), bars: [] }, "INVALID_REQUEST"],
    [{ instruments: ["MES"], bars: [{ instrument: "MES", interval: "7m" }] }, "INVALID_REQUEST"],
    [{ instruments: ["MES"], bars: [], rooms: [`account:${ownAccount}`] }, "INVALID_REQUEST"],
    ["MES", "INVALID_REQUEST"],
  ])("watching %j is refused as %s", async (asked, code) => {
    expect(await server.connect().emitWithAck("watch", asked)).toMatchObject({ status: 400, code });
  });
});

describe("orders", () => {
  test("a trader's order is answered as over REST", async () => {
    const answer: OrderAnswer = await (await login()).emitWithAck("order", request);
    expect(answer).toMatchObject({ status: 202, order: { clientOrderId: "one", state: "accepted" } });
    expect(server.placed).toEqual([request]);
  });

  test("a close names the position", async () => {
    const close = { positionId: otherAccount, clientOrderId: "two" };
    expect(await (await login()).emitWithAck("close", close)).toMatchObject({ status: 202 });
    expect(server.placed).toEqual([close]);
  });

  test("a guest's order is refused and reaches nobody", async () => {
    expect(await server.connect().emitWithAck("order", request)).toMatchObject({ status: 401, code: "NOT_LOGGED_IN" });
    expect(server.placed).toEqual([]);
  });

  test.each([
    ["lots", { ...request, lots: "0.5" }],
    ["lots", { ...request, lots: "9".repeat(40) }],
    ["lots", { ...request, lots: 1 }],
    ["side", { ...request, side: "hold" }],
    ["price", { ...request, price: "1" }],
    ["root", null],
  ])("a wrong %s is named", async (field, wrong) => {
    const answer: OrderAnswer = await (await login()).emitWithAck("order", wrong);
    expect(answer).toMatchObject({ status: 422, code: "INVALID_REQUEST" });
    expect("errors" in answer && Object.keys(answer.errors ?? {})).toContain(field);
    expect(server.placed).toEqual([]);
  });

  test("an account's news goes to its own trader only, in one frame", async () => {
    const own = await login();
    const other = await login("token-of-bob", aTrader({ accountIds: [otherAccount] }));
    const news: string[] = [];
    own.onAny((event) => news.push(event));
    const leaked: string[] = [];
    other.onAny((event) => leaked.push(event));
    const id = anOrder().id;
    const told = next<AccountNews>(own, "account");
    server.bus.publish({ kind: "settled", accountId: ownAccount, orderIds: [id] });
    expect(await told).toMatchObject({ v: 1, orders: [{ id, state: "filled" }], balance: { id: ownAccount } });
    await own.emitWithAck("ping");
    expect(news).toEqual(["account"]);
    await other.emitWithAck("ping");
    expect(leaked).toEqual([]);
  });

  test("hundreds of settlements in one burst are each told", async () => {
    const own = await login();
    const told = new Set<string>();
    const ids = Array.from({ length: 300 }, () => anOrder().id);
    const all = new Promise<void>((resolve) => {
      own.on("account", ({ orders }: AccountNews) => {
        for (const { id } of orders) told.add(id);
        if (told.size === ids.length) resolve();
      });
    });
    for (const id of ids) server.bus.publish({ kind: "settled", accountId: ownAccount, orderIds: [id] });
    await all;
    expect([...told].sort()).toEqual([...ids].sort());
  });
});
