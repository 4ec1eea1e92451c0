import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { brokenBooks } from "../../support/trading.ts";
import { type TestClient, testClient } from "./client-support.ts";

/** Money should go back first the way it came: here by the gateway, which pays nothing out, and is asked for by the bank. */
let of: TestClient;
beforeAll(async () => {
  of = await testClient();
});
afterAll(() => of?.cashier.close());
beforeEach(async () => {
  await of.renew();
  await rule("review");
});
afterEach(async () => expect(await brokenBooks(of.house.db)).toEqual([]));

const rule = (sourceFirst: string) =>
  of.house.db.app("payment_channels").where({ channel: "bank" }).update({ source_first: sourceFirst });

/** How many people look at it, and whether the source is among the reasons. */
async function looks(amount: string): Promise<{ reviews: number; source: boolean | undefined }> {
  const asked = await of.withdraw(amount);
  if (!asked.ok) throw new Error(asked.refusal.code);
  const { checks } = await of.house.db.app("withdrawals").where({ id: asked.value.id }).first("checks");
  return {
    reviews: asked.value.reviews_needed,
    source: checks.find(({ code }: { code: string }) => code === "SOURCE_DIFFERS")?.passed,
  };
}

test("what a trader earned goes anywhere; what came another way is looked at by a person", async () => {
  await of.fund(5_000n);
  await of.credited("100.00");
  expect(await looks("50.00")).toEqual({ reviews: 0, source: true });
  expect(await looks("10.00")).toEqual({ reviews: 1, source: false });
});

test("unless the operator does not mind", async () => {
  await of.credited("100.00");
  await rule("off");
  expect(await looks("20.00")).toEqual({ reviews: 0, source: true });
});

test("what the channel took back is not to go back once more", async () => {
  await of.fund(20_000n);
  const row = await of.credited("100.00");
  await of.chargedBack(row);
  expect(await looks("150.00")).toEqual({ reviews: 0, source: true });
});

test("a channel that pays nothing out can't be paid back by: even where the rule is strict a person decides", async () => {
  await of.credited("100.00");
  await rule("refuse");
  expect(await looks("20.00")).toEqual({ reviews: 1, source: false });
});
