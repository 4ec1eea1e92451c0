import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { WantedWithdrawal } from "../../../server/capabilities/withdrawals/index.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { person, type TestCashier, testCashier, typed } from "./support.ts";

const [ann, ben, cem] = [person("Ann"), person("Ben"), person("Cem")];

let cashier: TestCashier;
let account: TestAccount;
let target: string;

beforeAll(async () => {
  cashier = await testCashier();
});
afterAll(() => cashier?.house.close());
beforeEach(async () => {
  cashier.house.market.quote("MES", "5000.00", "5000.25");
  account = await cashier.house.openAccount(100_000n);
  target = await cashier.oldTarget(account);
});

const ask = (amount: string, more: Partial<WantedWithdrawal> = {}) => cashier.ask(account, target, amount, more);
const asked = (amount: string, more: Partial<WantedWithdrawal> = {}) => cashier.asked(account, target, amount, more);
const balance = () => cashier.balance(account);

describe("review", () => {
  test("above the four-eyes limit takes two different people; one alone can't, not even past the application", async () => {
    const { id } = await asked("600.00");
    expect(await cashier.approve(id, ann)).toMatchObject({ ok: true });
    expect(await cashier.stateOf(id)).toBe("in-review");
    expect(await cashier.approve(id, ann)).toMatchObject({ refusal: "SAME_REVIEWER" });
    expect(await cashier.send(id)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    await expect(
      cashier.house.db.owner("withdrawals").where({ id }).update({ state: "approved" }),
    ).rejects.toMatchObject({
      constraint: "withdrawals_four_eyes",
    });
    await expect(
      cashier.house.db
        .owner("withdrawals")
        .where({ id })
        .update({
          ...{ state: "approved", review_2_by_id: ann.id, review_2_by: "Ann" },
          review_2_at: new Date(),
        }),
    ).rejects.toMatchObject({ constraint: "withdrawals_two_people" });
    expect(await cashier.approve(id, ben)).toMatchObject({ ok: true });
    expect(await cashier.stateOf(id)).toBe("approved");
  });

  test("two approvals of one person at once count once", async () => {
    const { id } = await asked("600.00");
    const answers = await Promise.all([cashier.approve(id, ann), cashier.approve(id, ann), cashier.approve(id, ann)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await cashier.stateOf(id)).toBe("in-review");
  });

  test("approves exactly what was asked for: a row that was changed past its triggers is not approved", async () => {
    const { id } = await asked("200.00");
    await expect(
      cashier.house.db.owner("withdrawals").where({ id }).update({ target_address: "GB82WEST12345698765432" }),
    ).rejects.toMatchObject({ constraint: "withdrawals_request_is_fixed" });
    await cashier.house.db.owner.raw(
      `ALTER TABLE withdrawals DISABLE TRIGGER withdrawals_kept;
       UPDATE withdrawals SET target_address = 'GB82WEST12345698765432' WHERE id = '${id}';
       ALTER TABLE withdrawals ENABLE ALWAYS TRIGGER withdrawals_kept`,
    );
    await expect(cashier.approve(id, ann)).rejects.toThrow("is not what was asked for");
  });

  test("may say no after an approval: the money is free again, and nothing more can be done", async () => {
    const { id } = await asked("200.00");
    await cashier.approve(id, ann);
    expect(await cashier.reject(id, ben)).toMatchObject({ ok: true });
    expect(await balance()).toEqual({ posted: 100_000n, held: 0n });
    expect(await cashier.send(id)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    expect(await cashier.approve(id, cem)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
  });

  test("is not the trader's: he may only cancel, and only before it was sent", async () => {
    const { id } = await asked("200.00");
    const stranger = await cashier.house.openAccount(0n);
    expect(await cashier.cancel(stranger, id)).toMatchObject({ refusal: "UNKNOWN_WITHDRAWAL" });
    expect(await cashier.cancel(account, id)).toMatchObject({
      ok: true,
      value: { state: "cancelled" },
    });
    expect(await balance()).toEqual({ posted: 100_000n, held: 0n });
    const sent = await asked("100.00");
    await cashier.send(sent.id);
    expect(await cashier.cancel(account, sent.id)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
  });
});

describe("payment", () => {
  test("sent, the money is in flight and the fee the house's; confirmed, it has left the house; the books balance", async () => {
    const [flying, clearing, fees] = [
      await cashier.ofHouse("withdrawal.in_flight"),
      await cashier.ofHouse("clearing.bank"),
      await cashier.ofHouse("house.fee"),
    ];
    const { id } = await asked("100.00");
    expect(await cashier.send(id)).toMatchObject({ ok: true });
    expect(await balance()).toEqual({ posted: 90_000n, held: 0n });
    expect(await cashier.ofHouse("withdrawal.in_flight")).toBe(flying + 9_750n);
    expect(await cashier.ofHouse("house.fee")).toBe(fees + 250n);
    expect(await cashier.confirm(id)).toMatchObject({ ok: true });
    expect(await cashier.ofHouse("withdrawal.in_flight")).toBe(flying);
    expect(await cashier.ofHouse("clearing.bank")).toBe(clearing + 9_750n);
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("sent ten times at once is sent once", async () => {
    const { id } = await asked("100.00");
    const answers = await Promise.all(Array.from({ length: 10 }, () => cashier.send(id)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await balance()).posted).toBe(90_000n);
  });

  test("that comes back gives the trader all of it again, by new transfers", async () => {
    const { id } = await asked("100.00");
    await cashier.send(id);
    expect(await cashier.giveBack(id)).toMatchObject({ ok: true });
    expect(await balance()).toEqual({ posted: 100_000n, held: 0n });
    expect(await cashier.confirm(id)).toMatchObject({ refusal: "NOT_IN_THIS_STATE" });
    const moved = await cashier.house.db.app("transfers").where({ group_id: id }).orderBy("leg").pluck("code");
    expect(moved).toEqual([2, 3, 90, 90]);
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  });

  test("is refused when positions need the money since, and goes on when they don't any more", async () => {
    await cashier.buyOne(account);
    const { posted, held } = await balance();
    const free = posted - held - 125n; // the spread is lost at once
    const { id } = await asked(typed(free));
    await cashier.approve(id, ann);
    await cashier.approve(id, ben);
    cashier.house.market.quote("MES", "4999.75", "5000.00");
    expect(await cashier.send(id)).toMatchObject({ refusal: "MARGIN_NEEDED" });
    cashier.house.market.quote("MES", "5000.00", "5000.25");
    expect(await cashier.send(id)).toMatchObject({ ok: true });
  });

  test("a limit counts the request itself once, and what came back not at all", async () => {
    await cashier.house.db.app("payment_channels").update({ day_max_minor: 30_000 });
    try {
      const first = await asked("200.00");
      expect(await ask("100.01")).toMatchObject({ refusal: { code: "DAY_LIMIT" } });
      await cashier.reject(first.id);
      expect(await ask("300.00")).toMatchObject({ ok: true });
      expect(await ask("20.00")).toMatchObject({ refusal: { code: "DAY_LIMIT" } });
    } finally {
      await cashier.house.db.app("payment_channels").update({ day_max_minor: null });
    }
  });
});

test("a hold that was let go past the program is named by the invariant", async () => {
  const { id } = await asked("100.00");
  await cashier.house.db.owner.raw("UPDATE holds SET state = 'voided' WHERE ref_id = ?", [id]);
  expect((await brokenBooks(cashier.house.db)).map(({ invariant }) => invariant)).toEqual([
    "I14 withdrawal has its money",
  ]);
  expect(await cashier.send(id)).toMatchObject({ ok: true });
});
