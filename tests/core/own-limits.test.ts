import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { OwnSetting } from "#contracts/own-names.ts";
import { heldAtOnce } from "#core/own-limits.ts";
import { assert } from "#core/result.ts";
import { type RiskSettings, readSettings, type WrittenSettings, writeSetting } from "#core/risk-settings.ts";
import { areWithin, isWithin, readWindows, type TradingWindow } from "#core/trading-window.ts";
import { aCell } from "./loss-builders.ts";

const read = (written: WrittenSettings): RiskSettings => {
  const settings = readSettings(written);
  assert(settings.ok, `unreadable: ${JSON.stringify(written)}`);
  return settings.value;
};
const classOf = (id: string): string | null => (id === "MES" ? "equity-index" : null);
const held = (name: OwnSetting, now: unknown, wanted: unknown): unknown => {
  const found = heldAtOnce(read({ [name]: now }), read({ [name]: wanted }), classOf)[name];
  return found === undefined ? null : writeSetting(name, found);
};

test("of each limit the stricter holds at once; one that is set newly does, one that is taken away stays", () => {
  expect([held("maxLotsPerOrder", "5", "2"), held("maxLotsPerOrder", "2", "5")]).toEqual(["2", "2"]);
  expect([held("maxPositionLots", null, "7"), held("maxPositionLots", "7", null)]).toEqual(["7", "7"]);
  expect(held("maxOrdersPerMinute", null, null)).toBeNull();
});

test("a list holds at once where it names nothing that was not allowed, an instrument of an allowed class among it", () => {
  expect(held("allowed", ["MES", "metal"], ["MES"])).toEqual(["MES"]);
  expect(held("allowed", ["equity-index"], ["MES"])).toEqual(["MES"]);
  expect(held("allowed", ["MES"], ["MES", "metal"])).toEqual(["MES"]);
  expect(held("allowed", ["MES"], ["equity-index"])).toEqual(["MES"]);
});

test("a smaller loss and a graver action hold at once, from when it is counted does not", () => {
  const now = aCell({ amount: "500", action: "reduce-only" });
  const loss = (more: Parameters<typeof aCell>[0]) => held("dailyLoss", now, aCell({ action: "reduce-only", ...more }));
  expect(loss({ amount: "300" })).toMatchObject({ amount: "300.00", action: "reduce-only" });
  expect(loss({ amount: "900" })).toMatchObject({ amount: "500.00" });
  expect(loss({ amount: "900", action: "flatten-until-reset" })).toMatchObject({
    amount: "500.00",
    action: "flatten-until-reset",
  });
  expect(loss({ amount: "300", resetTime: "09:00" })).toMatchObject({ amount: "300.00", resetTime: "17:00" });
});

test("hours hold at once where they lie within those in force; of another zone nobody knows", () => {
  const day = "mon-fri 09:00-17:00 Europe/London";
  const wide = "sun,mon,tue,wed,thu,fri,sat 22:00-21:00 Europe/London";
  const written = (text: string) => writeSetting("tradingWindows", read({ tradingWindows: [text] }).tradingWindows);
  expect(held("tradingWindows", [wide], [day])).toEqual(written(day));
  expect(held("tradingWindows", [day], [wide])).toEqual(written(day));
  expect(held("tradingWindows", [day], ["mon-fri 10:00-11:00 Europe/Paris"])).toEqual(written(day));
});

test("hours lie within others just where no minute of the week is in them alone", () => {
  const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
    const two = (value: number): string => `${value}`.padStart(2, "0");
    return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`;
  });
  const days = fc.subarray(["sun", "mon", "tue", "wed", "thu", "fri", "sat"], { minLength: 1 });
  const windows = fc
    .array(
      fc.tuple(days, time, time).map(([on, from, to]) => `${on.join(",")} ${from}-${to} UTC`),
      { minLength: 1, maxLength: 2 },
    )
    .map(readWindows)
    .filter((one) => one.ok)
    .map((one) => (one.ok ? one.value : []));
  const sunday = Date.parse("2026-11-22T00:00:00Z");
  const minutes = Array.from({ length: 7 * 24 * 4 }, (_, quarter) => sunday + quarter * 900_000);
  const isIn = (all: readonly TradingWindow[], at: number): boolean => all.some((one) => isWithin(one, at));
  fc.assert(
    fc.property(windows, windows, (inner, outer) => {
      const naive = minutes.every((at) => !isIn(inner, at) || isIn(outer, at));
      expect(areWithin(inner, outer)).toBe(naive);
    }),
    { numRuns: 60 },
  );
});
