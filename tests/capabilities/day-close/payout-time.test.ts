import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { isPayoutTime } from "../../../server/capabilities/agents/index.ts";
import { type CloseDesk, closeDesk, friday, monday, tuesday, wednesday } from "./support.ts";

let desk: CloseDesk;
beforeEach(async () => {
  desk = await closeDesk();
});
afterEach(() => desk.close());

test("a Friday's payouts may be posted from Monday noon on, a Monday's from Tuesday noon on", async () => {
  const timely = async (at: string, date: string): Promise<boolean> => {
    await desk.clock.set(at);
    return isPayoutTime(desk.db.app, date);
  };
  expect(await timely(`${friday} 17:30`, friday)).toBe(false);
  expect(await timely("2027-03-07 12:30", friday)).toBe(false);
  expect(await timely(`${monday} 11:55`, friday)).toBe(false);
  expect(await timely(`${monday} 12:05`, friday)).toBe(true);
  expect(await timely(`${monday} 12:05`, monday)).toBe(false);
  expect(await timely(`${tuesday} 12:05`, monday)).toBe(true);
  expect(await timely(`${wednesday} 09:00`, monday)).toBe(true);
});

test("a holiday that the calendar passes over moves payouts to the day after it", async () => {
  await desk.db.owner.raw(`
    CREATE OR REPLACE FUNCTION real_book_date_of(at timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
      SELECT CASE WHEN extract(isodow FROM d) IN (6, 7) OR d = '${monday}' THEN date '${tuesday}' ELSE d END
      FROM (SELECT ((at AT TIME ZONE 'America/Chicago') + interval '7 hours')::date AS d) s $$`);
  await desk.clock.set(`${monday} 12:05`);
  expect(await isPayoutTime(desk.db.app, friday)).toBe(false);
  await desk.clock.set(`${tuesday} 11:55`);
  expect(await isPayoutTime(desk.db.app, friday)).toBe(false);
  await desk.clock.set(`${tuesday} 12:05`);
  expect(await isPayoutTime(desk.db.app, friday)).toBe(true);
});
