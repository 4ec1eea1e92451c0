import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { settlePayoutLines } from "../../../server/capabilities/withdrawals/index.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { type TestPayouts, testPayouts } from "./payout-support.ts";
import { type TestCashier, testCashier } from "./support.ts";

let cashier: TestCashier;
let payouts: TestPayouts;
let account: TestAccount;
let target: string;

beforeAll(async () => {
  cashier = await testCashier();
  payouts = await testPayouts(cashier);
});
afterAll(() => cashier?.house.close());
beforeEach(async () => {
  account = await cashier.house.openAccount(100_000n);
  target = await cashier.oldTarget(account);
});

/** One that the bank was told to pay: 100.00 less the fee of 2.50. */
async function released(): Promise<{ id: string; reference: string }> {
  const { id } = await cashier.asked(account, target, "100.00");
  await payouts.release(await payouts.gathered());
  const { reference } = await cashier.house.db.app("withdrawals").where({ id }).first();
  return { id, reference };
}
const balanced = async (): Promise<void> => expect(await brokenBooks(cashier.house.db)).toEqual([]);
const legsOf = (id: string): Promise<number[]> =>
  cashier.house.db.app("transfers").where({ group_id: id }).orderBy("leg").pluck("leg");

describe("a line of money that left", () => {
  test("is the payout that it names: paid once, with the bank's date and reference; the same file again is nothing", async () => {
    const { id, reference } = await released();
    const clearing = await cashier.ofHouse("clearing.bank");
    const taken = await payouts.take([
      { amount: "-97.50", endToEndId: reference, bankReference: "BANK-7", bookedOn: "2026-11-19" },
    ]);
    expect(taken.report).toMatchObject({ paid: 1, out: 0, returned: 0, matched: 0, unmatched: 0 });
    expect(await cashier.stateOf(id)).toBe("confirmed");
    expect(await cashier.ofHouse("clearing.bank")).toBe(clearing + 9_750n);
    const shown = await cashier.house.db.app("admin_bank_payouts").where({ withdrawal_id: id }).first();
    expect(shown).toMatchObject({ state: "paid", bank_reference: "BANK-7", paid_on: "2026-11-19", returned_on: null });
    expect(await taken.again()).toMatchObject({ refusal: "STATEMENT_KNOWN" });
    expect(await payouts.settle()).toBe(0);
    expect(await legsOf(id)).toEqual([0, 1, 2]);
    await balanced();
  });

  test("is settled once by five at once, and after a death between the statement and its effect", async () => {
    const { id, reference } = await released();
    const taken = await payouts.take([{ amount: "-97.50", endToEndId: reference }], { settles: false });
    expect(taken.rows).toMatchObject([{ withdrawal_id: id }]);
    expect(await cashier.stateOf(id)).toBe("sent");
    const settle = settlePayoutLines({ transact: payouts.transact, announce: () => {} }, (error) => {
      throw error;
    });
    await Promise.all(Array.from({ length: 5 }, () => settle()));
    expect(await legsOf(id)).toEqual([0, 1, 2]);
    await balanced();
  });

  test("is found by its reference in the text, where the bank gives no end-to-end id, also broken by its columns", async () => {
    const { id, reference } = await released();
    await payouts.take([
      { amount: "-97.50", text: `SEPA Withdrawal ${reference.slice(0, 7)} ${reference.slice(7)} x` },
    ]);
    expect(await cashier.stateOf(id)).toBe("confirmed");
    await balanced();
  });

  test.each([
    ["of another amount", "-97.51", "AMOUNT_DIFFERS"],
    ["of the amount with the fee", "-100.00", "AMOUNT_DIFFERS"],
  ])("%s stays for a person", async (_what, amount, problem) => {
    const { id, reference } = await released();
    const { report, rows } = await payouts.take([{ amount, endToEndId: reference }]);
    expect(report).toMatchObject({ paid: 0, out: 1 });
    expect(rows).toMatchObject([{ withdrawal_id: null, problem }]);
    expect(await cashier.stateOf(id)).toBe("sent");
    await balanced();
  });

  test("a second time, in the same file or a later one, is an exception; two payouts named at once, too", async () => {
    const { id, reference } = await released();
    const line = { amount: "-97.50", endToEndId: reference };
    const first = await payouts.take([line, line]);
    expect(first.rows).toMatchObject([
      { withdrawal_id: id, problem: null },
      { withdrawal_id: null, problem: "TWICE" },
    ]);
    expect((await payouts.take([line])).rows).toMatchObject([{ withdrawal_id: null, problem: "TWICE" }]);
    const [a, b] = [await released(), await released()];
    const both = await payouts.take([{ amount: "-97.50", text: `${a.reference} ${b.reference}` }]);
    expect(both.rows).toMatchObject([{ withdrawal_id: null, problem: "SEVERAL_PAYOUTS" }]);
    expect(await legsOf(id)).toEqual([0, 1, 2]);
    await balanced();
  });

  test("of another account of the house is not that payout", async () => {
    const { id, reference } = await released();
    const other = await testPayouts(cashier, "DE75512108001245126199");
    expect((await other.take([{ amount: "-97.50", endToEndId: reference }])).rows).toMatchObject([
      { withdrawal_id: null, problem: "OTHER_ACCOUNT" },
    ]);
    expect(await cashier.stateOf(id)).toBe("sent");
    await cashier.giveBack(id);
  });

  test("of one that a person sent is found by the reference that he noted", async () => {
    const { id } = await cashier.asked(account, target, "100.00");
    await cashier.send(id, payouts.ann, `HAND-${id}`);
    await payouts.take([{ amount: "-97.50", bankReference: `HAND-${id}` }]);
    expect(await cashier.stateOf(id)).toBe("confirmed");
    await balanced();
  });

  test("of one that a person has given back meanwhile moves nothing, and says so", async () => {
    const { id, reference } = await released();
    await cashier.giveBack(id);
    const { rows } = await payouts.take([{ amount: "-97.50", endToEndId: reference }]);
    expect(rows).toMatchObject([{ withdrawal_id: id, problem: "CAME_BACK" }]);
    expect(await cashier.stateOf(id)).toBe("returned");
    expect((await cashier.balance(account)).posted).toBe(100_000n);
    await balanced();
  });

  test("that names nothing of ours, as the bank's charges, stays unmatched and books nothing", async () => {
    const before = await cashier.ofHouse("clearing.bank");
    const { report, rows } = await payouts.take([{ amount: "-3.10", text: "charges", partyName: "" }]);
    expect(report).toMatchObject({ out: 1, paid: 0 });
    const [shown] = await cashier.house.db.app("admin_statement_lines").where({ id: rows[0].id });
    expect(shown).toMatchObject({ standing: "unmatched", problem: null, amount: "-3.10" });
    expect(await cashier.ofHouse("clearing.bank")).toBe(before);
  });
});

