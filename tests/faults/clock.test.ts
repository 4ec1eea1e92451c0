import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { brokenBooks } from "../support/trading.ts";
import { until } from "../support/until.ts";
import { type OrderFlow, orderFlow } from "./order-flow.ts";

/** F23: workers whose clocks are an hour before and behind that of the database, beside each other. */
const hourMs = 3_600_000;
const orders = 120;

let flow: OrderFlow;
beforeAll(async () => {
  flow = await orderFlow();
}, 60_000);
afterAll(() => flow?.stop());

test.each([
  ["an hour ahead", [hourMs]],
  ["an hour behind", [-hourMs]],
  ["an hour ahead and an hour behind", [hourMs, -hourMs]],
])(
  "F23: workers that are %s: every order is filled, at its quote, by the database's time and on its book date",
  async (_how, clocks) => {
    const { owner } = flow.house.db;
    const before = await flow.filled();
    const workers = await Promise.all(clocks.map((offMs) => flow.startWorker({ clockOffMs: offMs })));
    const ids = await flow.place(orders);
    await until(flow.filled, (filled) => filled === before + orders);
    await Promise.all(workers.map((worker) => flow.stopWorker(worker)));
    const { rows } = await owner.raw(
      `SELECT count(*) FILTER (WHERE o.state = 'filled')::int AS filled,
       count(*) FILTER (WHERE f.filled_at < o.accepted_at OR f.filled_at > clock_timestamp())::int AS untimely,
       count(*) FILTER (WHERE o.done_at < o.accepted_at OR o.done_at > clock_timestamp())::int AS ended_wrong
     FROM orders o JOIN fills f ON f.order_id = o.id WHERE o.id = ANY (?::uuid[])`,
      [ids],
    );
    expect(rows[0]).toEqual({ filled: orders, untimely: 0, ended_wrong: 0 });
    const { rows: dates } = await owner.raw(
      "SELECT count(*)::int AS wrong FROM transfers WHERE book_date <> book_date_of(posted_at) OR posted_at > clock_timestamp()",
    );
    expect(dates).toEqual([{ wrong: 0 }]);
    expect(await brokenBooks(flow.house.db)).toEqual([]);
  },
  120_000,
);
