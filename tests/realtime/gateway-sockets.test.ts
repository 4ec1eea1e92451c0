import { connect as connectTcp } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { OrderAnswer, WireQuote } from "#contracts/trading-api.ts";
import { ticks } from "#core/units.ts";
import { toWireQuote } from "../../server/capabilities/market-data/index.ts";
import {
  aGateway,
  anOrder,
  aTrader,
  next,
  ordersThatAccept,
  ownAccount,
  type TestGateway,
} from "../support/gateway.ts";
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

describe("who may connect", () => {
  test("a token that is nobody's is refused at once", async () => {
    const socket = server.connect({ auth: { accessToken: "stolen" } });
    const error = await next<Error & { data: object }>(socket, "connect_error");
    expect(error.data).toEqual({ status: 401, code: "NOT_LOGGED_IN" });
  });

  test("a token in the query is not looked at", async () => {
    server.sessions.set("token-of-ada", aTrader());
    const socket = server.connect({ query: { accessToken: "token-of-ada" } });
    expect(await socket.emitWithAck("order", request)).toMatchObject({ status: 401 });
  });

  test.each(["https://elsewhere.example", "null"])("a page of %s is refused", async (origin) => {
    const socket = server.connect({ extraHeaders: { origin } });
    await next(socket, "connect_error");
    expect(server.gateway.sockets()).toBe(0);
  });

  test("a page of the partner and one of our own are let in", async () => {
    for (const origin of ["https://partner.example", server.url])
      await next(server.connect({ extraHeaders: { origin } }), "connect");
  });

  test("the desk is closed to who is no staff", async () => {
    const error = await next<Error & { data: object }>(server.connect({ path: "/desk" }), "connect_error");
    expect(error.data).toMatchObject({ status: 401 });
  });

  test("an ended session's socket is told and cut; the trader's other session stays", async () => {
    const trader = aTrader();
    const [ended, kept] = [await login("one", trader), await login("two", trader)];
    const [reason, cut] = [next(ended, "session-ended"), next(ended, "disconnect")];
    server.sessions.delete("one");
    server.bus.publish({
      kind: "session-ended",
      subjectKind: "trader",
      subjectId: trader.traderId,
      code: "LOGGED_OUT",
    });
    expect(await reason).toEqual({ code: "LOGGED_OUT" });
    await cut;
    expect(await kept.emitWithAck("order", request)).toMatchObject({ status: 202 });
  });

  test("a session that ended unheard is noticed at the next order", async () => {
    const socket = await login();
    server.sessions.clear();
    const cut = next(socket, "disconnect");
    socket.emit("order", request, () => {});
    await cut;
    expect(server.placed).toEqual([]);
  });

  test("a session's socket is cut when it expires", async () => {
    const socket = await login("brief", aTrader({ expiresAt: new Date(Date.now() + 150) }));
    expect(await next(socket, "session-ended")).toEqual({ code: "SESSION_EXPIRED" });
  });

  test("the sixth socket of a trader drops his oldest", async () => {
    const trader = aTrader();
    const oldest = await login("token-of-ada", trader);
    const reason = next(oldest, "session-ended");
    for (let opened = 1; opened < 6; opened++) await login("token-of-ada", trader);
    expect(await reason).toEqual({ code: "TOO_MANY_SOCKETS" });
  });
});

