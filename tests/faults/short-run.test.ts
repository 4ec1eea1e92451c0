import { expect, test } from "@jest/globals";
import { makePlan, type RunOptions } from "./runner/plan.ts";
import { runFaults, violationsOf } from "./runner/run.ts";

/** The runner of `npm run faults` over the most telling faults, each as short as it can be and still tell. */
const options: RunOptions = {
  seed: 14,
  trafficMs: 28_000,
  traders: 5,
  pauseMs: 500,
  faults: ["F1", "F2", "F4", "F8", "F11", "F13", "F14", "F15", "F24", "F25", "F27", "P1"],
  pace: 0.1,
};
const patienceMs = 360_000;

test("one seed is one plan: the same traders, orders and faults at the same times", () => {
  expect(makePlan(options)).toEqual(makePlan(options));
  expect(makePlan({ ...options, seed: 15 }).actions).not.toEqual(makePlan(options).actions);
  expect(makePlan({ ...options, seed: 15 }).faults).not.toEqual(makePlan(options).faults);
});

test(
  "a whole installation under a nemesis: nothing is lost, nothing happens twice",
  async () => {
    const said: string[] = [];
    const report = await runFaults(makePlan(options), (line) => said.push(line));
    expect({ violations: violationsOf(report), said: violationsOf(report).length === 0 ? [] : said }).toEqual({
      violations: [],
      said: [],
    });
    expect(report.filled).toBeGreaterThan(50);
    expect(report.faults.length).toBeGreaterThan(3);
  },
  patienceMs,
);
