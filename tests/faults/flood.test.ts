import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { aFundedTrader, type FundedTrader } from "../support/traders.ts";
import { brokenBooks } from "../support/trading.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";

/** More orders than the installation wants to have waiting: it says so at once, and loses none of those it took. */
const timeoutMs = 120_000;
const traderCount = 40;
let truewick: RunningTruewick;
let traders: FundedTrader[];
beforeAll(async () => {
  truewick = await startTruewick({ ORDERS_DUE_MAX: "20" });
  traders = await Promise.all(Array.from({ length: traderCount }, () => aFundedTrader(truewick.database)));
}, timeoutMs);
afterAll(() => truewick?.stop(), timeoutMs);

const anOrder = (accountId: string) => ({
  ...{ clientOrderId: randomUUID(), accountId, instrument: "MES", side: "buy", type: "market", lots: "1" },
});

async function restAnswer({
  accountId,
  accessToken,
}: FundedTrader): Promise<{ status: number; retryAfter: string | null }> {
  const answer = await fetch(`${truewick.url}/api/trading/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(anOrder(accountId)),
  });
  await answer.arrayBuffer();
  return { status: answer.status, retryAfter: answer.headers.get("retry-after") };
}

function connect({ accessToken }: FundedTrader): Promise<Socket> {
  const socket = io(truewick.url, { auth: { accessToken }, transports: ["websocket"], forceNew: true });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
  });
}

async function acceptedAreDrained(accepted: number): Promise<void> {
  const states = () => truewick.database.owner("orders").select("state");
  const orders = await until(states, (rows) => rows.every(({ state }) => state === "filled"));
  expect(orders).toHaveLength(accepted);
  expect(await brokenBooks(truewick.database)).toEqual([]);
}

test(
  "a flood over REST and sockets: every answer is 202, 429 or 503, a 503 says when to come back, and what was taken is filled",
  async () => {
    const sockets = await Promise.all(traders.map(connect));
    const flood = traders.flatMap((trader, index) =>
      Array.from({ length: 30 }, async (_, turn): Promise<{ status: number; retryAfter: string | null }> => {
        if (turn % 2 === 0) return restAnswer(trader);
        const socket = sockets[index];
        const answer = (await socket?.emitWithAck("order", anOrder(trader.accountId))) as OrderAnswer;
        return { status: answer.status, retryAfter: "a socket's client keeps its own pace" };
      }),
    );
    const answers = await Promise.all(flood);
    for (const socket of sockets) socket.disconnect();
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => ![202, 429, 503].includes(status))).toEqual([]);
    expect([...statuses]).toEqual(expect.arrayContaining([202, 503]));
    expect(answers.filter(({ status, retryAfter }) => status === 503 && retryAfter === null)).toEqual([]);
    await acceptedAreDrained(answers.filter(({ status }) => status === 202).length);
  },
  timeoutMs,
);

test(
  "when it has drained, orders are taken again",
  async () => {
    const [trader] = traders;
    if (trader === undefined) throw new Error("no trader");
    await until(
      () => restAnswer(trader),
      ({ status }) => status === 202,
    );
  },
  timeoutMs,
);
