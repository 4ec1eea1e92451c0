import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { addDays } from "#core/zone-time.ts";
import { type MarkPorts, markDates } from "../../../server/capabilities/contracts/index.ts";
import { openMarking } from "../../../server/capabilities/trading/index.ts";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { mes } from "../../core/trading-builders.ts";
import { brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { balanceOf, positionOf, trade } from "./support.ts";

/** MES where each day of UTC is a trade date. */
const daily = {
  ...mes,
  calendar: {
    ...mes.calendar,
    sessions: [
      {
        validFrom: "2020-01-01",
        validTo: null,
        open: { weekday: 0, time: "00:00" },
        close: { weekday: 0, time: "00:00" },
      },
    ] as const,
  },
};
const today = new Date().toISOString().slice(0, 10);
const atCut = (date: string, seconds: number) => new Date(Date.parse(`${addDays(date, 1)}T00:00:00Z`) + seconds * 1000);

let house: TestDesk;
let long: TestAccount;
let short: TestAccount;
beforeEach(async () => {
  house = await testDesk();
  long = await house.openAccount(1_000_000n);
  short = await house.openAccount(1_000_000n);
  house.market.quote("MES", "5000.00", "5000.25");
});
afterEach(() => house?.close());

function ports(now: Date, transact: Transact = transactor(house.db.app)): MarkPorts {
  const announce: MarkPorts["announce"] = (announcement) => void house.announced.push(announcement);
  return {
    db: house.db.app,
    transact,
    instruments: () => [daily],
    mark: openMarking({ announce, shard: 0 }),
    announce,
    now: () => Promise.resolve(now),
  };
}

/** Runs the job ten seconds after the cut of a date. */
const markAfter = (date: string): Promise<number> => markDates(ports(atCut(date, 10)));

async function quoteAt(at: Date, seq: number, bid: number, ask: number, more: { last?: number; flag?: string } = {}) {
  await house.db.app("quotes").insert({
    instrument_id: "MES",
    seq,
    bid_ticks: bid,
    ask_ticks: ask,
    last_ticks: more.last ?? null,
    venue_at: at,
    received_at: at,
    source: "simulated",
    flag: more.flag ?? null,
  });
}

const marks = () =>
  house.db
    .app("settlement_marks")
    .orderBy("trade_date")
    .select(house.db.app.raw("trade_date::text AS date"), "price_ticks", "quote_seq", "rule");
const inCash = () => house.db.app("instruments").where({ id: "MES" }).update({ daily_settlement: "cash" });
const paid = () =>
  house.db.app("position_marks").orderBy("lots", "desc").select("account_id", "lots", "cost_ticks", "amount_minor");

describe("the mark of a trade date", () => {
  test("is the middle of the last tradable quote before the cut", async () => {
    await quoteAt(atCut(today, -60), 1, 19_000, 19_002);
    await quoteAt(atCut(today, -1), 2, 20_010, 20_013);
    await quoteAt(atCut(today, -0.5), 3, 1, 2, { flag: "off-tick" });
    await quoteAt(atCut(today, 0), 4, 30_000, 30_002);
    expect(await markAfter(today)).toBe(1);
    expect(await marks()).toEqual([{ date: today, price_ticks: 20_012n, quote_seq: 2n, rule: "mid" }]);
  });

  test("is the last trade where the instrument says so", async () => {
    await house.db.app("instruments").where({ id: "MES" }).update({ settlement_rule: "last" });
    await quoteAt(atCut(today, -60), 1, 20_000, 20_002, { last: 20_001 });
    await quoteAt(atCut(today, -1), 2, 20_010, 20_013);
    await markAfter(today);
    expect(await marks()).toEqual([{ date: today, price_ticks: 20_001n, quote_seq: 1n, rule: "last" }]);
  });

  test("is made once, however often and by however many the job is run", async () => {
    await quoteAt(atCut(today, -1), 1, 20_010, 20_012);
    const made = await Promise.all([1, 2, 3].map(() => markAfter(today)));
    expect(made.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(await markAfter(today)).toBe(0);
    expect(await marks()).toHaveLength(1);
  });

  test("waits for quotes that are stored a little late", async () => {
    await quoteAt(atCut(today, -1), 1, 20_010, 20_012);
    expect(await markDates(ports(atCut(today, 4)))).toBe(0);
  });

  test("is made up for when the job was away, day by day; a day without a quote has no price, none is made up", async () => {
    const [first, second] = [addDays(today, -2), addDays(today, -1)];
    await quoteAt(atCut(first, -100), 1, 20_000, 20_002);
    await quoteAt(atCut(today, -100), 2, 20_020, 20_022);
    expect(await markAfter(today)).toBe(3);
    expect(await marks()).toEqual([
      { date: first, price_ticks: 20_001n, quote_seq: 1n, rule: "mid" },
      { date: second, price_ticks: null, quote_seq: null, rule: "mid" },
      { date: today, price_ticks: 20_021n, quote_seq: 2n, rule: "mid" },
    ]);
  });

  test("stays as it is, even for SQL", async () => {
    await quoteAt(atCut(today, -1), 1, 20_010, 20_012);
    await markAfter(today);
    const change = house.db.owner("settlement_marks").update({ price_ticks: 1 });
    await expect(change).rejects.toMatchObject({ constraint: "settlement_marks_fixed" });
  });
});

describe("daily settlement in cash", () => {
  beforeEach(async () => {
    await inCash();
    await quoteAt(atCut(today, -1), 1, 20_010, 20_012);
  });

  test("pays the long what it takes from the short, and both cost the mark from then on", async () => {
    await trade(house, long, "buy", 3);
    await trade(house, short, "sell", 3);
    await markAfter(today);
    // Bought at 20,001 and sold at 20,000, marked at 20,011: 10 ticks of $1.25 a lot gained, 11 lost.
    expect(await paid()).toEqual([
      { account_id: long.accountId, lots: 3n, cost_ticks: 60_003n, amount_minor: 3_750n },
      { account_id: short.accountId, lots: -3n, cost_ticks: -60_000n, amount_minor: -4_125n },
    ]);
    expect(await positionOf(house, long)).toMatchObject({ lots: 3n, cost_ticks: 60_033n, margin_minor: 30_000n });
    expect(await balanceOf(house, long)).toEqual({ posted: 1_000_000n - 186n + 3_750n, held: 30_000n });
    expect(await balanceOf(house, short)).toEqual({ posted: 1_000_000n - 186n - 4_125n, held: 30_000n });
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("changes no total: marks and realized result are what the trade alone would have brought", async () => {
    await trade(house, long, "buy", 3);
    await markAfter(today);
    house.market.quote("MES", "5010.00", "5010.25");
    await trade(house, long, "sell", 3);
    const { realized_pnl_minor: realized } = await positionOf(house, long);
    const marked = (await paid()).reduce((sum: bigint, one: { amount_minor: bigint }) => sum + one.amount_minor, 0n);
    expect([realized, marked, realized + marked]).toEqual([10_875n, 3_750n, (20_040n - 20_001n) * 125n * 3n]);
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("leaves alone what was opened after the cut", async () => {
    const yesterday = addDays(today, -1);
    await quoteAt(atCut(yesterday, -1), 0, 20_000, 20_002);
    await trade(house, long, "buy", 3);
    await markDates(ports(atCut(yesterday, 10)));
    expect(await paid()).toEqual([]);
    expect((await positionOf(house, long)).cost_ticks).toBe(60_003n);
  });

  test("takes from margin what the balance lacks, and the house makes good what goes below zero", async () => {
    const poor = await house.openAccount(10_500n);
    await trade(house, poor, "buy", 1);
    await house.db.app("quotes").del();
    await quoteAt(atCut(today, -1), 1, 19_900, 19_902);
    await markAfter(today);
    // 100 ticks of $1.25 lost, more than the $104.38 it had.
    expect(await balanceOf(house, poor)).toEqual({ posted: 0n, held: 0n });
    const codes = await house.db.app("transfers").whereIn("code", [13, 14]).orderBy("id").select("code", "amount");
    expect(codes).toEqual([
      { code: 14, amount: 12_500n },
      { code: 13, amount: 2_062n },
    ]);
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("pays each position once a date, wherever the job is killed and however many run", async () => {
    await trade(house, long, "buy", 3);
    await trade(house, short, "sell", 2);
    const dyingAt = (step: number): Transact => {
      let left = step;
      const transact = transactor(house.db.app);
      return (actor, run) => (--left === 0 ? Promise.reject(new Error("killed")) : transact(actor, run));
    };
    let killed = 0;
    for (let step = 1; step <= 3; step++)
      await markDates(ports(atCut(today, 10), dyingAt(step))).catch(() => {
        killed += 1;
      });
    await Promise.all([1, 2, 3].map(() => markAfter(today)));
    expect(killed).toBeGreaterThanOrEqual(2);
    expect(await paid()).toHaveLength(2);
    expect(await house.db.app("admin_settlement_marks").first("state", "positions")).toEqual({
      state: "paid",
      positions: 2,
    });
    expect(await brokenBooks(house.db)).toEqual([]);
  });

  test("is noticed when it was not paid as written", async () => {
    await trade(house, long, "buy", 3);
    await markAfter(today);
    await house.db.owner.raw("ALTER TABLE position_marks DISABLE TRIGGER USER");
    await house.db.owner("position_marks").update({ amount_minor: 1 });
    expect((await brokenBooks(house.db)).map(({ invariant }) => invariant)).toEqual([
      "I10 mark has its legs",
      "I11 result is explained",
    ]);
  });
});
