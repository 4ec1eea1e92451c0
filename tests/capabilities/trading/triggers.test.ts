import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type TriggerDesk, triggerDesk } from "../../support/trigger-desk.ts";
import { triggersOf, untilDue } from "../../support/triggers.ts";
import { until } from "../../support/until.ts";

let desk: TriggerDesk;
beforeAll(async () => {
  desk = await triggerDesk();
});
beforeEach(() => desk.stream.quote({ bid: 20_000n, ask: 20_001n }));
afterEach(() => desk.stopEngines());
afterAll(() => desk.house.close());

const jobs = (): unknown[] => desk.house.promised.flatMap(({ payload }) => payload.orderIds as string[]);

test("an order is due at the first quote that meets it, with its event and the job that settles it", async () => {
  await desk.start({ sweepEveryMs: 60_000 });
  const ids = await desk.place({ limit: 19_990n }, { side: "sell", limit: 20_010n });
  desk.tell(ids);
  await desk.stream.quote({ bid: 19_990n, ask: 19_991n });
  const [met] = await desk.stream.quote({ bid: 19_988n, ask: 19_989n });
  await desk.stream.quote({ bid: 19_900n, ask: 19_901n });
  expect(await untilDue(desk.house, ids.slice(0, 1))).toEqual([met?.seq]);
  const [order] = await desk.house.db.owner("orders").where({ id: ids[0] });
  expect(order).toMatchObject({
    state: "working",
    trigger_bid_ticks: 19_988n,
    trigger_ask_ticks: 19_989n,
    trigger_received_at: met?.receivedAt,
  });
  expect(await desk.eventsOf(ids)).toEqual([
    { order_id: ids[0], kind: "triggered", said: { quoteSeq: `${met?.seq}`, bid: "19988", ask: "19989" } },
  ]);
  expect(jobs()).toContain(ids[0]);
  expect(await triggersOf(desk.house, ids.slice(1))).toMatchObject([{ due_seq: null, trigger_quote_seq: null }]);
});

test("a flagged quote triggers nothing, nor does one outside the session", async () => {
  const closed = new Set<bigint>([desk.stream.seq() + 2n]);
  await desk.start({ sweepEveryMs: 60_000, isOpen: ({ seq }) => !closed.has(seq) });
  const ids = await desk.place({ side: "sell", stop: 19_000n });
  desk.tell(ids);
  await desk.stream.quote({ bid: 18_000n, ask: 18_001n, flag: "off-tick" });
  await desk.stream.quote({ bid: 18_100n, ask: 18_101n });
  const [met] = await desk.stream.quote({ bid: 18_200n, ask: 18_201n });
  expect(await untilDue(desk.house, ids)).toEqual([met?.seq]);
});

test("a stop-limit order whose stop a gap jumps over waits as a limit order, and fills when the price is back", async () => {
  await desk.start({ sweepEveryMs: 60_000 });
  const ids = await desk.place({ stop: 20_010n, limit: 20_012n }, { stop: 20_010n, limit: 20_012n });
  desk.tell(ids);
  const [reached] = await desk.stream.quote({ bid: 20_019n, ask: 20_020n });
  await until(
    () => triggersOf(desk.house, ids),
    (rows) => rows.every((row) => row.stop_quote_seq === reached?.seq),
  );
  expect((await triggersOf(desk.house, ids)).map((row) => row.due_seq)).toEqual([null, null]);
  const [met] = await desk.stream.quote({ bid: 20_010n, ask: 20_011n });
  expect(await untilDue(desk.house, ids)).toEqual([met?.seq, met?.seq]);
  expect((await desk.eventsOf(ids.slice(0, 1))).map(({ kind }) => kind)).toEqual(["stop-reached", "triggered"]);
});

