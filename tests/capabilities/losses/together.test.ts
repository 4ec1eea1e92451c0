import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LossRuleCell } from "#core/loss-rule.ts";
import { excludeOneself, liftBreach } from "../../../server/capabilities/losses/index.ts";
import { openCancelling } from "../../../server/capabilities/trading/index.ts";
import { type LossDesk, lossDesk } from "../../support/loss-desk.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";
import { aLink, ann, decide } from "../account-links/support.ts";

/** A lot bought at 20,001 ticks costs 0.62 and moves 1.25 a tick. Three lose 46.86 at a bid of 19,989 and 50.61 at 19,988. */
const start = { bid: 20_000n, ask: 20_001n };
const legal = { bid: 19_989n, ask: 19_990n };
const touched = { bid: 19_988n, ask: 19_989n };
const fifty = { amount: "50.00" };

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

/** Two accounts that staff have confirmed to be one person's, each with a daily loss of 50.00 unless said otherwise. */
const pairOf = async (cells: readonly Partial<LossRuleCell>[] = [fifty, fifty]) => {
  const accounts = await Promise.all(cells.map((cell) => desk.ruled({ dailyLoss: cell })));
  const [one, other] = accounts;
  if (one === undefined || other === undefined) throw new Error("two are needed");
  const link = await aLink(desk.house.db, one.trader.traderId, other.trader.traderId);
  const say = (state: "confirmed" | "dismissed") => decide(desk.house.db, link, state, desk.publish);
  await say("confirmed");
  return { one, other, say };
};
const place = (account: TestAccount, more: Parameters<typeof anOrderRequest>[1] = {}) => {
  desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
  return desk.house.desk.place(account.trader, anOrderRequest(account, more));
};
const counted = (...accounts: TestAccount[]) =>
  until(
    () =>
      desk.house.db.owner("loss_states").whereIn(
        "account_id",
        accounts.map(({ accountId }) => accountId),
      ),
    (states) => states.length === accounts.length,
  );
const closedOnce = async (...accounts: TestAccount[]) => {
  for (const account of accounts)
    await until(
      () => desk.closingsOf(account),
      (orders) => orders.length > 0,
    );
  const all = await Promise.all(accounts.map(desk.closingsOf));
  expect(all.map((orders) => orders.length)).toEqual(accounts.map(() => 1));
  expect((await Promise.all(accounts.map(desk.breachesOf))).map((found) => found.length)).toEqual(
    accounts.map(() => 1),
  );
  return all.flat();
};
const matesOf = async ({ accountId }: TestAccount): Promise<string[]> =>
  (await desk.house.db.owner("loss_breaches").where({ account_id: accountId }).first("mates")).mates;

describe("a loss that one person's accounts make together", () => {
  test("closes both at the very quote at which their sum touches the limit, and says with whom", async () => {
    const { one, other } = await pairOf();
    await desk.watch();
    await desk.trade(one, 2n);
    await desk.trade(other, 1n);
    await counted(one, other);
    const [, breach] = await desk.stream.lose(legal, touched);
    await desk.stream.quote(start);
    const orders = await closedOnce(one, other);
    expect(orders.map(({ quote_seq }) => quote_seq)).toEqual([breach?.seq, breach?.seq]);
    for (const [account, mate] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(await desk.breachesOf(account)).toMatchObject([{ edge_minor: 195_000n, measured_minor: 194_939n }]);
      expect(await matesOf(account)).toEqual([mate.accountId]);
      expect(await place(account)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
      const told = await desk.house.reads.account(account.trader, account.accountId);
      expect(told?.breaches).toMatchObject([{ slot: "daily-loss", isTogether: true }]);
    }
  });

  test("counts what one has booked and holds no more, and what was paid in hides none of it", async () => {
    const { one, other } = await pairOf();
    await desk.watch();
    await desk.trade(one, 4n);
    await desk.trade(one, -4n, { bid: "4998.25", ask: "4998.50" });
    await desk.house.fund(one, 100_000n);
    await desk.trade(other, 1n);
    await counted(one, other);
    // 44.96 are booked; of the other 1.87 with its spread, and a tick more for each price.
    await desk.stream.quote({ bid: 19_998n, ask: 19_999n });
    expect(await desk.closingsOf(other)).toEqual([]);
    await desk.stream.quote({ bid: 19_997n, ask: 19_998n });
    await until(
      () => desk.breachesOf(one),
      (found) => found.length === 1,
    );
    expect(await desk.closingsOf(other)).toHaveLength(1);
    expect(await desk.closingsOf(one)).toEqual([]);
  });

  test("is under the strictest of their rules, also for who has none, and the order is told so", async () => {
    const { one, other } = await pairOf([{ amount: "10.00" }, { amount: "500.00" }]);
    await desk.trade(one, 3n);
    // Three lots have cost 5.61, a fourth and a fifth leave 0.65.
    expect(await place(other, { lots: "2" })).toMatchObject({ status: 202 });
    const refused = await place(other);
    expect(refused).toMatchObject({ status: 422, code: "DAILY_LOSS" });
    expect("message" in refused && refused.message).toContain("Your accounts count together.");
    const check = "checks" in refused ? refused.checks?.find(({ passed }) => !passed) : null;
    expect(check).toMatchObject({ limit: "10.00", value: "11.22", source: "together", isTogether: true });
  });

  test("holds against 200 orders of both at two processes at once", async () => {
    const { one, other } = await pairOf([{ amount: "10.00" }, { amount: "10.00" }]);
    desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
    const desks = [desk.house.desk, desk.house.anotherDesk()];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const account = index % 2 === 0 ? one : other;
        return (desks[(index >> 1) % 2] ?? desk.house.desk).place(account.trader, anOrderRequest(account));
      }),
    );
    // 0.62 and 1.25 each: five leave 0.65.
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(5);
  });

  test("is acted upon once by the next who leads, when who led died before", async () => {
    let deaths = 0;
    const engine = await desk.watch({
      around: (apply) => async (ids, weighing) => {
        if (weighing.marks.get("MES")?.bid !== touched.bid) return apply(ids, weighing);
        deaths += 1;
        throw new Error("killed");
      },
    });
    const { one, other } = await pairOf();
    await desk.trade(one, 2n);
    await desk.trade(other, 1n);
    await counted(one, other);
    await desk.stream.quote(legal, touched);
    await until(
      () => Promise.resolve(deaths),
      (count) => count > 0,
    );
    await desk.stream.quote(start);
    await engine.stop();
    expect(await desk.breachesOf(one)).toEqual([]);
    await desk.watch();
    await closedOnce(one, other);
  });
});