describe("a line that the bank calls returned", () => {
  test.each([
    ["after it was paid", true],
    ["before the line that it was paid", false],
  ])("gives the trader all of it again, once, %s", async (_when, isPaidFirst) => {
    const { id, reference } = await released();
    const clearing = await cashier.ofHouse("clearing.bank");
    const out = { amount: "-97.50", endToEndId: reference };
    const back = { amount: "97.50", endToEndId: reference, returnReason: "AC04", bookedOn: "2026-11-21" };
    await payouts.take([isPaidFirst ? out : back]);
    const last = await payouts.take([isPaidFirst ? back : out]);
    expect(last.rows).toMatchObject([{ withdrawal_id: id, deposit_id: null, problem: null }]);
    expect(await cashier.house.db.app("withdrawals").where({ id }).first()).toMatchObject({
      ...{ state: "returned", note: "The bank sent it back: AC04", ended_by: "system" },
    });
    expect(await cashier.balance(account)).toEqual({ posted: 100_000n, held: 0n });
    expect(await cashier.ofHouse("clearing.bank")).toBe(clearing);
    expect(await legsOf(id)).toEqual([0, 1, 2, 3, 4]);
    expect(await cashier.house.db.app("admin_bank_payouts").where({ withdrawal_id: id }).first()).toMatchObject({
      ...{ state: "returned", returned_on: "2026-11-21", return_reason: "AC04" },
    });
    expect(await payouts.settle()).toBe(0);
    const again = await payouts.take([back]);
    expect(again.rows).toMatchObject([{ withdrawal_id: null, problem: "TWICE", deposit_id: expect.any(String) }]);
    expect((await cashier.balance(account)).posted).toBe(100_000n);
    await balanced();
  });

  test("of less than was paid, or not ours, is money that came, and nobody's until a person says", async () => {
    const { id, reference } = await released();
    await payouts.take([{ amount: "-97.50", endToEndId: reference }]);
    const { report, rows } = await payouts.take([
      { amount: "92.50", endToEndId: reference, returnReason: "" },
      { amount: "10.00", endToEndId: "SOMEBODY", returnReason: "AC01" },
    ]);
    expect(report).toMatchObject({ returned: 0, unmatched: 2 });
    expect(rows).toMatchObject([
      { problem: "AMOUNT_DIFFERS", deposit_id: expect.any(String), withdrawal_id: null },
      { problem: null, deposit_id: expect.any(String), withdrawal_id: null },
    ]);
    expect(await cashier.stateOf(id)).toBe("confirmed");
  });

  test("without the bank's word for a return, the reference in a payer's text gives nothing back", async () => {
    const { id, reference } = await released();
    await payouts.take([{ amount: "-97.50", endToEndId: reference }]);
    const { rows } = await payouts.take([{ amount: "97.50", text: reference }]);
    expect(rows).toMatchObject([{ withdrawal_id: null, deposit_id: expect.any(String) }]);
    expect(await cashier.stateOf(id)).toBe("confirmed");
  });

  test("that a person had booked already is known as that and moves nothing more", async () => {
    const { id, reference } = await released();
    await cashier.giveBack(id);
    const lines = await payouts.take([
      { amount: "97.50", endToEndId: reference, returnReason: "AC04" },
      { amount: "-97.50", endToEndId: reference },
    ]);
    expect(lines.rows).toMatchObject([
      { withdrawal_id: id, problem: null },
      { withdrawal_id: id, problem: null },
    ]);
    expect(await legsOf(id)).toEqual([0, 1, 3, 4]);
    await balanced();
  });
});

test("the database takes no second line of a payout, either way, and no deposit without one", async () => {
  const { reference } = await released();
  const { rows } = await payouts.take([{ amount: "-97.50", endToEndId: reference }]);
  const { id: _id, ...row } = rows[0];
  const insert = (more: object) => cashier.house.db.owner("statement_lines").insert({ ...row, line_key: "k", ...more });
  await expect(insert({})).rejects.toMatchObject({ constraint: "statement_lines_paid_once" });
  await expect(insert({ amount_minor: 9_750 })).rejects.toMatchObject({
    constraint: "statement_lines_back_is_a_return",
  });
  await expect(insert({ amount_minor: 9_750, withdrawal_id: null })).rejects.toMatchObject({
    constraint: "statement_lines_in_is_somebodys",
  });
});
