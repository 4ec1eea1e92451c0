import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { closeStepNames } from "../../../server/contracts/close-names.ts";
import { type CloseDesk, closeDesk, friday, monday, runDays, stored, threeDates } from "./support.ts";

let desk: CloseDesk;
beforeEach(async () => {
  desk = await closeDesk();
});
afterEach(() => desk.close());

/** A close as an older version left it: its plan, how much of it is done. */
async function leaveClose(steps: readonly string[], done: number): Promise<void> {
  const { app, owner } = desk.db;
  const [close] = await app("day_closes").insert({ tenant_id: desk.book.tenantId, book_date: friday }).returning("id");
  for (const [at, step] of steps.entries())
    await app("day_close_steps").insert({ close_id: `${close.id}`, step_no: at + 1, step });
  if (done > 0) await app.raw("SELECT close_book(?, ?)", [desk.book.tenantId, friday]);
  await owner.raw(
    `UPDATE day_close_steps SET state = 'done', figures = '{}', told_by = 'before', told_at = clock_timestamp() WHERE step_no <= ?`,
    [done],
  );
}

const stepsOf = async (date: string) =>
  (await stored(desk.db)).steps.filter(({ book_date }: { book_date: string }) => book_date === date);

test.each([0, 1])("a date planned with three steps takes the steps there are, %i of them done before", async (done) => {
  await threeDates(desk);
  await leaveClose(["set-closed", "snapshot", "invariants"], done);
  expect((await runDays(desk)).outcomes[0]).toBe(`${desk.book.tenantId} ${friday} closed`);
  const steps = await stepsOf(friday);
  expect(steps.map(({ step }: { step: string }) => step)).toEqual([...closeStepNames]);
  expect(steps.map(({ told_by }: { told_by: string }) => told_by === "before")).toEqual(
    closeStepNames.map((_, at) => at < done),
  );
});

test("a step that no version knows any more is not waited for, one that is done is not done again", async () => {
  await threeDates(desk);
  await leaveClose(["set-closed", "greet", "snapshot"], 1);
  await runDays(desk);
  expect((await stepsOf(friday)).map(({ step }: { step: string }) => step)).toEqual([...closeStepNames]);
});

test("the database lets nobody take a step away that is done, or add one to a date that is closed", async () => {
  await threeDates(desk);
  await runDays(desk);
  const { app } = desk.db;
  const refusal = (run: Promise<unknown>) => run.catch((error: { constraint?: string }) => error.constraint);
  expect(await refusal(app.raw("DELETE FROM day_close_steps WHERE step_no = 1"))).toBe("day_close_steps_planned_ahead");
  const { id } = await app("day_closes").where({ book_date: monday }).first("id");
  const added = app("day_close_steps").insert({ close_id: `${id}`, step_no: 50, step: "seal" });
  expect(await refusal(added)).toBe("day_close_steps_planned_ahead");
});
