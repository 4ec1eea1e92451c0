import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { askRehearsal, draftChange, playRehearsals, setLine } from "../../../server/capabilities/risk/index.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { putRiskLine } from "../../support/risk-lines.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house.close());

const ann: Actor = { ...systemActor, kind: "staff", id: randomUUID(), name: "Ann" };
const nobody = { scope: "default", tenantId: null, agentId: null, groupId: null, traderId: null } as const;
const place = (account: TestAccount, more = {}): Promise<OrderAnswer> =>
  house.desk.place(account.trader, anOrderRequest(account, more));

/** Plays a draft of these settings through everything that was traded, and tells what came of it. */
async function rehearsed(
  settings: Readonly<Record<string, unknown>>,
  instrumentId: string | null = "MES",
): Promise<Record<string, unknown>> {
  const { app: db } = house.db;
  const transact = transactor(db);
  const asked = await transact(ann, async (work) => {
    const change = await draftChange(work, ann, { name: "Tried", reason: "a test" });
    if (!change.ok) throw new Error(change.refusal.code);
    const changeId = change.value.id;
    const target = { ...nobody, instrumentId, assetClass: null };
    const line = await setLine(work, { changeId, target, settings, cleared: [] });
    if (!line.ok) throw new Error(line.refusal.code);
    const period = { fromAt: new Date(Date.now() - 86_400_000), toAt: new Date(Date.now() + 3_600_000) };
    const times = { fromAt: period.fromAt.toISOString(), toAt: period.toAt.toISOString() };
    return askRehearsal(work, ann, { changeId, book: "live", ...times });
  });
  if (!asked.ok) throw new Error(asked.refusal.code);
  const errors: unknown[] = [];
  const told = { announceChanged: () => {}, onError: (error: unknown) => errors.push(error) };
  await playRehearsals({ db, readDb: db, yield: async () => {}, ...told });
  expect(errors).toEqual([]);
  return db("risk_rehearsals").where({ id: asked.value.id }).first();
}

test("what was traded and refused is played from the database: refusals, lots, losses and fees", async () => {
  const { market } = house;
  market.quote("MES", "5000.00", "5000.00");
  const account = await house.openAccount(10n ** 8n);
  const { trader } = account;
  const own = { scope: "trader", tenant_id: house.tenantId, trader_id: trader.traderId, instrument_id: "MNQ" };
  await putRiskLine(house.db.owner, own, { maxPositionLots: "1" });
  await putRiskLine(house.db.owner, { scope: "default", instrument_id: "MES" }, { maxPositionLots: "8" });
  const settle = house.settler();
  for (const lots of ["2", "3"]) await settle([acceptedId(await place(account, { lots }))]);
  expect((await place(account, { lots: "4" })).status).toBe(422);
  market.quote("MES", "4990.00", "4990.00");
  await settle([acceptedId(await place(account, { side: "sell", lots: "5" }))]);
  const [{ fee }] = await house.db.owner("fills").select(house.db.owner.raw("(max(fee_minor / lots) * 6)::int AS fee"));

  const same = await rehearsed({ maxShortLots: "500" });
  expect(same).toMatchObject({ state: "done", percent: 100, result: { orders: 4, totals: [], byCode: [] } });

  const tight = await rehearsed({ maxPositionLots: "2" });
  // The second order is not filled: 3 lots that lost 10 points of $5, and their six fees; a lot more is refused as before.
  expect(tight).toMatchObject({
    result: {
      orders: 4,
      byCode: [{ code: "POSITION_LIMIT", added: 1, removed: 0 }],
      totals: [
        { added: 1, removed: 0, lotsNotTraded: "6", lossAvoided: "150.00", feesForgone: (fee / 100).toFixed(2) },
      ],
      byTrader: [{ id: trader.traderId, added: 1 }],
      byPartner: [{ id: `${house.tenantId}` }],
      byInstrument: [{ id: "MES", lossAvoided: "150.00" }],
    },
  });

  const wide = await rehearsed({ maxPositionLots: "50" });
  // Four lots more are bought and stay when five are sold: marked at the last quote they lost 10 points each.
  expect(wide).toMatchObject({
    result: { totals: [{ added: 0, removed: 1, lotsNotTraded: "-4", lossAvoided: "-200.00" }] },
  });
});

test("a bound of slippage is tried on orders that said the price they saw", async () => {
  house.market.quote("MES", "5000.00", "5000.00");
  const account = await house.openAccount(10n ** 8n);
  const seen = { quotedPrice: "4999.00", maxSlippageTicks: 100 };
  await house.settler()([acceptedId(await place(account, seen))]);
  for (const [most, byCode] of [
    [3, [{ code: "PRICE_MOVED", added: 1, removed: 0 }]],
    [4, []],
  ] as const)
    expect(await rehearsed({ maxSlippageTicks: most })).toMatchObject({ state: "done", result: { byCode } });
});

test("a daily loss is tried on what was traded, from what was booked before", async () => {
  const { market, db } = house;
  market.quote("MNQ", "18000.00", "18000.00");
  const account = await house.openAccount(10n ** 8n);
  const settle = house.settler();
  const trade = async (more: object): Promise<void> =>
    settleOne(acceptedId(await place(account, { instrument: "MNQ", ...more })));
  const settleOne = async (id: string): Promise<void> => void (await settle([id]));
  await trade({ lots: "2" });
  market.quote("MNQ", "17900.00", "17900.00");
  // 2 lots x 100 points x $2: 400 are lost, and fees; then one more is bought and loses 100.
  await trade({ lots: "1" });
  market.quote("MNQ", "17850.00", "17850.00");
  await trade({ lots: "3", side: "sell" });
  const rule = {
    ...{ unit: "money", base: "balance-at-reset", measure: "equity", resetTime: "17:00", resetZone: "America/Chicago" },
    action: "flatten-until-reset",
  };
  const tried = async (amount: string, more = {}) => rehearsed({ dailyLoss: { amount, ...rule }, ...more }, null);
  const mine = { byTrader: expect.arrayContaining([expect.objectContaining({ id: account.trader.traderId })]) };
  expect(await tried("400.00")).toMatchObject({
    state: "done",
    result: { breaches: 1, byCode: [{ code: "DAILY_LOSS", added: 1, removed: 0 }], ...mine },
  });
  // Out at 17,900: the two did not lose 50 points more, the third was not bought.
  expect(await tried("400.00")).toMatchObject({ result: { totals: [{ lotsNotTraded: "2", lossAvoided: "300.00" }] } });
  expect(await tried("5000.00")).toMatchObject({ state: "done", result: { breaches: 0, totals: [] } });
  // The table has it already: then nothing is tried, what came of it is what was recorded.
  await putRiskLine(db.owner, { scope: "default" }, { dailyLoss: { amount: "400.00", ...rule } });
  expect(await tried("400.00", { maxShortLots: "500" })).toMatchObject({
    state: "done",
    result: { breaches: 0, totals: [] },
  });
});
