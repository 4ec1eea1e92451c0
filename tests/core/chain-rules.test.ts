import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ChainHead } from "#core/chain.ts";
import {
  confirmationsOf,
  finalBlock,
  foundTransfer,
  isOfToken,
  type KnownTransfer,
  missedTransfer,
  nextRange,
  type TransferStep,
  toMinorUnits,
  toSmallestUnits,
} from "#core/chain-rules.ts";
import { minorUnits } from "#core/units.ts";

const head = (number: bigint, finalNumber: bigint | null = null): ChainHead => ({
  number,
  finalNumber,
  hash: `0x${number}`,
});
const at = (blockNumber: bigint, blockHash = `0x${blockNumber}`) => ({ blockNumber, blockHash });
const known = (given: Partial<KnownTransfer>): KnownTransfer => ({
  state: "seen",
  ...at(100n),
  missingAt: null,
  ...given,
});

test("a block counts when the chain calls it final, whatever was built on it", () => {
  expect(finalBlock(head(200n, 136n), "final")).toBe(136n);
  expect(finalBlock(head(200n, null), "final")).toBe(-1n);
});

test("with 12 confirmations the 12th block from the newest one counts", () => {
  expect(finalBlock(head(111n), { confirmations: 12n })).toBe(100n);
  expect(confirmationsOf(100n, head(111n))).toBe(12n);
  expect(finalBlock(head(5n), { confirmations: 12n })).toBe(-1n);
  expect(confirmationsOf(100n, head(99n))).toBe(0n);
});

test("another contract's transfer is nothing, nor is one of zero", () => {
  const transfer = { txid: "0x1", logIndex: 0, ...at(1n), contract: "0xA", to: "0xB", from: "0xC", amount: 5n };
  const token = { contract: "0xA", decimals: 6 };
  expect(isOfToken(transfer, token)).toBe(true);
  expect(isOfToken({ ...transfer, contract: "0xD" }, token)).toBe(false);
  expect(isOfToken({ ...transfer, amount: 0n }, token)).toBe(false);
});

test("1.5 USDT is 1500000 minor units, told in 6 decimals (Ethereum) or in 18 (BSC)", () => {
  expect(toMinorUnits(1_500_000n, 6, 6)).toEqual({ minor: 1_500_000n, remainder: 0n });
  expect(toMinorUnits(1_500_000_000_000_000_000n, 18, 6)).toEqual({ minor: 1_500_000n, remainder: 0n });
  expect(toMinorUnits(15n, 1, 6)).toEqual({ minor: 1_500_000n, remainder: 0n });
  expect(toSmallestUnits(minorUnits(1_500_000n), 18, 6)).toBe(1_500_000_000_000_000_000n);
});

test("what is finer than a minor unit is nobody's, never rounded up", () => {
  expect(toMinorUnits(1_999_999_999_999n, 18, 6)).toEqual({ minor: 1n, remainder: 999_999_999_999n });
  expect(toMinorUnits(999_999_999_999n, 18, 6)).toEqual({ minor: 0n, remainder: 999_999_999_999n });
  expect(toSmallestUnits(minorUnits(1n), 2, 6)).toBeNull();
});

test("amount = minor units and remainder, to the last digit, and back", () => {
  const scales = fc.integer({ min: 0, max: 18 });
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      scales,
      fc.integer({ min: 0, max: 8 }),
      (amount, decimals, scale) => {
        const { minor, remainder } = toMinorUnits(amount, decimals, scale);
        expect((toSmallestUnits(minor, decimals, scale) ?? -1n) + remainder).toBe(amount);
      },
    ),
  );
});

test("a transfer is pending when it is seen, and paid when its block counts", () => {
  const seen = foundTransfer(null, at(100n), 90n);
  expect(seen).toEqual({ next: known({}), said: "pending", isAnew: false });
  expect(foundTransfer(seen.next, at(100n), 99n).said).toBeNull();
  expect(foundTransfer(seen.next, at(100n), 100n)).toEqual({
    next: known({ state: "counted" }),
    said: "paid",
    isAnew: false,
  });
});

test("a counted transfer found again is not paid again, in its block or in another", () => {
  expect(foundTransfer(known({ state: "counted" }), at(100n), 120n).said).toBeNull();
  expect(foundTransfer(known({ state: "counted", missingAt: 101n }), at(103n), 120n)).toEqual({
    next: known({ state: "counted", ...at(103n) }),
    ...{ said: null, isAnew: false },
  });
});

test("what a reorg took out is waited for until the block of that time counts; then it is dropped", () => {
  const missed = missedTransfer(known({}), head(102n), 91n);
  expect(missed).toEqual({ next: known({ missingAt: 102n }), said: null, isAnew: false });
  expect(missedTransfer(known({ missingAt: 102n }), head(112n), 101n)).toBeNull();
  expect(missedTransfer(known({ missingAt: 102n }), head(113n), 102n)?.said).toBe("failed");
});

test("what was credited and is gone is reversed, and comes anew as a payment of its own", () => {
  const gone = missedTransfer(known({ state: "counted", missingAt: 102n }), head(113n), 102n);
  expect(gone?.said).toBe("reversed");
  expect(foundTransfer(known({ state: "reversed" }), at(140n), 130n)).toEqual({
    next: known({ ...at(140n) }),
    ...{ said: "pending", isAnew: true },
  });
});

test("a dropped transfer that is found again is the same payment", () => {
  expect(foundTransfer(known({ state: "dropped", missingAt: 102n }), at(140n), 150n)).toEqual({
    next: known({ state: "counted", ...at(140n) }),
    ...{ said: "paid", isAnew: false },
  });
  expect(missedTransfer(known({ state: "dropped", missingAt: 102n }), head(200n), 190n)).toBeNull();
});

test("however the chain turns, a payment is paid at most once between two reversals", () => {
  const turn = fc.record({
    isIn: fc.boolean(),
    fork: fc.integer({ min: 0, max: 3 }),
    confirmations: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      let transfer: KnownTransfer | null = null;
      let credits = 0;
      for (const [place, { isIn, fork, confirmations }] of turns.entries()) {
        const now = head(BigInt(100 + place));
        const final = finalBlock(now, { confirmations: BigInt(confirmations) });
        const step: TransferStep | null = isIn
          ? foundTransfer(transfer, at(100n, `0x${fork}`), final)
          : transfer && missedTransfer(transfer, now, final);
        if (step === null) continue;
        transfer = step.next;
        credits += step.said === "paid" ? 1 : step.said === "reversed" ? -1 : 0;
        expect(credits).toBe(step.next.state === "counted" ? 1 : 0);
      }
    }),
  );
});

test("blocks are looked at from behind the newest one that is still in the chain, a page at a time", () => {
  const of = { startBlock: 50n, blocksMax: 100n };
  expect(nextRange(null, head(400n), of)).toEqual({ fromBlock: 50n, toBlock: 149n });
  expect(nextRange({ number: 395n }, head(400n), of)).toEqual({ fromBlock: 396n, toBlock: 400n });
  expect(nextRange({ number: 400n }, head(400n), of)).toBeNull();
});
