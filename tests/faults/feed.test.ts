import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { VenueTick } from "#core/feed.ts";
import { ticks } from "#core/units.ts";
import { openQuoteBook, runFeed } from "../../server/capabilities/market-data/index.ts";
import { type Market, placeOrders } from "../../server/capabilities/trading/index.ts";
import type { Clock } from "../../server/platform/clock.ts";
import { aCatalog, aTick, memoryBus, silentLog } from "../support/market.ts";
import { acceptedId, anOrderRequest, brokenBooks, type TestDesk, testDesk } from "../support/trading.ts";

/** What a venue may do to us (F21, F22): the real gate, store and book between it and the desk, over a clock moved by hand. */
let house: TestDesk;
let venue: Awaited<ReturnType<typeof aVenue>>;
beforeAll(async () => {
  house = await testDesk();
  venue = await aVenue(house);
}, 60_000);
afterAll(async () => {
  await venue.close();
  await house.close();
});

/** A feed of MES that says what it is told to, and a desk that prices by it. */
async function aVenue({ db, ports }: TestDesk) {
  let nowMs = Date.UTC(2026, 10, 20, 15);
  const clock: Clock = { now: () => new Date(nowMs), elapsedMs: () => nowMs };
  const bus = memoryBus();
  const catalog = await aCatalog(db.app);
  const book = await openQuoteBook({ db: db.app, bus, clock });
  let say: (given: readonly VenueTick[]) => Promise<number> = async () => 0;
  const ending = new AbortController();
  let running: ReturnType<typeof runFeed> | undefined;
  const begun = new Promise<void>((resolve) => {
    const feed = {
      name: "a venue",
      source: "simulated" as const,
      instrumentIds: ["MES"],
      run: (sink: typeof say, signal: AbortSignal) =>
        new Promise<void>((end) => {
          say = sink;
          signal.addEventListener("abort", () => end());
          resolve();
        }),
    };
    running = runFeed({ db: db.app, bus, catalog, clock, log: silentLog }, feed, ending.signal);
  });
  await begun;
  const market: Market = { latestTradable: book.latestTradable, instrument: catalog.get, isOpen: () => true };
  return {
    desk: placeOrders({ ...ports, market, clock }, () => {}),
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Bids in ticks; the ask is one tick above unless given. Resolves when all is stored and told. */
    says: async (...given: Partial<VenueTick>[]): Promise<void> => {
      const made = given.map((one) => {
        const bid = one.bid ?? ticks(20_000n);
        return aTick({ instrumentId: "MES", venueAtMs: nowMs, bid, ask: ticks(bid + 1n), ...one });
      });
      const before = book.latest("MES")?.seq ?? 0n;
      await say(made);
      while ((book.latest("MES")?.seq ?? 0n) < before + BigInt(made.length)) await new Promise(setImmediate);
    },
    close: async () => {
      ending.abort();
      await running?.done;
      book.close();
    },
  };
}

const quoteOf = async (orderId: string) =>
  house.db.owner("orders").where({ id: orderId }).first("quote_seq", "quote_bid_ticks");

test("F21: a silent feed: orders are refused once the price is stale, and the first quote of the burst prices the next", async () => {
  const account = await house.openAccount(10_000_000n);
  await venue.says({ bid: ticks(20_000n) });
  acceptedId(await venue.desk.place(account.trader, anOrderRequest(account)));
  venue.pass(5_001);
  expect(await venue.desk.place(account.trader, anOrderRequest(account))).toMatchObject({ code: "QUOTE_STALE" });
  venue.pass(5_000);
  await venue.says(...Array.from({ length: 500 }, (_, at) => ({ bid: ticks(20_050n + BigInt(at % 7)) })));
  const id = acceptedId(await venue.desk.place(account.trader, anOrderRequest(account)));
  expect(await quoteOf(id)).toEqual({ quote_seq: 501n, quote_bid_ticks: 20_050n + (499n % 7n) });
});

test("F21: an order that waited longer than it may is rejected, not filled at a price of long ago", async () => {
  const account = await house.openAccount(10_000_000n);
  const id = acceptedId(await venue.desk.place(account.trader, anOrderRequest(account)));
  await house.db
    .owner("orders")
    .where({ id })
    .update({
      accepted_at: house.db.owner.raw("accepted_at - interval '3 seconds'"),
      due_at: house.db.owner.raw("due_at - interval '3 seconds'"),
    });
  await house.settler({ maxQueueMs: 2_000 })([id]);
  const row = await house.db.owner("orders").where({ id }).first("state", "rejection_code");
  expect(row).toEqual({ state: "rejected", rejection_code: "QUEUED_TOO_LONG" });
  expect(await house.reads.account(account.trader, account.accountId)).toMatchObject({
    balance: "100000.00",
    held: "0.00",
  });
});

test.each([
  ["a spike of 50 %", { bid: ticks(30_000n) }, "jump"],
  ["a price of zero", { bid: ticks(0n), ask: ticks(0n) }, "not-positive"],
  ["a negative price", { bid: ticks(-20_001n), ask: ticks(-20_000n) }, "not-positive"],
  ["an old tick", { bid: ticks(19_900n), venueAtMs: 0 }, "out-of-order"],
  ["a crossed quote", { bid: ticks(20_010n), ask: ticks(20_009n) }, "crossed"],
])("F22: %s is kept, flagged, and prices nothing", async (_fault, tick, flag) => {
  const account = await house.openAccount(10_000_000n);
  await venue.says({ bid: ticks(20_000n) }, tick);
  const stored = await house.db.owner("quotes").orderBy("seq", "desc").first("flag");
  expect(stored).toEqual({ flag });
  const id = acceptedId(await venue.desk.place(account.trader, anOrderRequest(account)));
  expect(await quoteOf(id)).toMatchObject({ quote_bid_ticks: 20_000n });
});

test("after all this the books balance", async () => {
  expect(await brokenBooks(house.db)).toEqual([]);
});
