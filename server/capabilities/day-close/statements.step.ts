import type { Knex } from "knex";
import { foreseeStatements, isPricedThrough, makeStatements } from "../account-statements/index.ts";
import type { CloseStep, ClosingDate, StepAnswer } from "./step.ts";

/**
 * The statement of each account with movements or positions. It waits for the date's settlement marks, a minute at most: an
 * instrument without a session that date gets none, and is priced by its last.
 */
export const statements: CloseStep = {
  name: "statements",
  prepare: async ({ db }, date): Promise<StepAnswer> => {
    if (await isPricedThrough(db, date)) return { outcome: "ready", figures: {} };
    const { until, isOver } = await markPatience(db, date);
    return isOver ? { outcome: "ready", figures: {} } : { outcome: "waits", for: "marks", until };
  },
  act: async ({ db }, date) => ({ statements: `${await makeStatements(db, date)}` }),
  foresee: async (db, date) => ({ statements: `${await foreseeStatements(db, date)}` }),
};

/** How long the date's marks are waited for, and whether that is over. */
async function markPatience(db: Knex, { id }: ClosingDate): Promise<{ until: Date | null; isOver: boolean }> {
  const { rows } = await db.raw<{ rows: { until: Date | null; over: boolean | null }[] }>(
    `SELECT u.until, clock_timestamp() > u.until AS over FROM (SELECT min(told_at) + interval '1 minute' AS until FROM day_close_steps
     WHERE close_id = ? AND step = 'snapshot' AND state = 'done') u`,
    [`${id}`],
  );
  return { until: rows[0]?.until ?? null, isOver: rows[0]?.over === true };
}
