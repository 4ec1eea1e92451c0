import { expect, test } from "@jest/globals";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type CloseDesk, closeDesk, monday, runDays, stored, threeDates, tuesday } from "./support.ts";

type Killing = "before it" | "inside it" | "its connection cut" | "after its commit";

/** Dies at the n-th transaction. */
function dyingAt({ db }: CloseDesk, nth: number, killing: Killing): Transact {
  const transact = transactor(db.app);
  let left = nth;
  return async (actor, run) => {
    left -= 1;
    if (left !== 0) return transact(actor, run);
    if (killing === "before it") throw new Error("killed");
    const done = await transact(actor, async (work) => {
      const value = await run(work);
      if (killing === "inside it") throw new Error("killed");
      if (killing === "its connection cut") await work.db.raw("SELECT pg_terminate_backend(pg_backend_pid())");
      return value;
    });
    if (killing === "after its commit") throw new Error("killed");
    return done;
  };
}

async function undisturbed() {
  const desk = await closeDesk();
  try {
    await threeDates(desk);
    await runDays(desk);
    return await stored(desk.db);
  } finally {
    await desk.close();
  }
}

const killings: Killing[] = ["before it", "inside it", "its connection cut", "after its commit"];

test.each(killings)("killed at every transaction in turn, %s, it ends as an undisturbed run", async (killing) => {
  const expected = await undisturbed();
  expect(expected.closes.map(({ state }: { state: string }) => state)).toEqual(["closed", "closed", "closed", "open"]);
  const desk = await closeDesk();
  try {
    await threeDates(desk);
    let killed = (await runDays(desk, { transact: dyingAt(desk, 1, killing) })).errors.length;
    // The first transaction of a run opens dates. A later one is killed in each run: the next, the one after, ... so that a step of several gets through.
    for (let run = 0; run < 120; run++) {
      const nth = 2 + (run % 4);
      const { errors } = await runDays(desk, { transact: dyingAt(desk, nth, killing) });
      killed += errors.length;
      if (errors.length === 0) break;
    }
    expect(killed).toBeGreaterThanOrEqual(9);
    expect(await stored(desk.db)).toEqual(expected);
  } finally {
    await desk.close();
  }
});

test("run twice, and by three at once, it ends as one run", async () => {
  const expected = await undisturbed();
  const desk = await closeDesk();
  try {
    await threeDates(desk);
    const runs = await Promise.all([runDays(desk), runDays(desk), runDays(desk)]);
    expect(runs.flatMap(({ errors }) => errors)).toEqual([]);
    await runDays(desk);
    expect(await stored(desk.db)).toEqual(expected);
  } finally {
    await desk.close();
  }
});

test("the dates of a missed week-end are closed in order and end with the days' sums", async () => {
  const desk = await closeDesk();
  try {
    await threeDates(desk);
    const { tenantId } = desk.book;
    const told = await runDays(desk);
    expect(told.outcomes).toEqual([
      `${tenantId} 2027-03-05 closed`,
      `${tenantId} ${monday} closed`,
      `${tenantId} ${tuesday} closed`,
    ]);
    const { rows } = await desk.db.app.raw(
      "SELECT posted FROM balance_daily WHERE ledger_account_id = ? ORDER BY book_date",
      [`${desk.rich}`],
    );
    expect(rows.map(({ posted }: { posted: bigint }) => posted)).toEqual([99_900n, 99_880n, 99_877n]);
  } finally {
    await desk.close();
  }
});
