import { expect, test } from "@jest/globals";
import { availableFunds, requiredMargin } from "#core/margin.ts";
import { lots, minorUnits } from "#core/units.ts";

const perLot = { buy: minorUnits(100n), sell: minorUnits(100n) };

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
  expect(requiredMargin(load, perLot)).toBe(vector.margin);
});

test.each([
  { balance: 1000n, equity: 1200n, held: 300n, available: 700n },
  { balance: 1000n, equity: 900n, held: 300n, available: 600n },
  { balance: 1000n, equity: 200n, held: 300n, available: -100n },
])("of balance $balance and equity $equity with $held held, $available may be spent", (funds) => {
  const money = { balance: minorUnits(funds.balance), equity: minorUnits(funds.equity), held: minorUnits(funds.held) };
  expect(availableFunds(money)).toBe(funds.available);
});
