import { expect, test } from "@jest/globals";
import { availableFunds, coverLines, marginLine } from "#core/margin.ts";
import { lots, minorUnits } from "#core/units.ts";

const terms = { initialMargin: minorUnits(100n), feePerSide: minorUnits(0n) };

test.each([
  { position: 2n, pendingBuy: 0n, pendingSell: 0n, margin: 200n },
  { position: 2n, pendingBuy: 0n, pendingSell: 2n, margin: 200n },
  { position: 2n, pendingBuy: 0n, pendingSell: 5n, margin: 300n },
  { position: 2n, pendingBuy: 1n, pendingSell: 0n, margin: 300n },
  { position: 0n, pendingBuy: 3n, pendingSell: 3n, margin: 300n },
  { position: -2n, pendingBuy: 0n, pendingSell: 0n, margin: 200n },
  { position: -2n, pendingBuy: 2n, pendingSell: 0n, margin: 200n },
  { position: 0n, pendingBuy: 0n, pendingSell: 0n, margin: 0n },
])("position $position with $pendingBuy to buy and $pendingSell to sell needs $margin", (vector) => {
  const load = {
    position: lots(vector.position),
    pendingBuy: lots(vector.pendingBuy),
    pendingSell: lots(vector.pendingSell),
  };
  expect(marginLine(load, terms)).toBe(vector.margin);
});

test.each([
  { balance: 1000n, equity: 1200n, held: 300n, available: 700n },
  { balance: 1000n, equity: 900n, held: 300n, available: 600n },
  { balance: 1000n, equity: 200n, held: 300n, available: -100n },
])("of balance $balance and equity $equity with $held held, $available may be spent", (funds) => {
  const money = { balance: minorUnits(funds.balance), equity: minorUnits(funds.equity), held: minorUnits(funds.held) };
  expect(availableFunds(money)).toBe(funds.available);
});

test.each([
  { position: 0n, pendingBuy: 3n, pendingSell: 0n, line: 306n },
  { position: 2n, pendingBuy: 1n, pendingSell: 0n, line: 302n },
  { position: 2n, pendingBuy: 0n, pendingSell: 5n, line: 302n },
  { position: 2n, pendingBuy: 0n, pendingSell: 2n, line: 200n },
])(
  "with a fee of 2 a lot, position $position with $pendingBuy to buy and $pendingSell to sell holds $line",
  (vector) => {
    const load = {
      position: lots(vector.position),
      pendingBuy: lots(vector.pendingBuy),
      pendingSell: lots(vector.pendingSell),
    };
    expect(marginLine(load, { ...terms, feePerSide: minorUnits(2n) })).toBe(vector.line);
  },
);

test("money that does not cover all lines is given in the order of the instruments' names", () => {
  const lines = new Map([
    ["MNQ", minorUnits(100n)],
    ["MES", minorUnits(80n)],
  ]);
  expect([...coverLines(lines, minorUnits(150n))]).toEqual([
    ["MES", 80n],
    ["MNQ", 70n],
  ]);
  expect([...coverLines(lines, minorUnits(-5n)).values()]).toEqual([0n, 0n]);
});
