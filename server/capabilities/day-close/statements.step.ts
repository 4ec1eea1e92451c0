import type { Knex } from "knex";
import { foreseeStatements, isPricedThrough, makeStatements } from "../account-statements/index.ts";
import type { CloseStep, ClosingDate, StepAnswer } from "./step.ts";

/**
 * The statement of each account with movements or positions. It waits for the date's settlement marks, a minute at most: an
 * instrument without a session that date gets none, and is priced by its last.
 */
export const statements: CloseStep = {
  name: "statements",
  prepare: async ({ db }, date): Promise<StepAnswer> =>
    (await isPricedThrough(db, date)) || (await marksAreOverdue(db, date))
      ? { outcome: "ready", figures: {} }
      : { outcome: "waits" },
  act: async ({ db }, date) => ({ statements: `${await makeStatements(db, date)}` }),
  foresee: async (db, date) => ({ statements: `${await foreseeStatements(db, date)}` }),
};

async function marksAreOverdue(db: Knex, { id }: ClosingDate): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { overdue: boolean }[] }>(
    `SELECT clock_timestamp() > min(told_at) + interval '1 minute' AS overdue FROM day_close_steps
     WHERE close_id = ? AND step = 'snapshot' AND state = 'done'`,
    [`${id}`],
  );
  return rows[0]?.overdue === true;
}
