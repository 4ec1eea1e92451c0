import { expect, test } from "@jest/globals";
import { timeWords } from "../../widget/format/chart-time.ts";

const at = (iso: string): number => Date.parse(iso);

test("a day is its trade date at the exchange, wherever it is read: Sunday 17:00 in Chicago begins Monday", () => {
  for (const reader of ["America/Chicago", "Asia/Shanghai", "Europe/London", "Pacific/Honolulu"]) {
    const words = timeWords("en", "America/Chicago", reader);
    expect(words.axis(at("2026-11-22T23:00:00Z"), "1d")).toBe("Nov 23");
    expect(words.bar(at("2026-11-22T23:00:00Z"), "1d")).toBe("Mon, Nov 23, 2026");
  }
});

test("four hours are marked by the date, shorter bars by the hour and by the date where a day begins", () => {
  const words = timeWords("en", "America/Chicago", "Asia/Shanghai");
  expect(words.axis(at("2026-11-22T16:00:00Z"), "4h")).toBe("Nov 23");
  expect(words.axis(at("2026-11-22T16:00:00Z"), "1h")).toBe("Nov 23");
  expect(words.axis(at("2026-11-22T17:30:00Z"), "30m")).toBe("01:30");
  expect(timeWords("zh-CN", "UTC", "UTC").axis(at("2026-11-22T00:00:00Z"), "5m")).toBe("11月22日");
});
