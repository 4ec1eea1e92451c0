import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { OwnLimits } from "#contracts/own-limits-api.ts";
import { openOwnLimits } from "../../../server/capabilities/losses/index.ts";
import { loadRiskTable, riskPath, saveVersion, toldSettings } from "../../../server/capabilities/risk/index.ts";
import { type LossDesk, lossDesk } from "../../support/loss-desk.ts";
import { putRiskLine } from "../../support/risk-lines.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";
import { ann } from "../account-links/support.ts";

/** Two lots bought at 20,001 ticks cost 1.24 in fees and move 2.50 a tick: 50.00 are lost at a bid of 19,981. */
const start = { bid: 20_000n, ask: 20_001n };
const touched = { bid: 19_981n, ask: 19_982n };
const ownLoss = (amount: string) => ({
  dailyLoss: { amount, resetTime: "17:00", resetZone: "America/Chicago", action: "flatten-until-reset" as const },
});

let desk: LossDesk;
beforeAll(async () => {
  desk = await lossDesk();
});
beforeEach(() => desk.stream.quote(start));
afterEach(async () => {
  await desk.stopAll();
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});
afterAll(() => desk.house.close());

const none: OwnLimits = {
  ...{ dailyLoss: null, maxLotsPerOrder: null, maxPositionLots: null, maxOrdersPerMinute: null },
  ...{ tradingWindows: null, allowed: null },
};
const commands = () =>
  openOwnLimits({ transact: desk.house.ports.transact, readDb: desk.house.db.app, announce: desk.publish });
const set = ({ trader }: TestAccount, wanted: Partial<OwnLimits>) => commands().set(trader, { ...none, ...wanted });
const place = (account: TestAccount, more: Parameters<typeof anOrderRequest>[1] = {}) => {
  desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
  return desk.house.desk.place(account.trader, anOrderRequest(account, more));
};
const open = () => desk.house.openAccount(10_000_000n);

