import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isWithin, readDailyTime, readWindow, readWindows, writeWindow } from "#core/trading-window.ts";

const at = (text: string): number => Date.parse(text);
const within = (window: string, moment: string): boolean => {
  const read = readWindow(window);
  if (!read.ok) throw new Error(`${window}: ${read.refusal}`);
  return isWithin(read.value, at(moment));
};

describe("a window", () => {
  test.each<[window: string, moment: string, isIn: boolean]>([
    ["mon-fri 09:00-17:30 Europe/London", "2026-11-23T09:00:00Z", true],
    ["mon-fri 09:00-17:30 Europe/London", "2026-11-23T08:59:59Z", false],
    ["mon-fri 09:00-17:30 Europe/London", "2026-11-23T17:30:00Z", false],
    ["mon-fri 09:00-17:30 Europe/London", "2026-11-22T12:00:00Z", false],
    // Summer time: nine in London is eight in UTC.
    ["mon-fri 09:00-17:30 Europe/London", "2026-07-20T08:00:00Z", true],
    // The week in which New York has changed its clocks and London has not.
    ["mon-fri 09:30-16:00 America/New_York", "2026-10-28T13:30:00Z", true],
    ["mon-fri 09:30-16:00 America/New_York", "2026-11-02T13:30:00Z", false],
    // Over midnight it belongs to the day on which it began.
    ["sun-thu 17:00-16:00 America/Chicago", "2026-11-23T05:00:00Z", true],
    ["sun-thu 17:00-16:00 America/Chicago", "2026-11-27T15:59:00Z", true],
    ["sun-thu 17:00-16:00 America/Chicago", "2026-11-27T23:30:00Z", false],
    // From Saturday into the next week.
    ["sat 22:00-02:00 UTC", "2026-11-22T01:59:00Z", true],
    ["sat 22:00-02:00 UTC", "2026-11-22T02:00:00Z", false],
    ["sun-sat 00:00-24:00 UTC", "2026-11-25T23:59:59Z", true],
    ["fri-mon 10:00-11:00 UTC", "2026-11-23T10:30:00Z", true],
  ])("%s at %s: %s", (window, moment, isIn) => {
    expect(within(window, moment)).toBe(isIn);
  });

  test.each([
    "mon 09:00-09:00 UTC",
    "mon 9:00-10:00 UTC",
    "mon-fri 09:00-10:00 Europe/Nowhere",
    "",
    "mon,mon 09:00-10:00 UTC",
    "mon 09:00-10:00",
  ])("%s is none", (text) => expect(readWindow(text).ok).toBe(false));

  test("is written as it can be read again", () => {
    const read = readWindow("mon-fri 09:00-17:30 Europe/London");
    if (!read.ok) throw new Error(read.refusal);
    expect(readWindow(writeWindow(read.value))).toEqual(read);
  });
});

test("days that follow each other are written as a range, and read back as they were", () => {
  const written = (weekdays: readonly number[]) =>
    writeWindow({ weekdays, from: "09:00", to: "17:00", zone: "UTC" }).replace(" 09:00-17:00 UTC", "");
  expect([
    written([1, 2, 3, 4, 5]),
    written([0, 6]),
    written([5, 6, 0, 2]),
    written([0, 1, 2, 3, 4, 5, 6]),
    written([3]),
  ]).toEqual(["mon-fri", "sun,sat", "fri-sun,tue", "sun-sat", "wed"]);
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }), (weekdays) => {
      const read = readWindow(`${written(weekdays)} 09:00-17:00 UTC`);
      expect(read.ok && read.value.weekdays).toEqual(weekdays);
    }),
  );
});

test("two windows of one zone must not overlap, also over the end of the week", () => {
  expect(readWindows(["mon-fri 09:00-12:00 UTC", "mon-fri 12:00-17:00 UTC"]).ok).toBe(true);
  expect(readWindows(["mon-fri 09:00-12:00 UTC", "wed 11:00-13:00 UTC"])).toEqual({ ok: false, refusal: "overlaps" });
  expect(readWindows(["sat 20:00-04:00 UTC", "sun 03:00-05:00 UTC"])).toEqual({ ok: false, refusal: "overlaps" });
  expect(readWindows(["mon 09:00-12:00 UTC", "mon 09:00-12:00 Europe/London"]).ok).toBe(true);
  expect(readWindows([])).toEqual({ ok: false, refusal: "empty" });
});

test("a daily time names a time of day and a zone", () => {
  expect(readDailyTime("16:55 America/Chicago")).toEqual({
    ok: true,
    value: { time: "16:55", zone: "America/Chicago" },
  });
  for (const text of ["24:00 UTC", "16:55", "16:55 Mars/Base"]) expect(readDailyTime(text).ok).toBe(false);
});
