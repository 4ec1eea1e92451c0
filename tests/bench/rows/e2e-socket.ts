import { randomUUID } from "node:crypto";
import { build, type Histogram } from "hdr-histogram-js";
import { io, type Socket } from "socket.io-client";
import type { OrderAnswer, WireOrder } from "#contracts/trading-api.ts";
import { minorUnits } from "#core/units.ts";
import { fundAccount, openAccount } from "../../../server/capabilities/accounts/index.ts";
import { verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { hashSecret, newSecret } from "../../../server/platform/ids.ts";
import type { TestDatabase } from "../../support/database.ts";
import { startTruewick } from "../../support/truewick.ts";
import { type Benchmark, median, ratioRow, seeded } from "../row.ts";

const traders = 150;
const rounds = 3;
const secondsARound = 5;
const warmUpMs = 2_000;

interface Client {
  readonly socket: Socket;
  readonly accountId: string;
}

/**
 * Orders over the open socket of the real server, all roles in one process as `npm start` runs them: authenticated, checked, durable,
 * through the queue, filled, and confirmed on the socket. What is counted is confirmations; the clients have a process
 * of their own on the same machine.
 */
export const e2eSocket: Benchmark = {
  rows: ["e2e-socket"],
  run: async (context) => {
    const baseline = await context.tpcB();
    const server = await startTruewick();
    const clients: Client[] = [];
    try {
      for (let number = 0; number < traders; number++) clients.push(await connect(server.url, server.database));
      const random = seeded(context.seed);
      const latency = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000 });
      await load(clients, random, warmUpMs, build());
      const figures: number[] = [];
      for (let round = 0; round < rounds; round++)
        figures.push(await load(clients, random, secondsARound * 1_000, latency));
      const broken = await verifyBooks(server.database.owner);
      const p50 = latency.getValueAtPercentile(50) / 1_000;
      const p99 = latency.getValueAtPercentile(99) / 1_000;
      context.say(
        `confirmed: ${figures.map((figure) => figure.toFixed(0)).join(", ")} orders/s, median ${median(figures).toFixed(0)}`,
      );
      const books = broken.length === 0 ? "books balance" : `BOOKS BROKEN: ${broken.map((one) => one.invariant)}`;
      const note = `${traders} sockets; confirmed p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; ${books}`;
      return [
        ratioRow({ name: "e2e-socket", unit: "orders/s", rounds: figures, baseline, target: 1, stretch: 2, note }),
      ];
    } finally {
      for (const { socket } of clients) socket.disconnect();
      await server.stop();
    }
  },
};

/** A funded trader with a session, on an open socket. */
async function connect(url: string, database: TestDatabase): Promise<Client> {
  const [partner] = await database.owner("partners").select("id").orderBy("id").limit(1);
  const [trader] = await database.owner("traders").insert({ tenant_id: partner.id, name: "A trader" }).returning("id");
  const deps = { transact: transactor(database.app), announce: () => {}, hashPassword: () => Promise.resolve("") };
  const opened = await openAccount(deps)(systemActor, { traderId: trader.id, book: "demo", currency: "USD" });
  if (!opened.ok) throw new Error(opened.refusal);
  const accountId = opened.value.id;
  const amount = minorUnits(1_000_000_000n);
  const funded = await fundAccount(deps)(systemActor, { accountId, amount, reason: "money for a benchmark" });
  if (!funded.ok) throw new Error(funded.refusal);
  const accessToken = newSecret();
  await database.owner("sessions").insert({
    token_hash: hashSecret(accessToken),
    subject_kind: "trader",
    subject_id: trader.id,
    expires_at: new Date(Date.now() + 3_600_000),
  });
  const socket = io(url, { auth: { accessToken }, transports: ["websocket"], forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("connect_error", reject);
  });
  return { socket, accountId };
}

/** Every client sends its next order when the last one is confirmed as filled; confirmations a second. */
async function load(
  clients: readonly Client[],
  random: () => number,
  forMs: number,
  latency: Histogram,
): Promise<number> {
  let confirmed = 0;
  const begun = performance.now();
  const client = async ({ socket, accountId }: Client): Promise<void> => {
    while (performance.now() - begun < forMs) {
      const sent = performance.now();
      const request = {
        clientOrderId: randomUUID(),
        accountId,
        instrument: "MES",
        side: random() < 0.5 ? "buy" : "sell",
        type: "market",
        lots: "1",
      };
      if (!(await submit(socket, request))) continue;
      confirmed += 1;
      latency.recordValue(Math.round((performance.now() - sent) * 1_000));
    }
  };
  await Promise.all(clients.map(client));
  return confirmed / ((performance.now() - begun) / 1_000);
}

/** Resolves when the order is filled; false when the socket was told to slow down. */
function submit(socket: Socket, request: { clientOrderId: string }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const hear = (order: WireOrder): void => {
      if (order.clientOrderId !== request.clientOrderId) return;
      socket.off("order", hear);
      if (order.state === "filled") resolve(true);
      else reject(new Error(`an order ended ${order.state} ${order.rejectionCode}`));
    };
    socket.on("order", hear);
    socket.emit("order", request, (answer: OrderAnswer) => {
      if ("order" in answer) return;
      socket.off("order", hear);
      if (answer.status === 429) setTimeout(() => resolve(false), 50);
      else reject(new Error(`an order was refused: ${answer.code} ${answer.message}`));
    });
  });
}
