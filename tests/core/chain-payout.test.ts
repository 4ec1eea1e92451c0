import { expect, test } from "@jest/globals";
import type { TransactionStatus } from "#core/chain.ts";
import { judgePayout, type PayoutSeen, payoutLookMs, type StandingPayout } from "#core/chain-payout.ts";

const payout = (given: Partial<StandingPayout> = {}): StandingPayout => ({
  ...{ state: "sent", to: "0xB", amount: 30n, contract: "0xT", isOurs: true, expires: false, ...given },
});
const transfer = {
  txid: "0x1",
  logIndex: 0,
  blockNumber: 100n,
  blockHash: "0x64",
  contract: "0xT",
  to: "0xB",
  from: "0xA",
  amount: 30n,
};
const paid: TransactionStatus = { kind: "succeeded", blockNumber: 100n, transfers: [transfer] };
const seen = (given: Partial<PayoutSeen> = {}): PayoutSeen => ({ status: paid, canLand: false, final: 100n, ...given });

test("paid when its block counts and holds the transfer that was approved, not before", () => {
  expect(judgePayout(payout(), seen())).toEqual({ kind: "confirm", blockNumber: 100n });
  expect(judgePayout(payout(), seen({ final: 99n }))).toEqual({ kind: "stay", state: "sent" });
});

test.each([
  ["another amount", { amount: 29n }],
  ["another payee", { to: "0xC" }],
  ["another token", { contract: "0xU" }],
])("a transaction with %s did not pay it", (_what, other) => {
  const status: TransactionStatus = { ...paid, transfers: [{ ...transfer, ...other }] };
  expect(judgePayout(payout(), seen({ status }))).toEqual({ kind: "lost", problem: "OTHER_TRANSFER" });
});

test("one that failed is lost when its block counts", () => {
  const status: TransactionStatus = { kind: "failed", blockNumber: 100n };
  expect(judgePayout(payout(), seen({ status }))).toEqual({ kind: "lost", problem: "REVERTED" });
  expect(judgePayout(payout(), seen({ status, final: 99n }))).toEqual({ kind: "stay", state: "sent" });
});

test("one that no node has stays as long as it can land, and is lost when final blocks leave no room for it", () => {
  const status: TransactionStatus = { kind: "unknown" };
  expect(judgePayout(payout({ state: "signed" }), seen({ status, canLand: true }))).toEqual({
    kind: "stay",
    state: "unknown",
  });
  expect(judgePayout(payout(), seen({ status, canLand: true }))).toEqual({ kind: "stay", state: "sent" });
  expect(judgePayout(payout(), seen({ status }))).toEqual({ kind: "lost", problem: "REPLACED" });
  expect(judgePayout(payout({ expires: true }), seen({ status }))).toEqual({ kind: "lost", problem: "EXPIRED" });
});

test("a node that does not answer decides nothing", () => {
  expect(judgePayout(payout({ state: "signed" }), seen({ status: null }))).toEqual({ kind: "stay", state: "unknown" });
  expect(judgePayout(payout(), seen({ status: null }))).toEqual({ kind: "stay", state: "sent" });
});

test("of a transaction that a person named, nothing is given back by itself", () => {
  const told = payout({ isOurs: false });
  expect(judgePayout(told, seen({ status: { kind: "failed", blockNumber: 100n } }))).toEqual({
    kind: "look",
    problem: "REVERTED",
  });
  expect(judgePayout(told, seen({ status: { ...paid, transfers: [] } }))).toEqual({
    kind: "look",
    problem: "OTHER_TRANSFER",
  });
});

test("it is looked at after 5, 10, 20 seconds, at most every 5 minutes", () => {
  expect([0, 1, 2, 50].map(payoutLookMs)).toEqual([5_000, 10_000, 20_000, 300_000]);
});
