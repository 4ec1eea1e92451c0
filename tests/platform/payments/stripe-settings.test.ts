import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { openPaymentChannels } from "../../../server/roles/payment-channels.ts";
import { stripeKeys } from "../../support/stripe-peer.ts";

const folder = mkdtempSync(path.join(tmpdir(), "truewick-stripe-"));
afterAll(() => rmSync(folder, { recursive: true }));

const entry = { tenantId: 1, secretKey: stripeKeys.secretKey, webhookSecrets: [stripeKeys.webhookSecret] };
function open(stripe: readonly object[], demo = true) {
  const paymentsFile = path.join(folder, "payments.json");
  writeFileSync(paymentsFile, JSON.stringify({ stripe }));
  return openPaymentChannels({ paymentsFile, publicOrigin: null, port: 8080, demo }, { now: () => new Date() });
}

test("an entry of PAYMENTS_FILE opens the channel of its partner", () => {
  expect(open([entry]).channels.map(({ channel, tenantId }) => [channel, tenantId])).toEqual([["stripe", 1]]);
});

test("a test key starts with the demo only, a live key without it", () => {
  expect(() => open([entry], false)).toThrow(/test key of Stripe/);
  const live = { ...entry, secretKey: stripeKeys.secretKey.replace("test", "live") };
  expect(open([live], false).channels).toHaveLength(1);
});

test.each([
  ["a publishable key", { ...entry, secretKey: "pk_test_4eC39HqLyjWDarjtT1zdp7dc" }],
  ["no secret", { ...entry, webhookSecrets: [] }],
  ["a short secret", { ...entry, webhookSecrets: ["whsec_1"] }],
  ["an unknown setting", { ...entry, account: "acct_1" }],
])("%s stops the start, and the message keeps the secrets", (_what, bad) => {
  expect(() => open([bad])).toThrow(/PAYMENTS_FILE/);
  expect(() => open([bad])).not.toThrow(/4eC39HqL|whsec_/);
});

test("two accounts of one partner stop the start", () => {
  expect(() => open([entry, entry])).toThrow(/stripe twice for partner 1/);
});