describe("bad manners", () => {
  test("more than 20 messages in a second are refused, the others not harmed", async () => {
    const guest = server.connect();
    const quiet = server.connect();
    const replies = await Promise.all(Array.from({ length: 60 }, () => guest.emitWithAck("ping")));
    // The 60 may fall into two seconds.
    const answered = replies.filter((reply) => typeof reply === "number").length;
    expect(answered).toBeGreaterThanOrEqual(20);
    expect(answered).toBeLessThanOrEqual(40);
    expect(replies.find((reply) => typeof reply !== "number")).toMatchObject({
      status: 429,
      code: "TOO_MANY_MESSAGES",
    });
    expect(await quiet.emitWithAck("ping")).toEqual(expect.any(Number));
  });

  test("a flood is cut off", async () => {
    const guest = server.connect();
    await next(guest, "connect");
    const cut = next(guest, "disconnect");
    for (let sent = 0; sent < 400; sent++) guest.emit("ping", () => {});
    await cut;
  });

  test("a message above 16 KiB cuts the socket", async () => {
    const guest = server.connect();
    await next(guest, "connect");
    const cut = next(guest, "disconnect");
    guest.emit("watch", { instruments: ["M".repeat(17 * 1_024)], bars: [] }, () => {});
    await cut;
  });

  test("an unknown event, and one with wrong arguments, are refused", async () => {
    const guest = server.connect();
    expect(await guest.emitWithAck("join", `account:${ownAccount}`)).toMatchObject({
      status: 400,
      code: "UNKNOWN_EVENT",
    });
    expect(await guest.emitWithAck("order")).toMatchObject({ status: 400, code: "UNKNOWN_EVENT" });
  });

  test("a client that does not read harms nobody: it is left out, and gets the newest when it reads again", async () => {
    const padding = "x".repeat(300_000);
    const wide = await aGateway({
      wireQuote: (quote, sentAtMs) => ({ ...toWireQuote(quote, { tickSize: 25n, decimals: 2 }, sentAtMs), padding }),
    });
    const reader = wide.connect();
    await reader.emitWithAck("watch", { instruments: ["MES"], bars: [] });
    const mute = await aMuteWatcher(wide.url);
    const rounds = 40;
    for (let round = 1; round <= rounds; round++) {
      const arrived = next<Streamed>(reader, "quote");
      wide.say(quoteOf(BigInt(round)));
      expect((await arrived).seq).toBe(round);
    }
    let read = "";
    const caughtUp = new Promise<void>((resolve) => {
      mute.on("data", (chunk: Buffer) => {
        read += chunk.toString("latin1").replaceAll("x", "");
        if (read.includes(`"seq":${rounds},`)) resolve();
      });
    });
    mute.resume();
    await caughtUp;
    expect(read.split('"seq":').length - 1).toBeLessThan(rounds);
    mute.destroy();
    await wide.close();
  });
});

test("draining answers the order that is being taken, then cuts", async () => {
  let finish: (answer: OrderAnswer) => void = () => {};
  const slow = await aGateway({
    orders: {
      ...ordersThatAccept([]),
      place: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    },
  });
  slow.sessions.set("token", aTrader());
  const socket = slow.connect({ auth: { accessToken: "token" } });
  await next(socket, "connect");
  const [answer, cut] = [socket.emitWithAck("order", request), next(socket, "disconnect")];
  await socket.emitWithAck("ping");
  const closed = slow.gateway.close();
  finish({ status: 202, order: anOrder() });
  expect(await answer).toMatchObject({ status: 202 });
  await Promise.all([closed, cut]);
  await slow.close();
});

/** A raw WebSocket that connects, watches MES and then reads nothing any more. */
async function aMuteWatcher(url: string) {
  const { port, hostname } = new URL(url);
  const socket = connectTcp({ port: Number(port), host: hostname });
  const heard = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = (chunk: Buffer): void => {
        if (!chunk.toString("latin1").includes(wanted)) return;
        socket.off("data", look);
        resolve();
      };
      socket.on("data", look);
    });
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dHJ1ZXdpY2stdGVzdC1rZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await heard("pingInterval");
  socket.write(masked("40"));
  await heard("40{");
  socket.write(masked('420["watch",{"instruments":["MES"],"bars":[]}]'));
  await heard("snapshot");
  socket.pause();
  return socket;
}

/** A client's text frame, masked with zeros. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126 ? [0x81, 0x80 | payload.length] : [0x81, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}
