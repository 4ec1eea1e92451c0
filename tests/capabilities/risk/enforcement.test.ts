import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import type { WrittenSettings } from "#core/risk-settings.ts";
import { changeRiskLine, clearRiskTable, putRiskLine } from "../../support/risk-lines.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
beforeEach(() => {
  house.market.quote("MES", "5000.00", "5000.00");
  house.market.quote("MNQ", "18000.00", "18000.00");
});
afterEach(() => clearRiskTable(house.db.owner));
afterAll(() => house.close());

const codeOf = (answer: OrderAnswer): string | number => ("code" in answer ? answer.code : answer.status);
const failedOf = (answer: OrderAnswer) =>
  "checks" in answer ? answer.checks?.find(({ passed }) => !passed) : undefined;
const forTrader = ({ trader }: TestAccount, settings: WrittenSettings, more = {}): Promise<string> =>
  putRiskLine(
    house.db.owner,
    { scope: "trader", tenant_id: house.tenantId, trader_id: trader.traderId, ...more },
    settings,
  );
const place = (account: TestAccount, more = {}): Promise<OrderAnswer> =>
  house.desk.place(account.trader, anOrderRequest(account, more));
const filled = async (account: TestAccount, more = {}): Promise<void> => {
  await house.settler()([acceptedId(await place(account, more))]);
};
/** As staff confirm that two traders are one person. */
const link = async (...accounts: TestAccount[]): Promise<void> => {
  const ids = accounts.map(({ trader }) => trader.traderId).sort();
  await house.db.owner("linked_traders").insert(ids.map((id) => ({ trader_id: id, cluster_id: ids[0] })));
};
const lotsOf = async (...accounts: TestAccount[]): Promise<number> => {
  const ids = accounts.map(({ accountId }) => accountId);
  const rows = await house.db.owner("orders").whereIn("account_id", ids).sum("lots as n");
  return Number(rows[0]?.n ?? 0);
};

describe("one person's accounts share a limit", () => {
  test("200 orders of two linked accounts at two processes at once take exactly the limit", async () => {
    const [one, two] = [await house.openAccount(10n ** 8n), await house.openAccount(10n ** 8n)];
    for (const account of [one, two]) await forTrader(account, { maxPositionLots: "30" });
    await link(one, two);
    const desks = [house.desk, house.anotherDesk()];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const account = index % 2 === 0 ? one : two;
        return (desks[(index >> 1) % 2] ?? house.desk).place(account.trader, anOrderRequest(account));
      }),
    );
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(30);
    expect(answers.filter((answer) => codeOf(answer) === "POSITION_LIMIT")).toHaveLength(170);
    expect(await lotsOf(one, two)).toBe(30);
  });

  test("opposite positions do not make room for each other, and not linked each has its own", async () => {
    const [one, two, other] = [
      await house.openAccount(10n ** 8n),
      await house.openAccount(10n ** 8n),
      await house.openAccount(10n ** 8n),
    ];
    for (const account of [one, two, other]) await forTrader(account, { maxGrossLots: "10" });
    await link(one, two);
    await filled(one, { lots: "6" });
    expect(failedOf(await place(two, { side: "sell", lots: "5" }))).toMatchObject({
      code: "POSITION_LIMIT",
      value: "11",
      limit: "10",
      source: "trader",
      version: 1,
    });
    expect((await place(two, { side: "sell", lots: "4" })).status).toBe(202);
    expect((await place(other, { lots: "10" })).status).toBe(202);
  });
});