describe("a limit that a trader sets for himself", () => {
  test("holds at once where it is stricter, and for a day longer where he asks for a looser one", async () => {
    const account = await open();
    expect(await set(account, { maxLotsPerOrder: "2" })).toMatchObject({ ok: true, value: { later: null } });
    const refused = await place(account, { lots: "3" });
    expect(refused).toMatchObject({ status: 422, code: "LOTS_MAX_ORDER" });
    expect("checks" in refused && refused.checks?.find(({ passed }) => !passed)).toMatchObject({ source: "self" });
    const looser = await set(account, { maxLotsPerOrder: "5", maxPositionLots: "9" });
    const later = looser.ok ? looser.value.later : null;
    expect(looser).toMatchObject({
      value: { inForce: { maxLotsPerOrder: "2", maxPositionLots: "9" }, delayHours: 24 },
    });
    expect(later?.limits.maxLotsPerOrder).toBe("5");
    const waitedMs = Date.parse(later?.from ?? "") - Date.now();
    expect(Math.abs(waitedMs - 24 * 3_600_000)).toBeLessThan(60_000);
    expect(await place(account, { lots: "3" })).toMatchObject({ code: "LOTS_MAX_ORDER" });
    // The same again does not begin the waiting anew.
    expect(await set(account, { maxLotsPerOrder: "5", maxPositionLots: "9" })).toEqual(looser);
  });

  test("that waits is taken back by asking for what is in force, and replaced by a stricter one", async () => {
    const account = await open();
    await set(account, { maxLotsPerOrder: "2" });
    await set(account, {});
    expect(await set(account, { maxLotsPerOrder: "2" })).toMatchObject({ value: { later: null } });
    await set(account, { maxLotsPerOrder: "50" });
    expect(await set(account, { maxLotsPerOrder: "1" })).toMatchObject({
      value: { later: null, inForce: { maxLotsPerOrder: "1" } },
    });
    await come();
    expect(await place(account, { lots: "2" })).toMatchObject({ code: "LOTS_MAX_ORDER" });
  });

  test("is the looser one once its time has come", async () => {
    const account = await open();
    await set(account, { maxLotsPerOrder: "2" });
    await set(account, { maxLotsPerOrder: "4" });
    await come();
    expect(await place(account, { lots: "4" })).toMatchObject({ status: 202 });
    expect(await place(account, { lots: "5" })).toMatchObject({ code: "LOTS_MAX_ORDER" });
    expect(await commands().read(account.trader)).toMatchObject({ later: null, inForce: { maxLotsPerOrder: "4" } });
  });

  test("is loosened by nobody else: not by a line of his own, nor by a change of his", async () => {
    const account = await open();
    await set(account, { maxLotsPerOrder: "2" });
    const { traderId, tenantId } = account.trader;
    const ofTrader = { tenant_id: tenantId, trader_id: traderId };
    await putRiskLine(desk.house.db.owner, { scope: "trader", ...ofTrader }, { maxLotsPerOrder: "90" });
    expect(await place(account, { lots: "3" })).toMatchObject({ code: "LOTS_MAX_ORDER" });
    const line = await desk.house.db
      .app("risk_limits")
      .where({ scope: "self", ...ofTrader })
      .first();
    const target = { scope: "self" as const, tenantId, traderId, ...nothingElse };
    const saved = await desk.house.ports.transact(ann, (work) =>
      saveVersion(work, ann, { id: line.id, version: 1, settings: {}, target }, { maxLotsPerOrder: "90" }, {}),
    );
    expect(saved).toEqual({ ok: false, refusal: { code: "OWN_LIMIT", field: "scope" } });
  });

  test("is seen by the operator as a level of its own and among what is in force", async () => {
    const account = await open();
    const { traderId, tenantId } = account.trader;
    const hours = { tradingWindows: ["mon-sun 00:00-24:00 UTC"] };
    await putRiskLine(desk.house.db.owner, { scope: "trader", tenant_id: tenantId, trader_id: traderId }, hours);
    await set(account, { maxLotsPerOrder: "2", ...hours });
    const levels = await riskPath(desk.house.db.app, traderId, null, { instrumentId: null, assetClass: null });
    expect(levels?.at(-1)).toMatchObject({ target: { scope: "self" }, own: { maxLotsPerOrder: "2" } });
    const told = toldSettings((await loadRiskTable(desk.house.db.app, [traderId])).of(traderId, null));
    expect(told.map(({ name, source }) => [name, source])).toEqual([
      ["maxLotsPerOrder", "self"],
      ["tradingWindows", "trader"],
      ["tradingWindows", "self"],
    ]);
  });

  test("counts beside the house's where the two can't be compared: hours and what may be traded", async () => {
    const account = await open();
    const { traderId, tenantId } = account.trader;
    const always = { tradingWindows: ["mon-sun 00:00-24:00 UTC"], allowed: ["MES", "MNQ"] };
    await putRiskLine(desk.house.db.owner, { scope: "trader", tenant_id: tenantId, trader_id: traderId }, always);
    expect(await place(account)).toMatchObject({ status: 202 });
    const now = new Date();
    const day = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][(now.getUTCDay() + 3) % 7];
    await set(account, { tradingWindows: [`${day} 09:00-10:00 UTC`] });
    expect(await place(account)).toMatchObject({ code: "TIME_WINDOW" });
    const other = await open();
    await set(other, { allowed: ["MNQ"] });
    expect(await place(other)).toMatchObject({ code: "INSTRUMENT_NOT_ALLOWED" });
  });

  test("is refused by its field where it says nothing that can be meant", async () => {
    const account = await open();
    const wrong: [Partial<OwnLimits>, Record<string, string>][] = [
      [{ dailyLoss: { ...ownLoss("-5").dailyLoss } }, { "dailyLoss.amount": "not-above-zero" }],
      [
        { dailyLoss: { ...ownLoss("5").dailyLoss, resetZone: "Mars/Olympus" } },
        { "dailyLoss.resetZone": "unknown-zone" },
      ],
      [{ dailyLoss: { ...ownLoss("5").dailyLoss, resetTime: "25:00" } }, { "dailyLoss.resetTime": "not-a-time" }],
      [{ tradingWindows: ["mon 09:00-10:00 Mars/Olympus"] }, { tradingWindows: "unknown-zone" }],
      [{ tradingWindows: ["mon-fri 09:00-17:00 UTC", "wed 16:00-18:00 UTC"] }, { tradingWindows: "overlaps" }],
      [{ tradingWindows: ["mon 09:00-09:00 UTC"] }, { tradingWindows: "empty" }],
      [{ allowed: ["MES", "TULIPS"] }, { allowed: "unknown-name" }],
    ];
    for (const [wanted, problems] of wrong)
      expect(await set(account, wanted)).toEqual({ ok: false, refusal: { code: "LIMIT_INVALID", problems } });
    expect(await commands().read(account.trader)).toMatchObject({ inForce: { dailyLoss: null, allowed: null } });
  });

  test("may be changed by two windows at once, and so many times a day", async () => {
    const account = await open();
    const both = await Promise.all([set(account, { maxLotsPerOrder: "90" }), set(account, { maxLotsPerOrder: "80" })]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await commands().read(account.trader)).toMatchObject({ inForce: { maxLotsPerOrder: "80" } });
    for (let lots = 70; lots > 70 - 38; lots--) await set(account, { maxLotsPerOrder: `${lots}` });
    expect(await set(account, { maxLotsPerOrder: "1" })).toEqual({ ok: false, refusal: { code: "TOO_MANY_CHANGES" } });
  });
});

describe("a trader's own daily loss", () => {
  test.each([
    ["his", "500.00", "50.00", "own-daily-loss"],
    ["the house's", "50.00", "500.00", "daily-loss"],
  ])("is counted beside the house's: %s is reached first", async (_whose, house, own, slot) => {
    const account = await desk.ruled({ dailyLoss: { amount: house } });
    await desk.watch();
    await desk.trade(account, 2n);
    expect(await set(account, ownLoss(own))).toMatchObject({ ok: true });
    await until(
      () => desk.house.db.owner("loss_states").where({ account_id: account.accountId }),
      (states) => states.length === 2,
    );
    await desk.stream.quote(touched);
    await until(
      () => desk.closingsOf(account),
      (orders) => orders.length === 1,
    );
    expect(await desk.breachesOf(account)).toMatchObject([{ slot }]);
    expect(await place(account)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
  });
});

const nothingElse = { agentId: null, groupId: null, instrumentId: null, assetClass: null };

/** The time of every version that waits comes. */
async function come(): Promise<void> {
  const { owner } = desk.house.db;
  await owner.transaction(async (work) => {
    await work.raw("ALTER TABLE risk_limit_versions DISABLE TRIGGER risk_limit_versions_append_only");
    await work("risk_limit_versions").where("effective_at", ">", work.fn.now()).update({ effective_at: work.fn.now() });
    await work.raw("ALTER TABLE risk_limit_versions ENABLE ALWAYS TRIGGER risk_limit_versions_append_only");
  });
}
