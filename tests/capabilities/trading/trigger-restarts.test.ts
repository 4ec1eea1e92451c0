import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import knex from "knex";
import { fireTriggers, holdStopped } from "../../../server/capabilities/trading/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type TriggerDesk, triggerDesk } from "../../support/trigger-desk.ts";
import { leads, triggersOf, untilDue, untilTried } from "../../support/triggers.ts";
import { until } from "../../support/until.ts";

let desk: TriggerDesk;
beforeAll(async () => {
  desk = await triggerDesk();
});
beforeEach(() => desk.stream.quote({ bid: 20_000n, ask: 20_001n }));
afterEach(() => desk.stopEngines());
afterAll(() => desk.house.close());

/** Ends every connection of the server, as a restart of the database does. */
const cutConnections = () =>
  desk.house.db.owner.raw(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'truewick-test'`,
  );
const rowOf = async (id: string) => (await triggersOf(desk.house, [id]))[0];

describe("an engine that was away", () => {
  test("goes on where it stopped: orders are due at the quotes that met them meanwhile, in the order of the stream", async () => {
    await desk.start();
    const ids = await desk.place({ side: "sell", stop: 19_700n }, { side: "sell", stop: 19_900n }, { limit: 19_800n });
    desk.tell(ids);
    await untilTried(desk.house, desk.stream.seq());
    await desk.stopEngines();
    const missed = await desk.stream.quote(
      { bid: 19_890n, ask: 19_891n },
      { bid: 19_780n, ask: 19_781n },
      { bid: 19_600n, ask: 19_601n },
      { bid: 20_000n, ask: 20_001n },
    );
    await desk.start();
    expect(await untilDue(desk.house, ids)).toEqual([missed[2]?.seq, missed[0]?.seq, missed[1]?.seq]);
    const due = (await triggersOf(desk.house, ids)).map((row) => row.due_seq ?? 0n);
    expect([due[1], due[2], due[0]]).toEqual([...due].sort((a, b) => Number(a - b)));
  });

  test("finds orders that were accepted while it was away, and those it had not heard of before", async () => {
    await desk.start({ sweepEveryMs: 60_000 });
    const unheard = await desk.place({ limit: 19_990n });
    const [first] = await desk.stream.quote({ bid: 19_980n, ask: 19_981n });
    await desk.stopEngines();
    const later = await desk.place({ limit: 19_970n });
    const [second] = await desk.stream.quote({ bid: 19_960n, ask: 19_961n });
    await desk.start();
    expect(await untilDue(desk.house, [...unheard, ...later])).toEqual([first?.seq, second?.seq]);
  });
});

describe("two engines", () => {
  test("one leads, the other takes over when it stops, and no order is due twice", async () => {
    const first = await desk.start();
    const second = desk.standBy();
    const [early] = await desk.place({ limit: 19_990n });
    await desk.stream.quote({ bid: 19_980n, ask: 19_981n });
    await untilDue(desk.house, [early ?? ""]);
    expect([first.status().leads, second.status().leads]).toEqual([true, false]);
    await first.stop();
    const [late] = await desk.place({ limit: 19_970n });
    const [met] = await desk.stream.quote({ bid: 19_960n, ask: 19_961n });
    await leads(second);
    expect(await untilDue(desk.house, [late ?? ""])).toEqual([met?.seq]);
    const events = await desk.eventsOf([early ?? "", late ?? ""]);
    expect(events.map(({ kind }) => kind)).toEqual(["triggered", "triggered"]);
  });

  test("one that lost the lead without noticing marks nothing more", async () => {
    const { db } = desk.house;
    const [id = ""] = await desk.place({ limit: 19_990n });
    const [quote] = await desk.stream.lose({ bid: 19_000n, ask: 19_001n });
    const [epoch] = await db.owner("trigger_engine").select("epoch");
    const row = await db.owner("orders").where({ id }).first("waiting_xid", "seq");
    if (quote === undefined) throw new Error("no quote");
    const order = {
      ...{ id, accountId: desk.account.accountId, instrumentId: "MES", reduceOnly: false, seq: row.seq },
      ...{ version: row.waiting_xid, side: "buy" as const, limit: quote.ask, stop: null, stopQuoteSeq: null },
      ...{ activeFromSeq: quote.seq - 1n, expiresAt: null },
    };
    const ports = { transact: transactor(db.app), holdBack: holdStopped, keepWithin: async () => new Set<string>() };
    const mark = [{ order, stopQuote: null, quote }];
    await expect(fireTriggers(ports, epoch.epoch - 1n, mark)).rejects.toThrow("is over");
    expect(await rowOf(id)).toMatchObject({ due_seq: null });
    await fireTriggers(ports, epoch.epoch, mark);
    const due = await rowOf(id);
    expect(due).toMatchObject({ trigger_quote_seq: quote.seq });
    // The same again, as after an answer that got lost: nothing.
    await fireTriggers(ports, epoch.epoch, mark);
    expect(await rowOf(id)).toEqual(due);
    expect(await desk.eventsOf([id])).toHaveLength(1);
  });
});

describe("a database that goes away", () => {
  test("while quotes come: each order is due once, at its quote, when it is back", async () => {
    await desk.start();
    const prices = Array.from({ length: 40 }, (_, step) => 19_900n - BigInt(step) * 10n);
    const ids = await desk.place(...prices.map((limit) => ({ limit })));
    desk.tell(ids);
    const met: (bigint | undefined)[] = [];
    for (const price of prices) {
      const [quote] = await desk.stream.quote({ bid: price - 1n, ask: price });
      met.push(quote?.seq);
      if (price % 50n === 0n) await cutConnections();
    }
    expect(await untilDue(desk.house, ids)).toEqual(met);
    expect(await desk.eventsOf(ids)).toHaveLength(ids.length);
    const due = (await triggersOf(desk.house, ids)).map((row) => row.due_seq ?? 0n);
    expect(due).toEqual([...due].sort((a, b) => Number(a - b)));
  }, 60_000);

  test("for a while, refusing connections: the engine leads again when they are let in", async () => {
    const engine = await desk.start();
    const ids = await desk.place({ limit: 19_990n });
    const { rows } = await desk.house.db.owner.raw("SELECT current_database() AS name");
    const cluster = knex({ client: "pg", connection: process.env.DATABASE_URL ?? "", pool: { min: 0, max: 1 } });
    const letIn = (allowed: boolean) =>
      cluster.raw(`ALTER DATABASE ?? ALLOW_CONNECTIONS ${allowed ? "true" : "false"}`, [rows[0].name]);
    const [met] = await desk.stream.lose({ bid: 19_980n, ask: 19_981n });
    await letIn(false);
    await cutConnections();
    await until(
      async () => engine.status().leads,
      (isLeading) => !isLeading,
    );
    await letIn(true);
    await cluster.destroy();
    expect(await untilDue(desk.house, ids)).toEqual([met?.seq]);
  });
});