test("a cap of the partner is never passed by orders that race for the last of it", async () => {
  await putRiskLine(
    house.db.owner,
    { scope: "partner", tenant_id: house.tenantId, instrument_id: "MNQ" },
    { partnerMaxLots: "12" },
  );
  const accounts = await Promise.all(Array.from({ length: 8 }, () => house.openAccount(10n ** 8n)));
  const desks = [house.desk, house.anotherDesk()];
  const answers = await Promise.all(
    accounts.flatMap((account, index) =>
      [1, 2, 3].map(() =>
        (desks[index % 2] ?? house.desk).place(account.trader, anOrderRequest(account, { instrument: "MNQ" })),
      ),
    ),
  );
  expect(answers.filter((answer) => answer.status === 202)).toHaveLength(12);
  expect(answers.filter((answer) => codeOf(answer) === "PARTNER_LIMIT")).toHaveLength(12);
  const [first] = accounts;
  if (first === undefined) throw new Error("no account");
  const sale = await place(first, { instrument: "MNQ", side: "sell", lots: "20" });
  expect([sale.status, codeOf(sale)]).toEqual([202, 202]);
});

describe("what is opened is measured", () => {
  test("over all instruments of a class, and in money", async () => {
    const account = await house.openAccount(10n ** 8n);
    await forTrader(account, { maxClassLots: "5", maxTotalExposure: "300000" });
    await filled(account, { lots: "3" });
    expect(codeOf(await place(account, { instrument: "MNQ", lots: "3" }))).toBe("CLASS_LIMIT");
    // 3 MES are worth 75,000; 2 MNQ 72,000.
    expect((await place(account, { instrument: "MNQ", lots: "2" })).status).toBe(202);
    await clearRiskTable(house.db.owner);
    await forTrader(account, { maxTotalExposure: "150000" }, { instrument_id: null, asset_class: null }).catch(
      () => {},
    );
  });

  test("by orders a minute, the same order again, and a stop loss that is a must", async () => {
    const account = await house.openAccount(10n ** 8n);
    await forTrader(account, { maxOrdersPerMinute: 3, repeatOrderSeconds: 60 });
    expect((await place(account)).status).toBe(202);
    expect(codeOf(await place(account))).toBe("REPEATED_ORDER");
    expect((await place(account, { lots: "2" })).status).toBe(202);
    expect((await place(account, { lots: "3" })).status).toBe(202);
    expect(failedOf(await place(account, { lots: "4" }))).toMatchObject({
      code: "TOO_MANY_ORDERS",
      value: "4",
      limit: "3",
    });
    const careful = await house.openAccount(10n ** 8n);
    await forTrader(careful, { isStopLossMandatory: true });
    expect(codeOf(await place(careful))).toBe("STOP_LOSS_MISSING");
    expect((await place(careful, { stopLossPrice: "4990.00" })).status).toBe(202);
  });
});

test("however tight the table becomes, a position can be closed", async () => {
  const account = await house.openAccount(10n ** 8n);
  await filled(account, { lots: "4" });
  await forTrader(account, {
    ...{ maxPositionLots: "0", maxTotalLots: "0", maxOrdersPerMinute: 0, maxMarginUsed: "0", maxTotalExposure: "0" },
    ...{
      allowed: ["metal"],
      tradingWindows: ["sun 00:00-00:01 UTC"],
      isStopLossMandatory: true,
      marginPercent: 10_000,
    },
    ...{ repeatOrderSeconds: 86_400, minHoldingSeconds: 86_400 },
  });
  expect((await place(account)).status).toBe(422);
  const [position] = (await house.reads.positions(account.trader, account.accountId)) ?? [];
  const close = await house.desk.close(account.trader, position?.id ?? "", { clientOrderId: randomUUID(), lots: "3" });
  expect(close.status).toBe(202);
  // A plain order of the other side that only reduces is an exit too.
  expect((await place(account, { side: "sell", lots: "1" })).status).toBe(202);
});

