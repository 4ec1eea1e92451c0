import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type RedisBus, redisBus } from "../../../server/platform/realtime/bus.ts";
import { silentLog } from "../../support/market.ts";
import { brokenBooks } from "../../support/trading.ts";
import { type TriggerDesk, triggerDesk } from "../../support/trigger-desk.ts";
import { type GivenOrder, type TestStream, testStream, untilDue } from "../../support/triggers.ts";

/** From the feed's announcement over Redis to the fill and the books. */
let desk: TriggerDesk;
let stream: TestStream;
const buses: RedisBus[] = [];
beforeAll(async () => {
  const channel = `test-${randomUUID()}`;
  for (let made = 0; made < 2; made++)
    buses.push(redisBus({ url: process.env.REDIS_URL ?? "", log: silentLog, channel }));
  await Promise.all(buses.map((bus) => bus.ready));
  desk = await triggerDesk(buses[0]);
  const [, feedBus] = buses;
  if (feedBus === undefined) throw new Error("no bus");
  stream = testStream(desk.house, feedBus);
});
beforeEach(() => stream.quote({ bid: 20_000n, ask: 20_001n }));
afterEach(() => desk.stopEngines());
afterAll(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  await desk.house.close();
});

const place = (...orders: readonly Partial<GivenOrder>[]): Promise<string[]> =>
  desk.place(...orders.map((order) => ({ activeFromSeq: stream.seq(), ...order })));
const fillsOf = (ids: readonly string[]) =>
  desk.house.db.owner("fills").whereIn("order_id", ids).orderBy("id").select("order_id", "price_ticks", "quote_seq");

test("each order fills once, at the first quote that met it: at its price, or beyond it after a gap", async () => {
  await desk.start({ sweepEveryMs: 60_000 });
  const [limit = "", stop = "", stopLimit = ""] = await place(
    { limit: 19_990n },
    { side: "sell", stop: 19_950n },
    { side: "sell", stop: 19_950n, limit: 19_940n },
  );
  const ids = [limit, stop, stopLimit];
  desk.tell(ids);
  const [atPrice, gap, back] = await stream.quote(
    { bid: 19_989n, ask: 19_990n },
    { bid: 19_900n, ask: 19_901n },
    { bid: 19_945n, ask: 19_946n },
  );
  expect(await untilDue(desk.house, ids)).toEqual([atPrice?.seq, gap?.seq, back?.seq]);
  await desk.house.settler()(ids);
  expect(await fillsOf(ids)).toEqual([
    { order_id: limit, price_ticks: 19_990n, quote_seq: atPrice?.seq },
    { order_id: stop, price_ticks: 19_900n, quote_seq: gap?.seq },
    { order_id: stopLimit, price_ticks: 19_945n, quote_seq: back?.seq },
  ]);
  await desk.house.settler()(ids);
  expect(await fillsOf(ids)).toHaveLength(3);
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});

test("a second settlement of the account fills what became due meanwhile, in the order of the triggers", async () => {
  await desk.start();
  const ids = await place({ limit: 19_800n }, { limit: 19_900n }, { limit: 19_850n });
  await stream.quote({ bid: 19_700n, ask: 19_701n });
  await untilDue(desk.house, ids);
  await desk.house.settler()(ids.slice(0, 1));
  expect((await fillsOf(ids)).map((fill) => fill.order_id)).toEqual([ids[1], ids[2], ids[0]]);
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});
