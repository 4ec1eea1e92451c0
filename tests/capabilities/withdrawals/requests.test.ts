import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { WantedWithdrawal } from "../../../server/capabilities/withdrawals/index.ts";
import { isUnavailable } from "../../../server/platform/db/unavailable.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { person, type TestCashier, testCashier, typed } from "./support.ts";

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

/** What a client does who is told that the house is busy, as one of 320 may be: the same request again. */
async function insisting<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;)
    try {
      return await ask();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
}

describe("a request", () => {
  test("holds the whole amount and moves nothing; up to the automatic limit it is approved at once", async () => {
    const small = await asked("100.00");
    expect(small).toMatchObject({ state: "approved", fee_minor: 250n, reviews_needed: 0 });
    expect(await balance()).toEqual({ posted: 100_000n, held: 10_000n });
  });

  test("sent twice is one withdrawal; with another amount it is refused", async () => {
    const requestId = randomUUID();
    const first = await asked("100.00", { requestId });
    expect((await asked("100.00", { requestId })).id).toBe(first.id);
    expect(await ask("100.01", { requestId })).toMatchObject({ refusal: { code: "REQUEST_ID_REUSED" } });
    expect((await balance()).held).toBe(10_000n);
  });

  test("320 at once against money for 33: exactly 33 are taken, and available money never falls below zero", async () => {
    await cashier.house.db.app("payment_channels").update({ day_count: null });
    const rich = await cashier.house.openAccount(66_000n);
    const place = await cashier.oldTarget(rich);
    const answers = await Promise.all(
      Array.from({ length: 320 }, () => {
        const requestId = randomUUID();
        return insisting(() => cashier.ask(rich, place, "20.00", { requestId }));
      }),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(33);
    const refusals = new Set(answers.flatMap((one) => (one.ok ? [] : [one.refusal.code])));
    expect([...refusals]).toEqual(["INSUFFICIENT_FUNDS"]);
    await cashier.house.db.app("payment_channels").update({ day_count: 50 });
    expect(await brokenBooks(cashier.house.db)).toEqual([]);
  }, 60_000);

  test("what open positions hold and have lost can't be withdrawn", async () => {
    await cashier.buyOne(account);
    cashier.house.market.quote("MES", "4950.00", "4950.25"); // 250.00 and more below the purchase
    const { posted, held } = await balance();
    const free = posted - held - 25_125n; // 50.25 points of 5 dollars
    expect(await ask(typed(free + 1n))).toMatchObject({ refusal: { code: "INSUFFICIENT_FUNDS" } });
    expect(await ask(typed(free))).toMatchObject({ ok: true });
  });

  test.each([
    ["of another trader's account", "UNKNOWN_ACCOUNT", { accountId: randomUUID() }],
    ["to a place that is not his", "UNKNOWN_TARGET", { targetId: randomUUID() }],
  ])("%s is refused", async (_what, code, more) => {
    expect(await ask("100.00", more)).toMatchObject({ ok: false, refusal: { code } });
  });

  test.each(["0", "-5.00", "1.005", "1e3", "", "much"])("of '%s' is refused", async (amount) => {
    expect(await ask(amount)).toMatchObject({ ok: false, refusal: { code: "AMOUNT_INVALID" } });
    expect((await balance()).held).toBe(0n);
  });

  test("to a new place waits for the cooling time, whoever approves it", async () => {
    const other = await cashier.newTarget(account, "GB82WEST12345698765432");
    const row = await asked("100.00", { targetId: other });
    expect(row).toMatchObject({ state: "in-review", reviews_needed: 1 });
    expect(await cashier.approve(row.id, person("Ann"))).toMatchObject({ ok: true });
    expect(await cashier.send(row.id)).toMatchObject({ ok: false, refusal: "TOO_EARLY" });
    await expect(
      cashier.house.db
        .owner("withdrawals")
        .where({ id: row.id })
        .update({
          ...{ state: "sent", reference: "x", sent_by_id: randomUUID(), sent_by: "x" },
          sent_at: cashier.house.db.owner.raw("clock_timestamp()"),
        }),
    ).rejects.toMatchObject({ constraint: "withdrawals_not_sent_early" });
  });
});

describe("a place to be paid to", () => {
  test("is kept once in one spelling; removed and added again it is new", async () => {
    expect(await cashier.tryAdding(account, "de89 3704 0044 0532 0130 00")).toMatchObject({ refusal: "TARGET_EXISTS" });
    expect(await cashier.remove(account, target)).toBe("removed");
    expect(await cashier.remove(account, target)).toBeNull();
    const again = await cashier.newTarget(account);
    expect(await ask("100.00", { targetId: again })).toMatchObject({ ok: true, value: { state: "in-review" } });
  });

  test.each(["DE89370400440532013001", "", "hello"])("'%s' is none", async (address) => {
    expect(await cashier.tryAdding(account, address)).toMatchObject({
      refusal: "ADDRESS_INVALID",
    });
  });
});
