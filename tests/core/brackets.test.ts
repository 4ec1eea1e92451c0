import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Side } from "#contracts/names.ts";
import { type Bracket, noBracket } from "#core/bracket.ts";
import { nothingResting } from "#core/exposure.ts";
import type { LegOrigin } from "#core/reduce.ts";
import {
  type AccountToSettle,
  type OpenPosition,
  type OrderToSettle,
  requiredFor,
  type Settlement,
  settleAccount,
} from "#core/settlement.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { aPosition, mesTerms } from "./trading-builders.ts";

const none = { "take-profit": null, "stop-loss": null };
let made = 0;
const anOrder = (side: Side, size: bigint, more: Partial<OrderToSettle> = {}): OrderToSettle => ({
  ...{ id: `order-${++made}`, instrumentId: "MES", terms: mesTerms, side, lots: lots(size), reduceOnly: false },
  ...{ origin: "trader", bid: ticks(20_000n), ask: ticks(20_001n), quoteSeq: 7n, triggered: false },
  ...{ bracket: none, waitedMs: 5 },
  ...more,
});
const legOf = (origin: LegOrigin, size: bigint, price: bigint) => ({
  [origin]: { id: origin, price: ticks(price), lots: lots(size) },
});
const aDueLeg = (origin: LegOrigin, side: Side, size: bigint): OrderToSettle =>
  anOrder(side, size, { id: origin, origin, reduceOnly: true, triggered: true });
const anAccount = (size: bigint, bracket: Bracket = noBracket, balance = 10_000_000n): AccountToSettle => {
  const position = aPosition(size, 20_000n);
  const open = { position, marginHeld: minorUnits(0n), terms: mesTerms, resting: nothingResting, bracket };
  const positions = new Map<string, OpenPosition>([["MES", { ...open, marginHeld: requiredFor(open) }]]);
  return { state: "active", balance: minorUnits(balance), heldElsewhere: minorUnits(0n), positions };
};
const settle = (account: AccountToSettle, ...orders: OrderToSettle[]): Settlement =>
  settleAccount(account, orders, { maxQueueMs: 10_000 });
const both = { ...legOf("take-profit", 2n, 20_100n), ...legOf("stop-loss", 2n, 19_900n) } as Bracket;

describe("a bracket", () => {
  test("is made by the entry that brings it, from the quote of its fill on", () => {
    const entry = anOrder("buy", 2n, { bracket: { "take-profit": ticks(20_100n), "stop-loss": ticks(19_900n) } });
    const settled = settle(anAccount(0n), entry);
    expect(settled.legs.get("MES")).toMatchObject([
      { kind: "created", origin: "take-profit", side: "sell", lots: 2n, price: 20_100n, setBy: { quoteSeq: 7n } },
      { kind: "created", origin: "stop-loss", side: "sell", lots: 2n, price: 19_900n },
    ]);
  });
  test("of an entry that only reduces the position is left out", () => {
    const exit = anOrder("sell", 1n, { bracket: { "take-profit": ticks(19_000n), "stop-loss": null } });
    expect(settle(anAccount(2n), exit).legs.size).toBe(0);
  });
  test("follows the size of its position, its prices stay", () => {
    expect(settle(anAccount(2n, both), anOrder("buy", 3n)).legs.get("MES")).toMatchObject([
      { kind: "changed", origin: "take-profit", lots: 5n, price: 20_100n, setBy: null },
      { kind: "changed", origin: "stop-loss", lots: 5n, price: 19_900n, setBy: null },
    ]);
  });
  test("is moved by an entry that brings another price, and only that leg", () => {
    const more = anOrder("buy", 1n, { bracket: { "take-profit": null, "stop-loss": ticks(19_950n) } });
    expect(settle(anAccount(2n, both), more).legs.get("MES")).toMatchObject([
      { origin: "take-profit", price: 20_100n, setBy: null },
      { origin: "stop-loss", price: 19_950n, setBy: { id: more.id } },
    ]);
  });
  test.each([2n, 3n])("ends when its position is closed or turned by %d lots", (size) => {
    expect(settle(anAccount(2n, both), anOrder("sell", size)).legs.get("MES")).toMatchObject([
      { kind: "cancelled", leg: { id: "take-profit" }, code: "POSITION_GONE" },
      { kind: "cancelled", leg: { id: "stop-loss" }, code: "POSITION_GONE" },
    ]);
  });
  test("is one cancels other: when one leg fills the other ends", () => {
    const settled = settle(anAccount(2n, both), aDueLeg("take-profit", "sell", 2n));
    expect(settled.outcomes).toMatchObject([{ kind: "filled", lots: 2n, positionLotsAfter: 0n }]);
    expect(settled.legs.get("MES")).toMatchObject([{ kind: "cancelled", leg: { id: "stop-loss" }, code: "OTHER_LEG" }]);
  });
  test("of which both legs were met fills the first and never the second, though a new position was opened", () => {
    const settled = settle(
      anAccount(2n, both),
      aDueLeg("stop-loss", "sell", 2n),
      anOrder("buy", 1n),
      aDueLeg("take-profit", "sell", 2n),
    );
    expect(settled.outcomes).toMatchObject([
      { kind: "filled" },
      { kind: "filled" },
      { kind: "cancelled", code: "OTHER_LEG" },
    ]);
    expect(settled.positions.get("MES")?.position.lots).toBe(1n);
  });
  test("closes the whole position, however it has grown since it was met", () => {
    const settled = settle(anAccount(2n, both), anOrder("buy", 3n), aDueLeg("stop-loss", "sell", 2n));
    expect(settled.outcomes).toMatchObject([{ lots: 3n }, { lots: 5n, positionLotsAfter: 0n }]);
  });
});

