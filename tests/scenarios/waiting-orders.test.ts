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
  "a limit order waits for its price and fills at the quote that brings it": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 2 MES limit 4999.00 as dip => working 2 limit 4999.00
    account => balance 1000.00 equity 1000.00 held 201.24 available 798.76
    quote MES 4999.00 4999.25
    quote MES 4998.50 4998.75 => limit buy 2 @ 4998.75 pnl 0.00 fee 1.24
    position MES => long 2 @ 4998.75 pnl -2.50 margin 200.00
    account => balance 998.76 equity 996.26 held 200.00 available 796.26`,
  "a limit order at the market fills at once, and never worse than the market": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 1 MES limit 5003.00 => filled 1 @ 5000.25 pnl 0.00 fee 0.62
    sell 1 MES limit 4990.00 tif ioc => filled 1 @ 5000.00 pnl -1.25 fee 0.62
    buy 1 MES limit 5000.00 tif fok => NOT_MARKETABLE: The market is at 5000.25, the limit at 5000.00: the order could not fill at once.`,
  "a stop fills at the first quote beyond it, and says that the market jumped": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    buy 1 MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    sell 1 MES stop 4995.00 as out => working 1 stop 4995.00
    account => balance 999.38 equity 999.38 held 100.00 available 899.38
    quote MES 4995.25 4995.50
    quote MES 4990.00 4990.25 => stop sell 1 @ 4990.00 gapped from 4995.00 pnl -50.00 fee 0.62
    position MES => none`,
  "a stop-limit waits again when the market runs past its limit": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 1 MES stop 5002.00 limit 5002.50 as break => working 1 limit 5002.50 stop 5002.00
    quote MES 5003.75 5004.00
    order break => working 1 limit 5002.50 stop 5002.00
    quote MES 5002.00 5002.25 => stop-limit buy 1 @ 5002.25 pnl 0.00 fee 0.62
    position MES => long 1 @ 5002.25 pnl -1.25 margin 100.00`,
  "one leg of a bracket fills, the other is cancelled": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    buy 2 MES tp 5010.00 sl 4990.00 => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    position MES => long 2 @ 5000.00 pnl 0.00 margin 200.00 tp 5010.00 sl 4990.00
    quote MES 5010.25 5010.50 => take-profit sell 2 @ 5010.25 pnl 102.50 fee 1.24
    position MES => none
    quote MES 4980.00 4980.25
    account => balance 1100.02 equity 1100.02 held 0.00 available 1100.02`,
  "a bracket grows and shrinks with its position": `
    deposit 2000.00
    quote MES 5000.00 5000.00
    sell 1 MES tp 4990.00 sl 5010.00 => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    sell 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    buy 1 MES => filled 1 @ 5000.00 pnl 0.00 fee 0.62
    quote MES 5012.00 5012.25 => stop-loss buy 2 @ 5012.25 gapped from 5010.00 pnl -122.50 fee 1.24
    position MES => none`,
  "a bracket of an open position is set, moved, refused on the wrong side, and taken away": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 1 MES => filled 1 @ 5000.25 pnl 0.00 fee 0.62
    bracket MES sl 4995.00 => long 1 @ 5000.25 pnl -1.25 margin 100.00 sl 4995.00
    bracket MES tp 5005.00 sl 4996.00 => long 1 @ 5000.25 pnl -1.25 margin 100.00 tp 5005.00 sl 4996.00
    bracket MES sl 5000.00 => BRACKET_SIDE: A leg at 5000.00 would trigger at once: it belongs on the other side of 5000.00.
    bracket MES tp 5005.10 => PRICE_TICK: 5005.10 is not on a tick of 0.25.
    bracket MES sl off => long 1 @ 5000.25 pnl -1.25 margin 100.00 tp 5005.00
    quote MES 4990.00 4990.25
    quote MES 5005.00 5005.25 => take-profit sell 1 @ 5005.00 pnl 23.75 fee 0.62
    account => balance 1022.51 equity 1022.51 held 0.00 available 1022.51`,
  "an entry brings its bracket when it fills, a reversal ends it": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 1 MES limit 4998.00 tp 5004.00 sl 4994.00 => working 1 limit 4998.00
    quote MES 4997.75 4998.00 => limit buy 1 @ 4998.00 pnl 0.00 fee 0.62
    position MES => long 1 @ 4998.00 pnl -1.25 margin 100.00 tp 5004.00 sl 4994.00
    reverse MES => filled 2 @ 4997.75 pnl -1.25 fee 1.24
    position MES => short 1 @ 4997.75 pnl -1.25 margin 100.00
    quote MES 4990.00 4990.25
    position MES => short 1 @ 4997.75 pnl 37.50 margin 100.00`,
  "amended, an order keeps its place in the world but not its price": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 1 MES limit 4990.00 as low => working 1 limit 4990.00
    amend low limit 4995.00 lots 3 => working 3 limit 4995.00
    account => balance 1000.00 equity 1000.00 held 301.86 available 698.14
    amend low lots 10 => INSUFFICIENT_FUNDS: The order needs 704.34 USD; 698.14 USD is available.
    amend low stop 5010.00 => INVALID_REQUEST: The request has fields that are missing, unknown or malformed.
    amend low lots 1 => working 1 limit 4995.00
    account => balance 1000.00 equity 1000.00 held 100.62 available 899.38
    quote MES 4995.25 4995.50
    amend low limit 4996.00 => filled 1 @ 4995.50 pnl 0.00 fee 0.62
    amend low limit 4997.00 => ORDER_NOT_WORKING: The order is filled; only a working order can be changed.`,
  "cancelled, an order lets its margin go": `
    deposit 1000.00
    quote MES 5000.00 5000.25
    buy 3 MES limit 4990.00 as one => working 3 limit 4990.00
    sell 3 MES limit 5010.00 as two => working 3 limit 5010.00
    account => balance 1000.00 equity 1000.00 held 301.86 available 698.14
    cancel one => cancelled 3 limit 4990.00 BY_TRADER
    account => balance 1000.00 equity 1000.00 held 301.86 available 698.14
    cancel two => cancelled 3 limit 5010.00 BY_TRADER
    cancel two => ORDER_NOT_WORKING: The order is cancelled; only a working order can be changed.
    account => balance 1000.00 equity 1000.00 held 0.00 available 1000.00`,
  "an order that only reduces fills what is left to reduce": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    buy 3 MES => filled 3 @ 5000.00 pnl 0.00 fee 1.86
    sell 3 MES limit 5005.00 reduce as out => working 3 limit 5005.00
    sell 2 MES => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    quote MES 5005.00 5005.25 => limit sell 1 @ 5005.00 pnl 25.00 fee 0.62 then cancelled POSITION_GONE
    sell 1 MES limit 5010.00 reduce => NO_POSITION: There is no position to close.`,
  "everything at once: cancel all, flatten, and start again": `
    deposit 2000.00
    quote MES 5000.00 5000.00
    quote MNQ 18000.00 18000.00
    buy 2 MES tp 5050.00 => filled 2 @ 5000.00 pnl 0.00 fee 1.24
    sell 1 MNQ => filled 1 @ 18000.00 pnl 0.00 fee 0.62
    buy 1 MES limit 4990.00 => working 1 limit 4990.00
    sell 1 MNQ stop 17990.00 => working 1 stop 17990.00
    account => balance 1998.14 equity 1998.14 held 701.24 available 1296.90
    flatten => cancelled 2; filled 2 @ 5000.00 pnl 0.00 fee 1.24; filled 1 @ 18000.00 pnl 0.00 fee 0.62
    account => balance 1996.28 equity 1996.28 held 0.00 available 1996.28
    buy 1 MES limit 4990.00 => working 1 limit 4990.00
    cancel-all => cancelled 1
    flatten => cancelled 0
    account => balance 1996.28 equity 1996.28 held 0.00 available 1996.28`,
  "how much is possible now, and what binds": `
    deposit 1000.00
    quote MES 5000.00 5000.00
    capacity MES buy => 9 bound by INSUFFICIENT_FUNDS
    buy 4 MES => filled 4 @ 5000.00 pnl 0.00 fee 2.48
    capacity MES buy => 5 bound by INSUFFICIENT_FUNDS
    capacity MES sell => 13 bound by INSUFFICIENT_FUNDS
    buy 6 MES => INSUFFICIENT_FUNDS: The order needs 603.72 USD; 597.52 USD is available.
    sell 13 MES => filled 13 @ 5000.00 pnl 0.00 fee 8.06
    deposit 100000.00
    capacity MES sell => 50 bound by LOTS_MAX_ORDER`,
};

test.each(Object.entries(stories))("%s", async (_name, story) => {
  expect(await tell(house, story)).toBe(story);
});

test("after all stories the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
