import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { askClose, foreseeClose } from "../../../server/capabilities/day-close/index.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { until } from "../../support/until.ts";
import { type CloseDesk, closeDesk, friday, monday, pay, runDays, stored, threeDates, tuesday } from "./support.ts";

let desk: CloseDesk;
beforeEach(async () => {
  desk = await closeDesk();
});
afterEach(() => desk.close());

const statesOf = async () =>
  (await stored(desk.db)).closes.map(({ book_date, state }: { book_date: string; state: string }) => [
    book_date,
    state,
  ]);
const refusal = async (run: Promise<unknown>) =>
  run.then(
    () => null,
    (error: { constraint?: string }) => error.constraint,
  );

test("a closed date takes no transfer, a new one takes the next date", async () => {
  await desk.setDay(monday);
  await runDays(desk);
  expect(await statesOf()).toEqual([
    [friday, "closed"],
    [monday, "open"],
  ]);
  await desk.db.owner.raw("ALTER TABLE transfers ALTER book_date SET DEFAULT '2027-03-05'");
  expect(await refusal(pay(desk, 1))).toBe("transfers_book_open");
  await desk.db.owner.raw("ALTER TABLE transfers ALTER book_date SET DEFAULT book_date_of(clock_timestamp())");
  await pay(desk, 1);
  const { rows } = await desk.db.app.raw("SELECT book_date::text AS date FROM transfers WHERE code = 3");
  expect(rows).toEqual([{ date: monday }]);
});

test("the database closes no date that is not over, opens none again, and snapshots none that is not closed", async () => {
  const { tenantId } = desk.book;
  const app = desk.db.app;
  expect(await refusal(app.raw("SELECT close_book(?, ?)", [tenantId, friday]))).toBe("closed_books_date_is_over");
  expect(await refusal(app.raw("SELECT * FROM snapshot_balances(?, ?)", [tenantId, friday]))).toBe(
    "balance_daily_of_closed_date",
  );
  await desk.setDay(tuesday);
  await runDays(desk);
  await app.raw("SELECT close_book(?, ?)", [tenantId, friday]);
  expect((await stored(desk.db)).books).toEqual([{ tenant_id: tenantId, closed_through: monday }]);
  expect(await refusal(desk.db.owner.raw("UPDATE closed_books SET closed_through = ?", [friday]))).toBe(
    "closed_books_only_forward",
  );
});

test("a writer that was in the date before it was closed is waited for and counted", async () => {
  const late = await desk.db.app.transaction();
  await pay(desk, 7, late);
  await desk.setDay(monday);
  const closing = runDays(desk);
  await until(
    () => desk.db.owner("day_close_steps").where({ step: "set-closed", state: "done" }).first("id"),
    (step) => step !== undefined,
  );
  expect((await desk.db.owner("balance_daily").count({ n: "*" }).first())?.n).toEqual(0n);
  await late.commit();
  await closing;
  const { rows } = await desk.db.app.raw("SELECT posted FROM balance_daily WHERE ledger_account_id = ?", [
    `${desk.rich}`,
  ]);
  expect(rows).toEqual([{ posted: 99_993n }]);
});

test("while transfers flow over the end of a date, each is in exactly one date and none is lost", async () => {
  let paid = 0;
  let isOver = false;
  const flow = async (): Promise<void> => {
    while (!isOver) {
      await pay(desk, 1);
      paid += 1;
    }
  };
  const flows = [flow(), flow(), flow()];
  const more = async (): Promise<void> => {
    const from = paid;
    await until(
      async () => paid,
      (now) => now > from + 30,
    );
  };
  try {
    await more();
    await desk.setDay(monday);
    await runDays(desk);
    await more();
    await desk.setDay(tuesday);
    await runDays(desk);
  } finally {
    isOver = true;
    await Promise.all(flows);
  }
  await desk.setDay("2027-03-10");
  await runDays(desk);
  const { rows } = await desk.db.app.raw(
    `SELECT d.book_date::text AS date, d.posted - lag(d.posted, 1, 100000) OVER (ORDER BY d.book_date) AS moved,
       -(SELECT count(*) FROM transfers t WHERE t.code = 3 AND t.book_date = d.book_date) AS paid
     FROM balance_daily d WHERE d.ledger_account_id = ? ORDER BY 1`,
    [`${desk.rich}`],
  );
  expect(rows.map(({ date }: { date: string }) => date)).toEqual([friday, monday, tuesday]);
  for (const { moved, paid: count } of rows) expect(moved).toEqual(count);
  expect(rows.reduce((sum: number, { moved }: { moved: bigint }) => sum - Number(moved), 0)).toBe(paid);
});

