import { expect, test } from "@jest/globals";
import { type Ended, sweepUntold } from "../../server/platform/realtime/untold.ts";
import { until } from "../support/until.ts";

/** A sweep over orders that end when they are added; time moves by hand. */
function aSweep(watched: readonly string[]) {
  const ended: { id: string; accountId: string; atMs: number }[] = [];
  const told: string[] = [];
  let nowMs = 0;
  let looks = 0;
  const read = async (since: string | null, delayMs: number): Promise<Ended> => {
    looks += 1;
    const untilMs = nowMs - delayMs;
    const orders = ended.filter(({ atMs }) => since !== null && atMs > Number(since) && atMs <= untilMs);
    return { orders, until: String(untilMs) };
  };
  const sweep = sweepUntold({
    ended: read,
    isWatched: (accountId) => watched.includes(accountId),
    tell: (_accountId, ids) => {
      told.push(...ids);
      sweep.told(ids);
    },
    clock: { elapsedMs: () => nowMs },
    onError: () => {},
    restMs: 2,
  });
  return {
    sweep,
    told,
    end: (id: string, accountId = "mine", atMs = nowMs) => ended.push({ id, accountId, atMs }),
    pass: async (ms: number) => {
      nowMs += ms;
      const before = looks;
      // Both delays, twice: a round that had begun already may have read the time before.
      await until(
        async () => looks,
        (seen) => seen >= before + 4,
      );
    },
  };
}

test("an end that nobody announced is told 2 s later, once", async () => {
  const { sweep, told, end, pass } = aSweep(["mine"]);
  await pass(1);
  end("lost");
  await pass(1_999);
  expect(told).toEqual([]);
  await pass(1);
  expect(told).toEqual(["lost"]);
  await pass(18_000);
  expect(told).toEqual(["lost"]);
  await sweep.stop();
});

test("an end that was told is not told again, nor one of an account that nobody watches", async () => {
  const { sweep, told, end, pass } = aSweep(["mine"]);
  await pass(1);
  end("announced");
  sweep.told(["announced"]);
  end("elsewhere", "another");
  await pass(2_000);
  await pass(18_000);
  expect(told).toEqual([]);
  await sweep.stop();
});

test("an end that was committed long after the moment it wrote down is found by the later look", async () => {
  const { sweep, told, end, pass } = aSweep(["mine"]);
  await pass(1);
  await pass(5_000);
  end("late", "mine", 100);
  await pass(5_000);
  expect(told).toEqual([]);
  await pass(12_000);
  expect(told).toEqual(["late"]);
  await sweep.stop();
});