describe("a position that was held too short keeps the next from being opened", () => {
  test("also when it was opened and closed at once", async () => {
    const account = await house.openAccount(10n ** 8n);
    await forTrader(account, { minHoldingSeconds: 3_600 });
    const [buy, sell] = [await place(account), await place(account, { side: "sell" })].map(acceptedId);
    await house.settler()([buy ?? "", sell ?? ""]);
    const answer = await place(account);
    expect(codeOf(answer)).toBe("HELD_TOO_SHORT");
    expect(failedOf(answer)).toMatchObject({ limit: "3600", value: "0" });
    expect((await place(account, { instrument: "MNQ" })).status).toBe(202);
  });

  test("whatever was ordered since; one that was held for long keeps nobody", async () => {
    const account = await house.openAccount(10n ** 8n);
    await filled(account);
    await house.db
      .owner("positions")
      .where({ account_id: account.accountId })
      .update({ opened_at: house.db.owner.raw("opened_at - interval '20 minutes'") });
    await filled(account, { side: "sell" });
    // An order that waits has its line on the same row.
    await place(account, { type: "limit", limitPrice: "4000.00" });
    const line = await forTrader(account, { minHoldingSeconds: 3_600 });
    expect(failedOf(await place(account))).toMatchObject({ code: "HELD_TOO_SHORT", value: "1200" });
    await changeRiskLine(house.db.owner, line, { minHoldingSeconds: 1_000 });
    expect((await place(account)).status).toBe(202);
  });
});

test("the largest order says what binds it", async () => {
  const account = await house.openAccount(10n ** 8n);
  await forTrader(account, { maxLongLots: "3" });
  const capacity = await house.desk.capacity(account.trader, { accountId: account.accountId, instrument: "MES" });
  expect(capacity).toMatchObject({
    buy: { maxLots: "3", boundBy: { code: "POSITION_LIMIT", source: "trader" } },
    sell: { boundBy: { code: "LOTS_MAX_ORDER", source: "terms" } },
  });
});

test("a version that is still to come does not count yet, and the next one takes its place", async () => {
  const account = await house.openAccount(10n ** 8n);
  const id = await forTrader(account, { maxLotsPerOrder: "5" });
  const nextHour = new Date(Date.now() + 3_600_000);
  await changeRiskLine(house.db.owner, id, { maxLotsPerOrder: "1" }, nextHour);
  expect((await place(account, { lots: "5" })).status).toBe(202);
  await changeRiskLine(house.db.owner, id, { maxLotsPerOrder: "4" });
  expect(failedOf(await place(account, { lots: "5" }))).toMatchObject({ limit: "4", version: 3 });
});

test("what was said of changing an order stays with its checks: the refused and the taken change, beside the order's own", async () => {
  const account = await house.openAccount(10n ** 8n);
  await forTrader(account, { maxPositionLots: "4" });
  const id = acceptedId(await place(account, { type: "limit", limitPrice: "4990.00", lots: "3" }));
  expect(codeOf(await house.desk.amend(account.trader, id, { lots: "5" }))).toBe("POSITION_LIMIT");
  expect(codeOf(await house.desk.amend(account.trader, id, { stopPrice: "5100.00" }))).toBe("INVALID_REQUEST");
  expect((await house.desk.amend(account.trader, id, { lots: "4", limitPrice: "4991.00" })).status).toBe(200);
  const rows = await house.db
    .app("admin_risk_decisions")
    .where({ account_id: account.accountId })
    .orderBy("decided_at")
    .select("about", "outcome", "code", "lots", "order_id", "checks");
  const bound = (value: string, passed: boolean) => ({ code: "POSITION_LIMIT", value, limit: "4", passed });
  expect(rows).toMatchObject([
    { about: "new-order", outcome: "accepted", code: null, order_id: id },
    { about: "amendment", outcome: "refused", code: "POSITION_LIMIT", lots: 5n, order_id: id },
    { about: "amendment", outcome: "accepted", code: null, lots: 4n, order_id: id },
  ]);
  expect(rows[1]?.checks).toContainEqual(expect.objectContaining(bound("5", false)));
  expect(rows[2]?.checks).toContainEqual(expect.objectContaining(bound("4", true)));
});