describe("what the bus loses", () => {
  test("a quote: the gap is read from the stored stream before the next one is tried", async () => {
    await desk.start({ sweepEveryMs: 60_000 });
    const ids = await desk.place({ limit: 19_990n });
    desk.tell(ids);
    const [, met] = await desk.stream.lose({ bid: 19_990n, ask: 19_991n }, { bid: 19_980n, ask: 19_981n });
    await desk.stream.quote({ bid: 20_000n, ask: 20_001n });
    expect(await untilDue(desk.house, ids)).toEqual([met?.seq]);
  });
  test("all of it: the engine looks for itself", async () => {
    await desk.start();
    const ids = await desk.place({ limit: 19_990n });
    const [met] = await desk.stream.lose({ bid: 19_980n, ask: 19_981n }, { bid: 20_000n, ask: 20_001n });
    expect(await untilDue(desk.house, ids)).toEqual([met?.seq]);
  });
  test("the news of an order: it triggers at the quote it would have, however late it is heard of", async () => {
    await desk.start({ sweepEveryMs: 60_000 });
    const ids = await desk.place({ limit: 19_990n }, { stop: 20_050n, limit: 20_050n });
    const met = await desk.stream.quote({ bid: 19_980n, ask: 19_981n }, { bid: 20_100n, ask: 20_101n });
    await desk.stream.quote({ bid: 20_000n, ask: 20_001n }, { bid: 19_970n, ask: 19_971n });
    desk.tell(ids);
    const rows = await until(
      () => triggersOf(desk.house, ids),
      (seen) => seen.every((row) => row.due_seq !== null),
    );
    expect(rows).toMatchObject([
      { trigger_quote_seq: met[0]?.seq, stop_quote_seq: null },
      { trigger_quote_seq: (met[1]?.seq ?? 0n) + 1n, stop_quote_seq: met[1]?.seq },
    ]);
  });
  test("a quote told twice, or out of turn, changes nothing", async () => {
    await desk.start({ sweepEveryMs: 60_000 });
    const ids = await desk.place({ limit: 19_990n });
    desk.tell(ids);
    const old = await desk.stream.quote({ bid: 19_995n, ask: 19_996n });
    const met = await desk.stream.quote({ bid: 19_980n, ask: 19_981n });
    desk.publish({ kind: "quotes", quotes: [...met, ...old, ...met] });
    expect(await untilDue(desk.house, ids)).toEqual([met[0]?.seq]);
  });
});

describe("an order that changes", () => {
  test("while the engine has not heard of it: the old price triggers nothing, the new one does", async () => {
    await desk.start({ sweepEveryMs: 60_000 });
    const ids = await desk.place({ limit: 19_990n });
    desk.tell(ids);
    await desk.stream.quote({ bid: 20_000n, ask: 20_001n });
    // Amended at the newest quote, and nobody tells.
    const amended = { limit_ticks: "19950", active_from_seq: desk.stream.seq().toString() };
    await desk.house.db.app("orders").whereIn("id", ids).update(amended);
    const [oldPrice, , newPrice] = await desk.stream.quote(
      { bid: 19_980n, ask: 19_981n },
      { bid: 19_960n, ask: 19_961n },
      { bid: 19_940n, ask: 19_941n },
    );
    expect(await untilDue(desk.house, ids)).toEqual([newPrice?.seq]);
    expect(oldPrice?.seq).toBeLessThan(newPrice?.seq ?? 0n);
  });
  test("twice within one quote: only the last price counts", async () => {
    await desk.start({ sweepEveryMs: 60_000 });
    const ids = await desk.place({ limit: 19_990n });
    desk.tell(ids);
    await desk.house.db.app("orders").whereIn("id", ids).update({ limit_ticks: "19980" });
    desk.tell(ids);
    await desk.house.db.app("orders").whereIn("id", ids).update({ limit_ticks: "19970" });
    const [, met] = await desk.stream.quote({ bid: 19_975n, ask: 19_976n }, { bid: 19_969n, ask: 19_970n });
    expect(await untilDue(desk.house, ids)).toEqual([met?.seq]);
  });
  test("cancelled without news: it does not trigger, and leaves the index", async () => {
    const engine = await desk.start();
    const ids = await desk.place({ limit: 19_990n }, { limit: 19_000n });
    desk.tell(ids);
    await until(
      async () => engine.status().waiting,
      (waiting) => waiting >= 2,
    );
    const before = engine.status().waiting;
    await desk.house.db
      .app("orders")
      .whereIn("id", ids)
      .update({ state: "cancelled", cancel_code: "BY_TRADER", done_at: new Date() });
    await desk.stream.quote({ bid: 19_980n, ask: 19_981n });
    await until(
      async () => engine.status().waiting,
      (waiting) => waiting === before - 2,
    );
    expect(await triggersOf(desk.house, ids)).toMatchObject([{ due_seq: null }, { due_seq: null }]);
  });
});

test("10,000 orders that one jump meets are due at its quote, in the order in which the price met them", async () => {
  const engine = await desk.start();
  const prices = Array.from({ length: 10_000 }, (_, place) => 19_000n + BigInt((place * 7_919) % 900));
  const ids = await desk.place(...prices.map((stop) => ({ side: "sell" as const, stop })));
  await until(
    async () => engine.status().waiting,
    (waiting) => waiting >= 10_000,
  );
  const [jump] = await desk.stream.quote({ bid: 18_990n, ask: 18_991n });
  const seqs = await untilDue(desk.house, ids);
  expect(seqs.every((seq) => seq === jump?.seq)).toBe(true);
  const rows = await desk.house.db
    .owner("orders")
    .whereIn("id", ids.slice(0, 1_000))
    .orderBy("due_seq")
    .select("stop_ticks", "seq");
  const inOrder = [...rows].sort((a, b) => Number(b.stop_ticks - a.stop_ticks) || Number(a.seq - b.seq));
  expect(rows).toEqual(inOrder);
  const promised = new Set(jobs());
  expect(ids.filter((id) => !promised.has(id))).toEqual([]);
}, 120_000);
