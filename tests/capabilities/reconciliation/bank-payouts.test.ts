import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { compareBank } from "../../../server/capabilities/reconciliation/index.ts";
import { testPayouts } from "../withdrawals/payout-support.ts";
import { type TestCashier, testCashier } from "../withdrawals/support.ts";

let bank: TestCashier;

beforeAll(async () => {
  bank = await testCashier();
});
afterAll(() => bank?.house.close());

test("compared with the bank, what was paid matches, what was not debited is not ours yet, and what differs is named", async () => {
  const own = await testPayouts(bank);
  const holder = await bank.house.openAccount(100_000n);
  const place = await bank.oldTarget(holder);
  const ids = [];
  for (const amount of ["40.00", "50.00", "60.00", "70.00"]) ids.push((await bank.asked(holder, place, amount)).id);
  await own.release(await own.gathered());
  const referenceOf = async (id: string | undefined): Promise<string> =>
    (await bank.house.db.app("withdrawals").where({ id }).first()).reference;
  const [paid, byHand, wrong, returned] = ids;
  await bank.confirm(byHand ?? "");
  const back = { endToEndId: await referenceOf(returned), bookedOn: "2026-11-20" };
  await own.take([
    { amount: "-37.50", endToEndId: await referenceOf(paid) },
    { amount: "-57.51", endToEndId: await referenceOf(wrong) },
    { amount: "-67.50", ...back },
    { amount: "67.50", ...back, returnReason: "" },
  ]);
  const of = { tenantId: bank.house.tenantId, bookDate: "2100-01-04" };
  const [usd] = (await compareBank(bank.house.db.app, of)).filter(({ currency }) => currency === "USD");
  expect(usd).toMatchObject({ ours: -8_500n, theirs: 100_000_000n - 9_501n, matched: 1n, openCount: 2n });
  expect(usd?.open.map(({ foundIn, ours, theirs }) => [foundIn, ours, theirs])).toEqual(
    expect.arrayContaining([
      ["only-ours", -4_750n, 0n],
      ["only-theirs", 0n, -5_751n],
    ]),
  );
  expect(usd?.open.find(({ foundIn }) => foundIn === "only-ours")?.payment).toBe(byHand);
});
