import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Side } from "#contracts/names.ts";
import { noBracket } from "#core/bracket.ts";
import { nothingResting } from "#core/exposure.ts";
import { type AccountToSettle, type OrderToSettle, settleAccount } from "#core/settlement.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { aPosition, mesTerms } from "./trading-builders.ts";

let made = 0;
const anOrder = (side: Side, size: bigint, more: Partial<OrderToSettle> = {}): OrderToSettle => ({
  id: `order-${++made}`,
  instrumentId: "MES",
  terms: mesTerms,
  side,
  lots: lots(size),
  reduceOnly: false,
  origin: "trader",
  bid: ticks(20_000n),
  ask: ticks(20_001n),
  quoteSeq: 7n,
  triggered: false,
  bracket: { "take-profit": null, "stop-loss": null },
  waitedMs: 5,
  ...more,
});
const anAccount = (balance: bigint, size = 0n, price = 0n, more: Partial<AccountToSettle> = {}): AccountToSettle => ({
  state: "active",
  balance: minorUnits(balance),
  heldElsewhere: minorUnits(0n),
  positions:
    size === 0n
      ? new Map()
      : new Map([
          [
            "MES",
            {
              position: aPosition(size, price),
              marginHeld: minorUnits((size < 0n ? -size : size) * mesTerms.initialMargin),
              terms: mesTerms,
              resting: nothingResting,
              bracket: noBracket,
            },
          ],
        ]),
  ...more,
});
const rules = { maxQueueMs: 10_000 };

test("a buy fills at the ask, a sell at the bid, each with its fee", () => {
  const settled = settleAccount(anAccount(100_000n), [anOrder("buy", 2n), anOrder("sell", 2n)], rules);
  expect(settled.outcomes).toMatchObject([
    { kind: "filled", price: 20_001n, realizedPnl: 0n, fee: 124n, positionLotsAfter: 2n },
    { kind: "filled", price: 20_000n, realizedPnl: -250n, fee: 124n, positionLotsAfter: 0n },
  ]);
  expect(settled.balance).toBe(100_000n - 250n - 248n);
  expect(settled.protection).toBe(0n);
});

describe("rejections", () => {
  test("an order that waited too long is rejected, those behind it fill", () => {
    const settled = settleAccount(
      anAccount(100_000n),
      [anOrder("buy", 1n, { waitedMs: 10_001 }), anOrder("buy", 1n)],
      rules,
    );
    expect(settled.outcomes).toMatchObject([{ kind: "rejected", code: "QUEUED_TOO_LONG" }, { kind: "filled" }]);
  });
  test("an order of an account disabled meanwhile is rejected if it opens, and fills if it closes", () => {
    const account = anAccount(100_000n, 1n, 20_000n, { state: "disabled" });
    const settled = settleAccount(account, [anOrder("buy", 1n), anOrder("sell", 1n)], rules);
    expect(settled.outcomes).toMatchObject([{ kind: "rejected", code: "ACCOUNT_DISABLED" }, { kind: "filled" }]);
  });
  test("what was accepted to reduce an order that is rejected does not open the other way", () => {
    const orders = [
      anOrder("buy", 2n, { waitedMs: 10_001 }),
      anOrder("sell", 2n),
      anOrder("sell", 1n, { reduceOnly: true }),
    ];
    expect(settleAccount(anAccount(100_000n), orders, rules).outcomes).toMatchObject([
      { kind: "rejected", code: "QUEUED_TOO_LONG" },
      { kind: "rejected", code: "POSITION_GONE" },
      { kind: "cancelled", code: "POSITION_GONE" },
    ]);
  });
});

describe("losses", () => {
  test("that eat into margin cut the hold to what the balance covers", () => {
    const exit = anOrder("sell", 1n, { bid: ticks(19_900n), ask: ticks(19_901n) });
    const settled = settleAccount(anAccount(20_100n, 2n, 20_000n), [exit], rules);
    expect(settled.balance).toBe(20_100n - 12_500n - 62n);
    expect(settled.positions.get("MES")).toMatchObject({ position: { lots: 1n }, marginHeld: 7538n });
    expect(settled.protection).toBe(0n);
  });
  test("beyond the balance are made good by the house, and the account ends at zero", () => {
    const exit = anOrder("sell", 2n, { bid: ticks(19_900n), ask: ticks(19_901n) });
    const settled = settleAccount(anAccount(20_100n, 2n, 20_000n), [exit], rules);
    expect(settled.protection).toBe(25_000n + 124n - 20_100n);
    expect(settled.balance).toBe(0n);
  });
});

test("whatever happens: money is conserved, holds are covered, no account ends below zero", () => {
  const anyOrder = fc.record({
    side: fc.constantFrom<Side>("buy", "sell"),
    size: fc.bigInt(1n, 20n),
    bid: fc.bigInt(15_000n, 25_000n),
    waitedMs: fc.integer({ min: 0, max: 11_000 }),
  });
  fc.assert(
    fc.property(
      fc.bigInt(0n, 500_000n),
      fc.bigInt(-20n, 20n),
      fc.array(anyOrder, { maxLength: 20 }),
      (balance, size, wanted) => {
        const orders = wanted.map((order) =>
          anOrder(order.side, order.size, {
            ...order,
            bid: ticks(order.bid),
            ask: ticks(order.bid + 1n),
          } as Partial<OrderToSettle>),
        );
        const settled = settleAccount(anAccount(balance, size, 20_000n), orders, rules);
        let money = balance + settled.protection;
        let held = size;
        for (const outcome of settled.outcomes) {
          if (outcome.kind !== "filled") continue;
          money += outcome.realizedPnl - outcome.fee;
          held += outcome.order.side === "buy" ? outcome.order.lots : -outcome.order.lots;
          expect(outcome.positionLotsAfter).toBe(held);
        }
        const position = settled.positions.get("MES");
        expect(settled.balance).toBe(money);
        expect(settled.balance).toBeGreaterThanOrEqual(position?.marginHeld ?? 0n);
        expect(position?.position.lots ?? 0n).toBe(held);
        expect(settled.protection === 0n || settled.balance === 0n).toBe(true);
      },
    ),
  );
});
