import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { brokenBooks, type TestDesk, testDesk } from "../support/trading.ts";
import { tell } from "./tell.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house.close());

/** MES: margin $100 a lot, fee $0.62 a side, tick 0.25 = $1.25. MNQ: margin $200, tick 0.25 = $0.50. */
const stories: Record<string, string> = {
  "bought, marked at the bid, closed at the bid": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 2 MES => filled 2 @ 5000.25 pnl 0.00 fee 1.24
    account => balance 998.76 equity 996.26 held 200.00 available 796.26
    position MES => long 2 @ 5000.25 pnl -2.50 margin 200.00
    quote MES 5010.25 5010.50
    position MES => long 2 @ 5000.25 pnl 100.00 margin 200.00
    account => balance 998.76 equity 1098.76 held 200.00 available 798.76
    close MES => filled 2 @ 5010.25 pnl 100.00 fee 1.24
    position MES => none
    account => balance 1097.52 equity 1097.52 held 0.00 available 1097.52`,
  "partial close realizes at the average and keeps it": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    buy 1 MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    quote MES 5001.00 5001.00
    buy 2 MES => filled 2 @ 5001.00 pnl 0.00 fee 1.24
    position MES => long 3 @ 5000.666667 pnl 5.00 margin 300.00
    quote MES 5002.00 5002.00
    close MES 1 => filled 1 @ 5002.00 pnl 6.25 fee 0.62
    close MES 1 => filled 1 @ 5002.00 pnl 6.25 fee 0.62
    close MES => filled 1 @ 5002.00 pnl 7.50 fee 0.62
    account => balance 1016.28 equity 1016.28 held 0.00 available 1016.28`,
  "a sale beyond the position turns it around": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    buy 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    quote MES 5004.00 5004.25
    sell 5 MES => filled 5 @ 5004.00 pnl 40.00 fee 3.10
    position MES => short 3 @ 5004.00 pnl -3.75 margin 300.00
    account => balance 1035.66 equity 1031.91 held 300.00 available 731.91`,
  "an open loss stops new risk, never an exit": `
    deposit 350.00
    quote MES 5000.00 5000.00
    buy 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    quote MES 4990.00 4990.00
    buy 1 MES => INSUFFICIENT_FUNDS: The order needs 100.62 USD; 48.76 USD is available.
    close MES 3 => EXCEEDS_POSITION: 3 lots is more than the 2 that can be closed.
    close MES => filled 2 @ 4990.00 pnl -100.00 fee 1.24
    account => balance 247.52 equity 247.52 held 0.00 available 247.52`,
  "a loss that eats into margin cuts the hold to what is left": `
    deposit 201.24
    quote MES 5000.00 5000.00
    buy 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    quote MES 4975.00 4975.00
    close MES 1 => filled 1 @ 4975.00 pnl -125.00 fee 0.62
    position MES => long 1 @ 5000.00 pnl -125.00 margin 74.38
    account => balance 74.38 equity -50.62 held 74.38 available -125.00
    quote MES 5000.00 5000.00
    buy 1 MES => INSUFFICIENT_FUNDS: The order needs 126.24 USD; 0.00 USD is available.`,
  "a loss beyond the balance is the house's": `
    deposit 201.24
    quote MES 5000.00 5000.00
    buy 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    quote MES 4950.00 4950.00
    close MES => filled 2 @ 4950.00 pnl -500.00 fee 1.24
    account => balance 0.00 equity 0.00 held 0.00 available 0.00`,
  "a loss in one instrument cuts the hold of another, and a later profit restores it": `
    deposit 301.24
    quote MES 5000.00 5000.00
    quote MNQ 18000.00 18000.00
    buy 1 MNQ => filled 1 @ 18000.00 pnl 0.00 fee 0.62
    buy 1 MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    account => balance 300.00 equity 300.00 held 300.00 available 0.00
    quote MES 4970.00 4970.00
    close MES => filled 1 @ 4970.00 pnl -150.00 fee 0.62
    position MNQ => long 1 @ 18000.00 pnl 0.00 margin 149.38
    deposit 300.00
    buy 1 MES => filled 1 @ 4970.00 pnl 0.00 fee 0.62
    position MNQ => long 1 @ 18000.00 pnl 0.00 margin 200.00
    account => balance 448.76 equity 448.76 held 300.00 available 148.76`,
};

test.each(Object.entries(stories))("%s", async (_name, story) => {
  expect(await tell(house, story)).toBe(story);
});

test("after all stories the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
