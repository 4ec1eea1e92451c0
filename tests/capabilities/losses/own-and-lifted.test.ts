import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { excludeOneself, liftBreach } from "../../../server/capabilities/losses/index.ts";
import { openCancelling } from "../../../server/capabilities/trading/index.ts";
import { type Actor, systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { type LossDesk, lossDesk } from "../../support/loss-desk.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

const start = { bid: 20_000n, ask: 20_001n };
const ann: Actor = { ...systemActor, kind: "staff", name: "Ann" };
const days = (count: number): Date => new Date(Date.now() + count * 86_400_000);

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

const place = (account: TestAccount, more: Parameters<typeof anOrderRequest>[1] = {}) => {
  desk.house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
  return desk.house.desk.place(account.trader, anOrderRequest(account, more));
};

describe("a breach that staff lift", () => {
  const lift = (id: string, reason = "has learnt his lesson") =>
    desk.house.ports.transact(ann, (work) => liftBreach(desk.publish, work, ann, { id, reason }));
  const breachedBy = async (action: "flatten-until-lifted" | "flatten-until-reset") => {
    const account = await desk.ruled({ dailyLoss: { amount: "50.00", action } });
    await desk.watch();
    await desk.trade(account, 2n);
    await desk.stream.quote({ bid: 19_900n, ask: 19_901n }, start);
    const [breach] = await until(
      () => desk.breachesOf(account),
      (breaches) => breaches.length === 1,
    );
    return { account, id: breach?.id ?? "" };
  };

  test("lets the account trade again, with the whole limit from what is there; once", async () => {
    const { account, id } = await breachedBy("flatten-until-lifted");
    expect(await place(account)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
    expect(await lift(id)).toEqual({ ok: true, value: null });
    expect(await place(account)).toMatchObject({ status: 202 });
    expect(await lift(id)).toEqual({ ok: false, refusal: "LIFTED_ALREADY" });
    const view = await desk.house.db.owner("admin_risk_breaches").where({ id }).first("state", "lifted_by");
    expect(view).toEqual({ state: "lifted", lifted_by: "Ann" });
  });

  test("does not end with them what ends with its reset", async () => {
    const { account, id } = await breachedBy("flatten-until-reset");
    expect(await lift(id)).toEqual({ ok: false, refusal: "ENDS_BY_ITSELF" });
    expect(await place(account)).toMatchObject({ status: 422, code: "DAILY_LOSS" });
  });

  test("is told to the trader as long as it stands", async () => {
    const { account, id } = await breachedBy("flatten-until-lifted");
    const told = () => desk.house.reads.account(account.trader, account.accountId);
    expect((await told())?.breaches).toEqual([
      { slot: "daily-loss", action: "flatten-until-lifted", endsAt: null, isTogether: false },
    ]);
    await lift(id);
    expect((await told())?.breaches).toEqual([]);
  });
});

describe("a trader who excludes himself", () => {
  const exclude = (account: TestAccount, moment: Date) =>
    excludeOneself({
      ...{ transact: desk.house.ports.transact, announce: desk.publish },
      cancelWorking: openCancelling({ announce: desk.publish }).cancelWorking,
    })(account.trader, moment);

  test("opens nothing more, his waiting orders end, and he may still close", async () => {
    const account = await desk.house.openAccount(100_000n);
    await desk.trade(account, 2n);
    const waiting = await place(account, { type: "limit", side: "buy", lots: "1", limitPrice: "4900.00" });
    const moment = days(30);
    expect(await exclude(account, moment)).toEqual({ ok: true, value: moment });
    expect(await place(account)).toMatchObject({ status: 422, code: "SELF_EXCLUDED" });
    const row = await desk.house.db
      .owner("orders")
      .where({ id: "order" in waiting ? waiting.order.id : "" })
      .first();
    expect([row.state, row.cancel_code]).toEqual(["cancelled", "RISK_LIMIT"]);
    expect(await place(account, { side: "sell", lots: "2" })).toMatchObject({ status: 202 });
    expect(await desk.house.reads.account(account.trader, account.accountId)).toMatchObject({
      excludedUntil: moment.toISOString(),
    });
  });

  test("can make it longer and never shorter, for a day to five years", async () => {
    const account = await desk.house.openAccount(100_000n);
    expect(await exclude(account, days(0.9))).toEqual({ ok: false, refusal: { code: "EXCLUSION_TOO_SHORT" } });
    expect(await exclude(account, days(6 * 366))).toEqual({ ok: false, refusal: { code: "EXCLUSION_TOO_LONG" } });
    const [month, year] = [days(30), days(365)];
    expect(await exclude(account, year)).toMatchObject({ ok: true });
    expect(await exclude(account, month)).toEqual({
      ok: false,
      refusal: { code: "EXCLUSION_ONLY_LONGER", until: year },
    });
    expect(await exclude(account, year)).toMatchObject({ ok: true });
    expect(await exclude(account, days(400))).toMatchObject({ ok: true });
  });

  test("can be let back in by nobody: the row can't be changed, removed or undercut", async () => {
    const account = await desk.house.openAccount(100_000n);
    await exclude(account, days(100));
    const { owner } = desk.house.db;
    const { traderId, tenantId } = account.trader;
    const mine = { trader_id: traderId };
    await expect(
      owner("self_exclusions")
        .where(mine)
        .update({ until: days(2) }),
    ).rejects.toThrow();
    await expect(owner("self_exclusions").where(mine).delete()).rejects.toThrow();
    const shorter = { id: owner.raw("gen_random_uuid()"), tenant_id: tenantId, ...mine, until: days(2) };
    await expect(owner("self_exclusions").insert(shorter)).rejects.toThrow("only be made longer");
  });
});
