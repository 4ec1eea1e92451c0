import { expect } from "@jest/globals";
import { closeDays } from "../../server/capabilities/day-close/index.ts";
import { type Transact, transactor } from "../../server/platform/db/unit-of-work.ts";
import { dyingAt, type Killing } from "../capabilities/day-close/support.ts";
import { nodeCrypto } from "../support/proofs.ts";
import type { Month } from "./house.ts";

interface Run {
  readonly ended: string[];
  readonly errors: string[];
}

/** One look of the scheduler at what is to be closed. */
async function run({ house, seal }: Month, transact: Transact = transactor(house.db.app)): Promise<Run> {
  const told: Run = { ended: [], errors: [] };
  await closeDays({
    ...{ db: house.db.app, transact, announce: () => {}, sealBooks: seal, crypto: nodeCrypto },
    asked: { channels: [], chains: [] },
    onOutcome: ({ bookDate }, { outcome }) => told.ended.push(`${bookDate} ${outcome}`),
    onError: (error) => told.errors.push((error as Error).message),
  }).catch((error: unknown) => told.errors.push((error as Error).message));
  return told;
}

/** A close that must go well; the dates that ended, with how. */
export async function closeWell(month: Month): Promise<string[]> {
  const { ended, errors } = await run(month);
  expect(errors).toEqual([]);
  return ended;
}

/** Three processes at once. */
export async function closeByThree(month: Month): Promise<string[]> {
  const runs = await Promise.all([run(month), run(month), run(month)]);
  expect(runs.flatMap(({ errors }) => errors)).toEqual([]);
  return [...new Set(runs.flatMap(({ ended }) => ended))];
}

/** One step has no more transactions than that: a run now and then gets through it. */
const stepsLongest = 12;

/** Killed at every transaction in turn until one run gets through; how often it was killed, and what ended. */
export async function closeKilled(month: Month, killing: Killing): Promise<{ killed: number; ended: string[] }> {
  const ended: string[] = [];
  for (let attempt = 0; attempt < 120; attempt++) {
    const told = await run(month, dyingAt(month.house.db, 2 + (attempt % stepsLongest), killing));
    ended.push(...told.ended);
    if (told.errors.length === 0) return { killed: attempt, ended };
  }
  throw new Error("the close does not end");
}

/** Steps of a date that are done. */
export const stepsDone = async ({ house }: Month, day: string): Promise<string[]> =>
  house.db.owner("admin_day_close_steps").where({ book_date: day, state: "done" }).orderBy("step_no").pluck("step");

/** The date on which the payouts of a date were posted: all of them on one, or none. */
export async function paidOn({ house }: Month, day: string): Promise<string[]> {
  const { rows } = await house.db.owner.raw(
    `SELECT DISTINCT t.book_date::text AS day FROM commission_payouts p JOIN transfers t ON t.group_id = p.id
     WHERE p.book_date = ? AND p.state = 'paid'`,
    [day],
  );
  return rows.map(({ day: date }: { day: string }) => date);
}
