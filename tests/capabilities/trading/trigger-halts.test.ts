import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ticks } from "#core/units.ts";
import type { AlarmIndex } from "../../../server/capabilities/trading/index.ts";
import { type TriggerDesk, triggerDesk } from "../../support/trigger-desk.ts";
import { triggersOf, untilDue, untilTried } from "../../support/triggers.ts";
import { until } from "../../support/until.ts";

let desk: TriggerDesk;
beforeAll(async () => {
  desk = await triggerDesk();
});
beforeEach(() => desk.stream.quote({ bid: 20_000n, ask: 20_001n }));
afterEach(() => desk.stopEngines());
afterAll(() => desk.house.close());

const dueOf = async (ids: readonly string[]) => (await triggersOf(desk.house, ids)).map((row) => row.due_seq);
const kindsOf = async (ids: readonly string[]) => (await desk.eventsOf(ids)).map(({ kind }) => kind);
const released = (ids: readonly string[]): Promise<unknown> =>
  until(
    () => kindsOf(ids),
    (kinds) => kinds.includes("released"),
  );

describe("while trading is halted", () => {
  const halted = (tradeMode: string) =>
    desk.house.db.owner("instruments").where({ id: "MES" }).update({ trade_mode: tradeMode });
  afterEach(() => halted("full"));

  test("in an instrument nothing triggers; when it is lifted only later quotes count", async () => {
    await desk.start();
    const ids = await desk.place({ limit: 19_990n });
    desk.tell(ids);
    await halted("halted");
    const [during] = await desk.stream.quote({ bid: 19_900n, ask: 19_901n });
    await untilTried(desk.house, during?.seq ?? 0n);
    expect(await dueOf(ids)).toEqual([null]);
    await halted("full");
    await released(ids);
    const [after] = await desk.stream.quote({ bid: 19_980n, ask: 19_981n });
    expect(await untilDue(desk.house, ids)).toEqual([after?.seq]);
    expect(await kindsOf(ids)).toEqual(["released", "triggered"]);
  });

  test("long-only: a waiting sell waits on, unless it is reduce-only; a buy triggers", async () => {
    await desk.start();
    const sell = { side: "sell", limit: 20_100n } as const;
    const ids = await desk.place(sell, { ...sell, reduceOnly: true }, { stop: 20_100n });
    desk.tell(ids);
    await halted("long-only");
    const [met] = await desk.stream.quote({ bid: 20_200n, ask: 20_201n });
    expect(await untilDue(desk.house, ids.slice(1))).toEqual([met?.seq, met?.seq]);
    await untilTried(desk.house, met?.seq ?? 0n);
    expect(await dueOf(ids.slice(0, 1))).toEqual([null]);
    await halted("full");
    await released(ids.slice(0, 1));
    const [after] = await desk.stream.quote({ bid: 20_201n, ask: 20_202n });
    expect(await untilDue(desk.house, ids.slice(0, 1))).toEqual([after?.seq]);
  });

  test("the mode counts that was in force when the quote came, however late it is looked at", async () => {
    const [low, lower] = await desk.place({ limit: 19_950n }, { limit: 19_900n });
    const [before] = await desk.stream.lose({ bid: 19_940n, ask: 19_941n });
    await halted("halted");
    const [during] = await desk.stream.lose({ bid: 19_890n, ask: 19_891n });
    await desk.start();
    expect(await untilDue(desk.house, [low ?? ""])).toEqual([before?.seq]);
    await untilTried(desk.house, during?.seq ?? 0n);
    expect(await dueOf([lower ?? ""])).toEqual([null]);
    await desk.stopEngines();
    await halted("full");
    await desk.start();
    await desk.stream.quote({ bid: 20_000n, ask: 20_001n });
    const [after] = await desk.stream.quote({ bid: 19_880n, ask: 19_881n });
    expect(await untilDue(desk.house, [lower ?? ""])).toEqual([after?.seq]);
  });

  test("for one account by a kill switch, its orders wait and the others' trigger; close-only lets exits through", async () => {
    const { house } = desk;
    await desk.start();
    const ids = await desk.place({ limit: 19_990n }, { limit: 19_990n, reduceOnly: true });
    const [before] = await desk.stream.quote({ bid: 19_995n, ask: 19_996n });
    await untilTried(house, before?.seq ?? 0n);
    const [stop] = await house.db
      .owner("kill_switches")
      .insert({
        ...{ scope: "account", mode: "close-only", tenant_id: house.tenantId, account_id: desk.account.accountId },
        ...{ reason: "a test", thrown_by: "Ann" },
      })
      .returning("id");
    const [met] = await desk.stream.quote({ bid: 19_980n, ask: 19_981n });
    expect(await untilDue(house, ids.slice(1))).toEqual([met?.seq]);
    await untilTried(house, met?.seq ?? 0n);
    expect(await dueOf(ids.slice(0, 1))).toEqual([null]);
    const lifted = { lifted_by: "Ann", lifted_at: house.db.owner.raw("clock_timestamp()"), lift_reason: "over" };
    await house.db.owner("kill_switches").where({ id: stop.id }).update(lifted);
    await released(ids.slice(0, 1));
    const [after] = await desk.stream.quote({ bid: 19_970n, ask: 19_971n });
    expect(await untilDue(house, ids.slice(0, 1))).toEqual([after?.seq]);
  });
});

