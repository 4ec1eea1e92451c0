import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { scheduleExports } from "../../../server/capabilities/exports/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type CloseDesk, closeDesk, friday, monday, tuesday, wednesday } from "../day-close/support.ts";

/** A partner's schedules over a calendar that the test moves: Friday 2027-03-05, a week-end, and the days after. */
let desk: CloseDesk;
let schedules: Record<"day" | "week" | "month", string>;
beforeAll(async () => {
  desk = await closeDesk();
  const rows = (["day", "week", "month"] as const).map((period) => ({
    ...{ tenant_id: desk.book.tenantId, name: `Of each ${period}`, report: "ledger", period },
  }));
  const made = await desk.db.app("export_schedules").insert(rows).returning(["id", "period"]);
  schedules = Object.fromEntries(made.map(({ id, period }) => [period, id])) as typeof schedules;
}, 60_000);
afterAll(() => desk?.close());

const look = (): Promise<number> => scheduleExports({ transact: transactor(desk.db.app) });
const closedThrough = (day: string) =>
  desk.db
    .owner("closed_books")
    .insert({ tenant_id: desk.book.tenantId, closed_through: day })
    .onConflict("tenant_id")
    .merge();
const asked = async (period: keyof typeof schedules): Promise<string[]> => {
  const rows = await desk.db
    .owner("exports")
    .where({ schedule_id: schedules[period] })
    .orderBy("from_date")
    .select(desk.db.owner.raw("from_date::text || ' ' || to_date::text AS dates"));
  return rows.map(({ dates }) => dates);
};

test("nothing is asked for before a date is closed", async () => {
  expect(await look()).toBe(0);
});

test("each book date once it is closed, each week once its last is, whoever looks and how often", async () => {
  await closedThrough(friday);
  expect((await Promise.all([look(), look(), look()])).reduce((sum, one) => sum + one)).toBe(2);
  expect(await look()).toBe(0);
  expect(await asked("day")).toEqual([`${friday} ${friday}`]);
  expect(await asked("week")).toEqual([`${friday} 2027-03-07`]);
  expect(await asked("month")).toEqual([]);
});

test("what was missed is made up for, over the week-end, and a schedule that is off asks for nothing", async () => {
  await desk.db.app("export_schedules").where({ id: schedules.week }).update({ is_active: false });
  await closedThrough(wednesday);
  expect(await look()).toBe(3);
  expect(await asked("day")).toEqual([friday, monday, tuesday, wednesday].map((day) => `${day} ${day}`));
  await closedThrough("2027-03-31");
  await look();
  expect(await asked("week")).toHaveLength(1);
  expect(await asked("month")).toEqual([`${friday} 2027-03-31`]);
});

test("what is asked for is what the schedule says, and the audit log has it", async () => {
  const row = await desk.db.owner("exports").where({ schedule_id: schedules.day }).orderBy("from_date").first();
  expect(row).toMatchObject({
    report: "ledger",
    book: "live",
    profile: "excel",
    state: "queued",
    requested_by: "Of each day",
  });
  const entry = await desk.db.owner("audit_log").where({ resource: "exports", object_id: row.id }).first();
  expect(entry).toMatchObject({
    action: "request",
    after: { schedule: "Of each day", fromDate: friday, toDate: friday },
  });
});
