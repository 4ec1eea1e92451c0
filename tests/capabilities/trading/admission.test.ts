import { expect, test } from "@jest/globals";
import { admission, admissionLimits, type OrderLoad } from "../../../server/capabilities/trading/index.ts";

const calm: OrderLoad = { waitMs: 0, due: 0, loopDelayMs: 0 };
const gateOf = () => admission(admissionLimits(1_000));

test.each([
  ["waitMs", { waitMs: 2_000 }, { waitMs: 1_999 }],
  ["due", { due: 1_000 }, { due: 999 }],
  ["loopDelayMs", { loopDelayMs: 250 }, { loopDelayMs: 249 }],
])("orders are refused from the limit of %s on, and not before", (measure, over, under) => {
  expect(gateOf()({ ...calm, ...under })).toEqual([]);
  expect(gateOf()({ ...calm, ...over })).toEqual([measure]);
});

test("once shut, the gate opens only a good way below the limit, so that it does not flutter", () => {
  const closedBy = gateOf();
  expect(closedBy({ ...calm, due: 1_000 })).toEqual(["due"]);
  expect(closedBy({ ...calm, due: 999 })).toEqual(["due"]);
  expect(closedBy({ ...calm, due: 700 })).toEqual(["due"]);
  expect(closedBy({ ...calm, due: 699 })).toEqual([]);
  expect(closedBy({ ...calm, due: 999 })).toEqual([]);
});

test("each limit stands by itself: the gate is open when none is exceeded any more", () => {
  const closedBy = gateOf();
  expect(closedBy({ waitMs: 5_000, due: 5_000, loopDelayMs: 0 })).toEqual(["waitMs", "due"]);
  expect(closedBy({ waitMs: 0, due: 5_000, loopDelayMs: 0 })).toEqual(["due"]);
  expect(closedBy(calm)).toEqual([]);
});
