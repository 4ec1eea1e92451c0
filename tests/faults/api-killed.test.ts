import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { brokenBooks } from "../support/trading.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { until } from "../support/until.ts";
import { killed } from "./order-flow.ts";

/** The whole server, over REST, as a partner's script uses it. */
const timeoutMs = 120_000;

let truewick: RunningTruewick;
let accountId: string;
let token: string;
beforeAll(async () => {
  truewick = await startTruewick();
  const [trader] = truewick.credentials.traders;
  accountId = trader?.demoAccountId ?? "";
  const login = await post("session", { email: trader?.email, password: trader?.password });
  token = login.body.accessToken ?? "";
}, timeoutMs);
afterAll(() => truewick?.stop(), timeoutMs);

interface Answer {
  readonly status: number;
  readonly body: { accessToken?: string; code?: string; order?: { id: string; state: string } };
}

async function post(path: string, body: object): Promise<Answer> {
  const response = await fetch(`${truewick.url}/api/trading/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

/** Sent again, as the answer asks for, while the server has too much to do. */
async function persist(order: object): Promise<Answer> {
  for (;;) {
    const answer = await post("orders", order);
    if (answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100 + 900 * Math.random()));
  }
}

const anOrder = (more = {}) => ({
  ...{ clientOrderId: randomUUID(), accountId, instrument: "MES", side: "buy", type: "market", lots: "1" },
  ...more,
});

const ordersOf = async (clientOrderIds: readonly string[]): Promise<Record<string, unknown>[]> =>
  truewick.database.owner("orders").whereIn("client_order_id", clientOrderIds).select("id", "state");

test("ten identical submits in parallel are one order, and ten answers that name it", async () => {
  const order = anOrder();
  const answers = await Promise.all(Array.from({ length: 10 }, () => persist(order)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 202]);
  expect(new Set(answers.map(({ body }) => body.order?.id)).size).toBe(1);
  expect(await ordersOf([order.clientOrderId])).toHaveLength(1);
});

test("a refused clientOrderId was not used: it may be sent again, even for another order", async () => {
  const order = anOrder({ lots: "51" });
  expect(await post("orders", order)).toMatchObject({ status: 422, body: { code: "LOTS_MAX_ORDER" } });
  expect(await post("orders", { ...order, lots: "1" })).toMatchObject({ status: 202 });
  expect(await post("orders", { ...order, lots: "1" })).toMatchObject({ status: 200 });
  expect(await post("orders", order)).toMatchObject({ status: 409, body: { code: "CLIENT_ORDER_ID_REUSED" } });
});

test(
  "F5: kill -9 among orders that are being accepted: each that was accepted is filled once, and sent again it is the same",
  async () => {
    const orders = Array.from({ length: 200 }, (_, place) => anOrder({ side: place % 2 === 0 ? "buy" : "sell" }));
    const ids = orders.map(({ clientOrderId }) => clientOrderId);
    /** Order id of the first answer, by client id. */
    const accepted = new Map<string, string | undefined>();
    const placing = orders.map((order) =>
      post("orders", order).then(
        ({ status, body }) => {
          if (status === 202) accepted.set(order.clientOrderId, body.order?.id);
        },
        () => undefined, // cut off: the client does not know, and asks again
      ),
    );
    await until(
      async () => accepted.size,
      (count) => count > 20,
    );
    await killed(truewick.process);
    await Promise.all(placing);
    expect(accepted.size).toBeLessThan(ids.length);
    truewick = await startTruewick({}, truewick);
    const stored = await until(
      () => ordersOf(ids),
      (orders) => orders.every(({ state }) => state === "filled"),
    );
    const known = await truewick.database
      .owner("orders")
      .whereIn("client_order_id", [...accepted.keys()])
      .pluck("id");
    expect(known.sort()).toEqual([...accepted.values()].sort());
    const orderIds = stored.map(({ id }) => String(id));
    expect(await truewick.database.owner("fills").whereIn("order_id", orderIds).select("id")).toHaveLength(
      stored.length,
    );
    // The client asks again, with the same ids: what was accepted is answered as it was.
    const again = await Promise.all(orders.map(persist));
    const statuses = again.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(stored.length);
    // The rest was never taken: it is now, or refused where the money is used up by then.
    const taken = statuses.filter((status) => status === 202).length;
    for (const [place, order] of orders.entries())
      if (accepted.has(order.clientOrderId))
        expect(again[place]?.body.order?.id).toBe(accepted.get(order.clientOrderId));
    await until(
      () => ordersOf(ids),
      (found) => found.length === stored.length + taken && found.every(({ state }) => state === "filled"),
    );
    expect(await brokenBooks(truewick.database)).toEqual([]);
  },
  timeoutMs,
);
