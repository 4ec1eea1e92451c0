import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { testPayouts } from "../withdrawals/payout-support.ts";
import { type TestCashier, testCashier } from "../withdrawals/support.ts";
import { compareNow } from "./support.ts";

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
  const run = await compareNow(bank.house.db.app, {
    ...{ tenantId: bank.house.tenantId, channel: "bank", channels: [], chains: [] },
  });
  const line = await bank.house.db.app("statement_lines").where({ amount_minor: -5_751 }).first("id");
  expect([...run.items].sort()).toEqual(
    [`${paid} matched -3750 -3750`, `${byHand} only-ours -4750 0`, `line ${line.id} only-theirs 0 -5751`].sort(),
  );
  expect(run.totals).toMatchObject([
    { ours_minor: -8_500n, theirs_minor: 100_000_000n - 9_501n, aside_minor: 100_000_000n, explained_minor: -1_001n },
  ]);
});
