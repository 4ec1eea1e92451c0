import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type LossDesk, lossDesk } from "../../support/loss-desk.ts";
import { putRiskLine } from "../../support/risk-lines.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

/** A flatten time so many minutes away. */
const minutesFromNow = (minutes: number): string =>
  `${new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16)} UTC`;

let desk: LossDesk;
beforeAll(async () => {
  desk = await lossDesk();
});
beforeEach(() => desk.stream.quote({ bid: 20_000n, ask: 20_001n }));
afterEach(async () => {
  await desk.stopAll();
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});
afterAll(() => desk.house.close());

const flattenedAt = async (time: string): Promise<TestAccount> => {
  const account = await desk.house.openAccount(100_000n);
  const { traderId, tenantId } = account.trader;
  const columns = { scope: "trader", tenant_id: tenantId, trader_id: traderId };
  await putRiskLine(desk.house.db.owner, columns, { flattenTime: time });
  return account;
};
const mark = (account: TestAccount) =>
  until(
    () => desk.house.db.owner("flatten_marks").where({ account_id: account.accountId }),
    (rows) => rows.length === 1,
  );
/** As if the account had been looked at before the last flatten time, and its fills had been then. */
const before = async ({ accountId }: TestAccount, minutes: number): Promise<void> => {
  const { owner } = desk.house.db;
  const past = new Date(Date.now() - minutes * 60_000);
  await owner("flatten_marks").insert({ account_id: accountId, done_until: past }).onConflict("account_id").merge();
  await owner.transaction(async (trx) => {
    await trx.raw("SET LOCAL session_replication_role = replica");
    await trx.raw("ALTER TABLE fills DISABLE TRIGGER fills_append_only");
    await trx("fills").where({ account_id: accountId }).update({ filled_at: past });
    await trx.raw("ALTER TABLE fills ENABLE ALWAYS TRIGGER fills_append_only");
  });
};

test("what was held at the flatten time is closed, once; what is opened afterwards stays", async () => {
  const account = await flattenedAt(minutesFromNow(-30));
  await desk.trade(account, 2n);
  await before(account, 60);
  await desk.watch();
  const [order] = await until(
    () => desk.closingsOf(account),
    (orders) => orders.length === 1,
  );
  expect(order).toMatchObject({ state: "filled", filled_lots: 2n });
  await desk.trade(account, 1n);
  await desk.stream.quote({ bid: 20_001n, ask: 20_002n });
  const position = () => desk.house.db.owner("positions").where({ account_id: account.accountId }).first("lots");
  const settledAgain = (await mark(account))[0]?.done_until;
  expect(settledAgain.getTime()).toBeGreaterThan(Date.now() - 32 * 60_000);
  expect([(await position()).lots, (await desk.closingsOf(account)).length]).toEqual([1n, 1]);
});

test("a position that was opened since the flatten time is not meant", async () => {
  const account = await flattenedAt(minutesFromNow(-30));
  await before(account, 60);
  await desk.trade(account, 2n);
  await desk.watch();
  await until(
    () => desk.house.db.owner("flatten_marks").where({ account_id: account.accountId }),
    ([row]) => row.done_until.getTime() > Date.now() - 32 * 60_000,
  );
  expect(await desk.closingsOf(account)).toEqual([]);
});

test("a flatten time that had passed before it was set counts from the next one on", async () => {
  const account = await flattenedAt(minutesFromNow(-30));
  await desk.trade(account, 2n);
  await desk.watch();
  await mark(account);
  expect(await desk.closingsOf(account)).toEqual([]);
});
