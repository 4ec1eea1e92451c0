import { expect, test } from "@jest/globals";
import { tradeModes } from "#contracts/names.ts";
import { mayTriggerIn, tradeModeAt } from "#core/trade-mode.ts";

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20, 15, 0, second));

test("a moment has the mode that came into force last before it, its first moment included; now has the newest", () => {
  const changes = [
    { mode: "full", since: new Date(0) },
    { mode: "halted", since: at(10) },
    { mode: "long-only", since: at(20) },
  ] as const;
  expect([0, 9, 10, 19, 20, 50].map((second) => tradeModeAt(changes, at(second)))).toEqual([
    ...["full", "full", "halted", "halted", "long-only", "long-only"],
  ]);
  expect(tradeModeAt(changes, null)).toBe("long-only");
  expect(tradeModeAt([], at(0))).toBe("full");
});

test("who may be triggered in each mode", () => {
  const orders = (["buy", "sell"] as const).flatMap((side) =>
    [false, true].map((reduceOnly) => ({ side, reduceOnly, name: `${reduceOnly ? "reducing " : ""}${side}` })),
  );
  const named = tradeModes.map((mode) => [
    mode,
    orders.filter((order) => mayTriggerIn(mode, order)).map(({ name }) => name),
  ]);
  expect(Object.fromEntries(named)).toEqual({
    full: ["buy", "reducing buy", "sell", "reducing sell"],
    "long-only": ["buy", "reducing buy", "reducing sell"],
    "short-only": ["reducing buy", "sell", "reducing sell"],
    "close-only": ["reducing buy", "reducing sell"],
    halted: [],
  });
});