test("a broken rule stops the close at the rules and names it; put right and told to go on, it ends", async () => {
  await threeDates(desk);
  const { rich, db } = desk;
  const move = (by: number) =>
    db.owner.raw("UPDATE balances SET posted = posted + ? WHERE ledger_account_id = ?", [by, `${rich}`]);
  await move(1);
  const failed = await runDays(desk);
  expect(failed.outcomes).toEqual([`${desk.book.tenantId} ${friday} failed`]);
  const { steps } = await stored(db);
  expect(steps.slice(0, 3).map(({ state }: { state: string }) => state)).toEqual(["done", "done", "failed"]);
  expect(steps[2].figures.broken).toEqual(["I2 balance is its journal", "I1 trial balance"]);
  expect((await runDays(desk)).outcomes).toEqual([]);
  await move(-1);
  const { id } = await db.app("day_closes").where({ tenant_id: desk.book.tenantId }).first("id");
  const ask = () =>
    transactor(db.app)(systemActor, (work) =>
      askClose(work, { ...systemActor, name: "Fin Ance" }, { id, from: "failed" }),
    );
  expect((await ask()).ok).toBe(true);
  expect(await ask()).toEqual({ ok: false, refusal: "CLOSE_MOVED_ON" });
  expect((await runDays(desk)).outcomes).toEqual(
    [friday, monday, tuesday].map((d) => `${desk.book.tenantId} ${d} closed`),
  );
  expect((await stored(db)).steps[2]).toMatchObject({ state: "done", told_by: "Fin Ance", figures: { broken: [] } });
});

test("a dry run says what each step would do and writes nothing", async () => {
  await desk.setDay(monday);
  await runDays(desk);
  await pay(desk, 5);
  await desk.setDay(tuesday);
  const { id } = await desk.db.app("day_closes").where({ state: "open" }).first("id");
  const before = await stored(desk.db);
  const foreseen = await foreseeClose(desk.db.reads, id);
  expect(foreseen?.slice(0, 2)).toEqual([
    { step: "set-closed", figures: { closedThrough: monday, isOver: true, isClosed: false } },
    { step: "snapshot", figures: { accounts: "7", transfers: "1" } },
  ]);
  expect(foreseen?.[2]).toMatchObject({ step: "invariants", figures: { broken: [] } });
  expect(foreseen?.find(({ step }) => step === "reconcile")).toMatchObject({ figures: { matched: "0", open: "2" } });
  expect(await stored(desk.db)).toEqual(before);
  await runDays(desk);
  const { steps } = await stored(desk.db);
  expect(
    steps.find((step: { book_date: string; step: string }) => step.book_date === monday && step.step === "snapshot"),
  ).toMatchObject({ figures: { accounts: "7", transfers: "1" } });
});

test.each([1, -1])("a process whose clock is %i day off closes the same dates", async (off) => {
  await desk.setDay(monday);
  jest.useFakeTimers({
    now: Date.now() + off * 86_400_000,
    doNotFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "setImmediate",
      "nextTick",
      "queueMicrotask",
      "performance",
      "hrtime",
      "clearImmediate",
    ],
  });
  try {
    await runDays(desk);
  } finally {
    jest.useRealTimers();
  }
  expect(await statesOf()).toEqual([
    [friday, "closed"],
    [monday, "open"],
  ]);
});

test("the close names what our books have with the bank and no statement does, and goes on", async () => {
  await desk.setDay(monday);
  await runDays(desk);
  expect((await statesOf())[0]).toEqual([friday, "closed"]);
  const { figures } = await desk.db.owner("day_close_steps").where({ step: "reconcile", state: "done" }).first();
  expect(figures).toEqual({
    ...{ matched: "0", open: "2" },
    channels: ["bank USD ours 1005.00, theirs 0.00"],
    rows: [
      expect.stringMatching(/^bank only-ours .{36}: USD ours 1000\.00, theirs 0\.00, since 2027-03-05$/),
      expect.stringMatching(/^bank only-ours .{36}: USD ours 5\.00, theirs 0\.00, since 2027-03-05$/),
    ],
  });
});
