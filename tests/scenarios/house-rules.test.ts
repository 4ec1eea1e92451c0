import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { brokenBooks, type TestDesk, testDesk } from "../support/trading.ts";
import { tell } from "./tell.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house.close());

/** MES: margin $100 a lot, fee $0.62 a side, tick 0.25 = $1.25. */
const stories: Record<string, string> = {
  "a close-only switch lets a trader out and not in": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    buy 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    stop close-only odd orders
    buy 1 MES => CLOSE_ONLY: Only orders that reduce a position are taken.
    sell 3 MES => CLOSE_ONLY: Only orders that reduce a position are taken.
    sell 1 MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    lift
    sell 3 MES => filled 3 @ 5000.00 pnl 0.00 fee 1.86
    position MES => short 2 @ 5000.00 pnl 0.00 margin 200.00`,
  "a long-only instrument may be bought, and sold only as far as it was bought": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    mode MES long-only
    sell 1 MES => LONG_ONLY: Only long positions may be opened in this instrument.
    buy 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    sell 3 MES => LONG_ONLY: Only long positions may be opened in this instrument.
    sell 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    mode MES short-only
    buy 1 MES => SHORT_ONLY: Only short positions may be opened in this instrument.
    sell 1 MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    close MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    mode MES full
    position MES => none`,
};

test.each(Object.entries(stories))("%s", async (_name, story) => {
  expect(await tell(house, story)).toBe(story);
  expect(await brokenBooks(house.db)).toEqual([]);
});