describe("who is confirmed to be one person", () => {
  test("while both have lost, is over the limit at once; who is no longer, may lose his own again", async () => {
    const { one, other, say } = await pairOf();
    await say("dismissed");
    await desk.watch();
    await desk.trade(one, 2n);
    await desk.trade(other, 1n);
    await counted(one, other);
    await desk.stream.quote(touched);
    await desk.stream.quote(legal);
    await counted(one, other);
    expect([await desk.breachesOf(one), await desk.breachesOf(other)]).toEqual([[], []]);
    await desk.stream.quote(touched);
    await say("confirmed");
    await closedOnce(one, other);
  });

  test("and then not to be, shares no limit any more", async () => {
    const { one, other, say } = await pairOf([{ amount: "10.00" }, { amount: "10.00" }]);
    await desk.trade(one, 5n);
    expect(await place(other)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
    await say("dismissed");
    expect(await place(other)).toMatchObject({ status: 202 });
  });

  test("has shut himself out on all accounts that are his", async () => {
    const { one, other } = await pairOf();
    const { cancelWorking } = openCancelling({ announce: desk.publish });
    const exclude = excludeOneself({ transact: desk.house.ports.transact, announce: desk.publish, cancelWorking });
    await exclude(one.trader, new Date(Date.now() + 30 * 86_400_000));
    expect(await place(other)).toMatchObject({ status: 422, code: "SELF_EXCLUDED" });
  });
});

test("a breach made together is lifted for all of them, by staff who may see all of them", async () => {
  const untilLifted = { ...fifty, action: "flatten-until-lifted" } as const;
  const { one, other } = await pairOf([untilLifted, untilLifted]);
  await desk.watch();
  await desk.trade(one, 2n);
  await desk.trade(other, 1n);
  await counted(one, other);
  await desk.stream.quote(touched, start);
  await closedOnce(one, other);
  const [breach] = await desk.breachesOf(one);
  const lift = (actor: typeof ann) =>
    desk.house.ports.transact(actor, (work) =>
      liftBreach(desk.publish, work, actor, { id: breach?.id ?? "", reason: "spoken with him" }),
    );
  expect(await lift({ ...ann, tenantId: desk.house.tenantId + 1 })).toEqual({ ok: false, refusal: "SPANS_PARTNERS" });
  expect(await lift(ann)).toEqual({ ok: true, value: null });
  const views = await desk.house.db
    .owner("admin_risk_breaches")
    .whereIn("account_id", [one.accountId, other.accountId])
    .select("state", "accounts_together");
  expect(views).toEqual([
    { state: "lifted", accounts_together: 2 },
    { state: "lifted", accounts_together: 2 },
  ]);
  expect(await place(one)).toMatchObject({ status: 202 });
  expect(await place(other)).toMatchObject({ status: 202 });
});
