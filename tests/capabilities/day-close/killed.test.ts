import { expect, test } from "@jest/globals";
import { closeDesk, dyingAt, killings, monday, runDays, stored, threeDates, tuesday } from "./support.ts";

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

test.each(killings)("killed at every transaction in turn, %s, it ends as an undisturbed run", async (killing) => {
  const expected = await undisturbed();
  expect(expected.closes.map(({ state }: { state: string }) => state)).toEqual(["closed", "closed", "closed", "open"]);
  const desk = await closeDesk();
  try {
    await threeDates(desk);
    let killed = (await runDays(desk, { transact: dyingAt(desk.db, 1, killing) })).errors.length;
    // The first transaction of a run opens dates. A later one is killed in each run: the next, the one after, ... so that a step of several gets through.
    for (let run = 0; run < 120; run++) {
      const nth = 2 + (run % 4);
      const { errors } = await runDays(desk, { transact: dyingAt(desk.db, nth, killing) });
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