describe("an order that only reduces", () => {
  const exit = (size: bigint) => anOrder("sell", size, { reduceOnly: true, triggered: true, waitedMs: 60_000 });
  test("fills what there is, however late", () => {
    const settled = settle(anAccount(2n), exit(5n));
    expect(settled.outcomes).toMatchObject([{ kind: "filled", lots: 2n, positionLotsAfter: 0n }]);
  });
  test("is cancelled when nothing is left, and opens nothing", () => {
    const settled = settle(anAccount(2n), exit(2n), exit(1n));
    expect(settled.outcomes).toMatchObject([{ kind: "filled" }, { kind: "cancelled", code: "POSITION_GONE" }]);
  });
  test("of a disabled account fills", () => {
    const account = { ...anAccount(2n), state: "disabled" as const };
    expect(settle(account, exit(2n), anOrder("buy", 1n)).outcomes).toMatchObject([
      { kind: "filled" },
      { kind: "rejected", code: "ACCOUNT_DISABLED" },
    ]);
  });
});

const anySide = fc.constantFrom<Side>("buy", "sell");
const anyOrder = fc
  .record({ side: anySide, size: fc.bigInt(1n, 9n), bid: fc.bigInt(19_000n, 21_000n), reduceOnly: fc.boolean() })
  .map(({ side, size, bid, reduceOnly }) => anOrder(side, size, { bid: ticks(bid), ask: ticks(bid + 1n), reduceOnly }));

test("settled in one batch or one by one, an account ends with the same books", () => {
  fc.assert(
    fc.property(fc.bigInt(-9n, 9n), fc.array(anyOrder, { maxLength: 12 }), (size, orders) => {
      const account = anAccount(size);
      const whole = settle(account, ...orders);
      let state = account;
      for (const order of orders) {
        const { balance, positions } = settle(state, order);
        state = { ...state, balance, positions };
      }
      expect(whole.balance).toBe(state.balance);
      const lotsOf = ({ positions }: Pick<AccountToSettle, "positions">) => positions.get("MES")?.position;
      expect(lotsOf(whole)).toEqual(lotsOf(state));
      expect(settle(account, ...orders)).toEqual(whole);
    }),
  );
});

test("what the long side gains by a trade the short side of it loses, fees apart", () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 12 }), (given) => {
      // One price for both sides: with a spread both pay it to the house.
      const orders = given.map((order) => ({ ...order, ask: order.bid, reduceOnly: false }));
      const mirrored = orders.map((order) => ({
        ...order,
        side: order.side === "buy" ? ("sell" as const) : ("buy" as const),
      }));
      const gained = ({ outcomes }: Settlement): bigint =>
        outcomes.reduce((sum, outcome) => (outcome.kind === "filled" ? sum + outcome.realizedPnl : sum), 0n);
      const flat = { ...anAccount(0n), positions: new Map() };
      expect(gained(settle(flat, ...orders))).toBe(-gained(settle(flat, ...mirrored)));
    }),
  );
});

test("after any batch each line is what its position and orders need, and the bracket is for the whole position", () => {
  fc.assert(
    fc.property(
      fc.bigInt(-9n, 9n),
      fc.array(anyOrder, { maxLength: 12 }),
      fc.bigInt(0n, 9n),
      (size, orders, resting) => {
        const bracket =
          size === 0n
            ? noBracket
            : ({ ...noBracket, ...legOf("stop-loss", size < 0n ? -size : size, 19_000n) } as Bracket);
        const account = anAccount(size, bracket, 1_000_000_000n);
        const open = account.positions.get("MES");
        if (open === undefined) throw new Error("no position");
        const waits = { ...open, resting: { buy: lots(resting), sell: lots(0n) } };
        const settled = settle({ ...account, positions: new Map([["MES", waits]]) }, ...orders);
        const after = settled.positions.get("MES");
        if (after === undefined) throw new Error("the position is lost");
        expect(after.marginHeld).toBe(requiredFor(after));
        const changes = settled.legs.get("MES") ?? [];
        const { lots: left } = after.position;
        const ended = changes.some(({ kind }) => kind === "cancelled");
        const resized = changes.find((change) => change.kind === "changed");
        if (size !== 0n && !ended) expect(resized?.lots ?? (size < 0n ? -size : size)).toBe(left < 0n ? -left : left);
        if (left === 0n && size !== 0n) expect(ended).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
