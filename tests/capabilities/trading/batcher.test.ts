import { expect, test } from "@jest/globals";
import { batcher } from "../../../server/capabilities/trading/batcher.ts";

test("starts at once when idle; what arrives meanwhile is the next batch, at most `max`", async () => {
  const batches: number[][] = [];
  const open: (() => void)[] = [];
  const queue = batcher<number, number>({
    max: 3,
    run: async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => open.push(resolve));
      return items.map((item) => item * 10);
    },
    alone: () => false,
  });
  const answers = [queue.add(1)];
  await Promise.resolve();
  for (const item of [2, 3, 4, 5]) answers.push(queue.add(item));
  const release = async (): Promise<void> => {
    while (queue.waiting() > 0 || open.length > 0) {
      open.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await release();
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  await queue.idle();
});

test("a poisonous item fails alone, its neighbours are done", async () => {
  const queue = batcher<number, string>({
    max: 10,
    run: async (items) => {
      if (items.includes(2)) throw new Error("poison");
      return items.map((item) => `done ${item}`);
    },
    alone: () => true,
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => queue.add(item)));
  expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)))).toEqual([
    "done 1",
    "Error: poison",
    "done 3",
  ]);
});

test("when the whole batch cannot be done, nothing is tried again and all hear of it", async () => {
  let runs = 0;
  const queue = batcher<number, string>({
    max: 10,
    run: async () => {
      runs += 1;
      throw new Error("away");
    },
    alone: () => false,
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map((item) => queue.add(item)));
  expect([runs, outcomes.map((one) => one.status)]).toEqual([1, ["rejected", "rejected", "rejected"]]);
});