describe("an order with an end", () => {
  const soon = (ms: number): Date => new Date(Date.now() + ms);
  test("expires, tells its account, and its money is free", async () => {
    await desk.start();
    const ids = await desk.place({ limit: 19_990n, expiresAt: soon(300) });
    await until(
      () => triggersOf(desk.house, ids),
      (rows) => rows[0]?.state === "expired",
    );
    expect(await kindsOf(ids)).toEqual(["expired"]);
    const told = desk.heard.filter((one) => one.kind === "settled" && one.orderIds.includes(ids[0] ?? ""));
    expect(told).toHaveLength(1);
  });
  test("is not met by a quote received at its end; by one received before it, it is, though both are stored later", async () => {
    const expiresAt = soon(-50);
    const ids = await desk.place({ limit: 19_990n, expiresAt }, { limit: 19_980n, expiresAt });
    const [met] = await desk.stream.lose(
      { bid: 19_985n, ask: 19_986n, receivedAt: new Date(expiresAt.getTime() - 1) },
      { bid: 19_970n, ask: 19_971n, receivedAt: expiresAt },
    );
    await desk.start();
    expect(await untilDue(desk.house, ids.slice(0, 1))).toEqual([met?.seq]);
    const late = await until(
      () => triggersOf(desk.house, ids.slice(1)),
      (rows) => rows[0]?.state === "expired",
    );
    expect(late).toMatchObject([{ trigger_quote_seq: null }]);
  });
});

test("old quotes are kept while an order may need them, and no longer", async () => {
  const { house, stream } = desk;
  const needed = async () =>
    (await house.db.app("quotes_needed").where({ instrument_id: "MES" }).first("after_seq"))?.after_seq;
  await house.db.owner.raw(
    "UPDATE orders SET state = 'cancelled', cancel_code = 'BY_STAFF', done_at = now() WHERE state = 'working'",
  );
  expect(await needed()).toBeUndefined();
  const accepted = stream.seq();
  const ids = await desk.place({ limit: 10_000n });
  await stream.lose({ bid: 20_000n, ask: 20_001n }, { bid: 20_000n, ask: 20_001n });
  expect(await needed()).toBe(accepted);
  await desk.start();
  await until(needed, (after) => after === stream.seq());
  await desk.stopEngines();
  await stream.lose({ bid: 20_000n, ask: 20_001n });
  expect(await needed()).toBe(stream.seq() - 1n);
  await house.db
    .app("orders")
    .whereIn("id", ids)
    .update({ limit_ticks: "10001", active_from_seq: stream.seq().toString() });
  expect(await needed()).toBe(stream.seq());
});

test("whoever watches the stream sees each tradable quote in order, after its orders, and his alarms with it", async () => {
  const seen: { seq: bigint; alarms: readonly string[]; due: (bigint | null)[] }[] = [];
  let alarms: AlarmIndex<string> | undefined;
  let ids: string[] = [];
  await desk.start({
    watchers: {
      onLead: (index) => {
        alarms = index;
      },
      onQuote: async ({ seq }, rung) => void seen.push({ seq, alarms: rung, due: await dueOf(ids) }),
    },
  });
  ids = await desk.place({ limit: 19_990n }, { limit: 19_900n });
  desk.tell(ids);
  const crossing = { of: "bid" as const, by: "falling" as const, to: ticks(19_985n) };
  alarms?.("MES").put({ key: "an account", crossing, fromSeq: 0n, rank: 0n, payload: "margin call" });
  const from = desk.stream.seq();
  await desk.stream.quote(
    { bid: 19_991n, ask: 19_992n },
    { bid: 1n, ask: 2n, flag: "off-tick" },
    { bid: 19_985n, ask: 19_986n },
    { bid: 19_890n, ask: 19_891n },
  );
  await untilDue(desk.house, ids);
  const told = await until(
    async () => seen.filter(({ seq }) => seq > from),
    (all) => all.length === 3,
  );
  expect(told.map(({ seq, alarms: rung }) => [seq - from, rung])).toEqual([
    [1n, []],
    [3n, ["margin call"]],
    [4n, []],
  ]);
  // The alarm is handled before the next quote triggers anything.
  expect(told[1]?.due.map((due) => due !== null)).toEqual([true, false]);
});
