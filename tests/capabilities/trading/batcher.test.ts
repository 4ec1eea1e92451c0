import { expect, test } from "@jest/globals";
import { again, batcher } from "../../../server/capabilities/trading/batcher.ts";

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

test("one poisonous item of 200 costs some ten further runs, not two hundred", async () => {
  let runs = 0;
  const queue = batcher<number, null>({
    max: 200,
    run: async (items) => {
      runs += 1;
      if (items.includes(117)) throw new Error("poison");
      return items.map(() => null);
    },
    alone: () => true,
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, (_, item) => queue.add(item)));
  expect(outcomes.filter((one) => one.status === "rejected")).toHaveLength(1);
  expect(runs).toBe(17);
});

test("the expected wait is the batches in front, at the measured time of one; nothing when nothing waits", async () => {
  let letGo = (): void => {};
  const queue = batcher<number, null>({
    max: 10,
    run: async (items) => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      return items.map(() => null);
    },
    alone: () => false,
  });
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  const first = queue.add(0);
  await turn();
  letGo();
  await first;
  await queue.idle();
  expect(queue.expectedWaitMs()).toBe(0);
  const others = [queue.add(1)];
  await turn();
  const behindOne = queue.expectedWaitMs();
  expect(behindOne).toBeGreaterThan(0);
  others.push(...Array.from({ length: 40 }, (_, item) => queue.add(item)));
  expect(queue.expectedWaitMs()).toBeCloseTo(behindOne * 3);
  for (let batch = 0; batch < 5; batch++) {
    letGo();
    await turn();
  }
  await Promise.all(others);
  await queue.idle();
  expect(queue.expectedWaitMs()).toBe(0);
});

test("what a batch puts off begins the next one, in its order; put off five times, it must be done", async () => {
  const batches: { items: readonly number[]; mayPutOff: boolean }[] = [];
  const queue = batcher<number, string>({
    max: 3,
    run: async (items, mayPutOff) => {
      batches.push({ items, mayPutOff });
      return items.map((item) => (item < 3 && mayPutOff ? again : `done ${item}`));
    },
    alone: () => false,
  });
  expect(await Promise.all([1, 2, 3, 4].map((item) => queue.add(item)))).toEqual([
    "done 1",
    "done 2",
    "done 3",
    "done 4",
  ]);
  expect(batches).toEqual([
    { items: [1, 2, 3], mayPutOff: true },
    { items: [1, 2, 4], mayPutOff: true },
    ...Array.from({ length: 3 }, () => ({ items: [1, 2], mayPutOff: true })),
    { items: [1, 2], mayPutOff: false },
  ]);
});
