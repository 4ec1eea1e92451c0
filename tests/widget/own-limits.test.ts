import { expect, test } from "@jest/globals";
import type { OwnLimits } from "#contracts/own-limits-api.ts";
import { draftOf, textOf, wantedOf } from "../../widget/format/own-limits.ts";

const none: OwnLimits = {
  ...{ dailyLoss: null, maxLotsPerOrder: null, maxPositionLots: null, maxOrdersPerMinute: null },
  ...{ tradingWindows: null, allowed: null },
};
const some: OwnLimits = {
  dailyLoss: { amount: "250.00", resetTime: "17:00", resetZone: "America/Chicago", action: "reduce-only" },
  ...{ maxLotsPerOrder: "2", maxPositionLots: "9", maxOrdersPerMinute: 30, allowed: ["MES"] },
  tradingWindows: ["mon,wed,fri 09:00-17:00 Europe/London"],
};

test("what is not changed is asked for as it was, what is emptied as none, and what can't be read as it is typed", () => {
  for (const limits of [none, some]) expect(wantedOf(draftOf(limits, "UTC"), limits)).toEqual(limits);
  const draft = draftOf(some, "UTC");
  const emptied = { ...draft, amount: " ", maxOrdersPerMinute: "", maxLotsPerOrder: " a few ", days: [] };
  expect(wantedOf(emptied, some)).toEqual({
    ...some,
    ...{ dailyLoss: null, maxOrdersPerMinute: null, maxLotsPerOrder: "a few", tradingWindows: null },
  });
  expect(wantedOf({ ...draft, maxOrdersPerMinute: "a few" }, some).maxOrdersPerMinute).toBe("a few");
});

test("ranges of days are days, midnight is 00:00, and hours that are not one stretch are kept until days are chosen", () => {
  const night = draftOf({ ...none, tradingWindows: ["fri-sun,tue 09:00-24:00 UTC"] }, "Asia/Shanghai");
  expect([night.days, night.to, night.hoursZone]).toEqual([["sun", "tue", "fri", "sat"], "00:00", "UTC"]);
  const two = { ...none, tradingWindows: ["mon-wed 09:00-12:00 UTC", "sat 10:00-11:00 UTC"] };
  const draft = draftOf(two, "Asia/Shanghai");
  expect([draft.days, wantedOf(draft, two)]).toEqual([[], two]);
  expect(wantedOf({ ...draft, days: ["mon"] }, two).tradingWindows).toEqual(["mon 09:00-12:00 UTC"]);
});

test("a limit is read with its currency and in the reader's figures", () => {
  const told = (name: Parameters<typeof textOf>[0]) => textOf(name, some, { locale: "en", currency: "USD" });
  expect([told("dailyLoss"), told("maxOrdersPerMinute"), told("tradingWindows"), told("allowed")]).toEqual([
    "250.00\u00a0USD",
    "30",
    "mon,wed,fri 09:00-17:00 Europe/London",
    "MES",
  ]);
  expect(textOf("maxLotsPerOrder", none, { locale: "zh-CN", currency: "USD" })).toBeNull();
});
