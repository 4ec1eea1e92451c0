import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { orderStory } from "../../../server/capabilities/reports/index.ts";
import { type TriggerDesk, triggerDesk } from "../../support/trigger-desk.ts";
import { untilDue } from "../../support/triggers.ts";

let desk: TriggerDesk;
beforeAll(async () => {
  desk = await triggerDesk();
});
afterEach(() => desk.stopEngines());
afterAll(() => desk?.house.close());

const gapOf = async (id: string): Promise<string | null> => {
  const steps = await orderStory(desk.house.db.app)(id);
  return steps.flatMap(({ facts }) => facts).find(({ name }) => name === "gap")?.value ?? null;
};

test("a stop that filled beyond its price says how far; one met exactly, and a limit filled better, do not", async () => {
  await desk.stream.quote({ bid: 20_000n, ask: 20_001n });
  await desk.start();
  const [exact = "", beyond = "", limit = ""] = await desk.place(
    { side: "sell", stop: 19_950n },
    { side: "sell", stop: 19_930n },
    { limit: 19_920n },
  );
  desk.tell([exact, beyond, limit]);
  await desk.stream.quote({ bid: 19_950n, ask: 19_951n }, { bid: 19_900n, ask: 19_901n });
  await untilDue(desk.house, [exact, beyond, limit]);
  await desk.house.settler()([exact, beyond, limit]);
  expect([await gapOf(exact), await gapOf(beyond), await gapOf(limit)]).toEqual([null, "7.50", null]);
});
