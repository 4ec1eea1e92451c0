import { describe, expect, test } from "@jest/globals";
import { type Leg, legFigures } from "../../widget/format/bracket-leg.ts";
import { draftProblem, marketDraft, type OrderDraft, requestOf, withType } from "../../widget/format/order-draft.ts";
import { profitAt, snapped, stepped, typedPrice } from "../../widget/format/price-line.ts";
import { anInstrument, aPosition, aQuote } from "./builders.ts";

const mes = anInstrument();

describe("a price", () => {
  test("from the chart is that of the nearest tick, at least one", () => {
    expect([5250.13, 5250.12, -3].map((place) => snapped(place, mes))).toEqual(["5250.25", "5250.00", "0.25"]);
  });

  test("steps by whole ticks and never below one", () => {
    expect(stepped("5250.25", -2n, mes)).toBe("5249.75");
    expect(stepped("0.25", -10n, mes)).toBe("0.25");
  });

  test("as typed lies on a tick, or is none", () => {
    const typed = ["5,250.5", "5250.10", "0", "", "1e3", "-1", "12.x"].map((text) => typedPrice(text, mes));
    expect(typed).toEqual(["5250.50", null, null, null, null, null, null]);
  });

  test("means the server's exact profit and the ticks from its mark", () => {
    const long = aPosition({ lots: "2", markPrice: "5250.00", unrealizedPnl: "-1.25" });
    expect(profitAt(long, "5255.00", mes)).toBe("48.75");
    expect(profitAt(aPosition({ ...long, side: "short" }), "5255.00", mes)).toBe("-51.25");
  });
});

describe("a take profit or stop loss", () => {
  const leg = (unit: Leg["unit"], value: string): Leg => ({ on: true, unit, value });
  const at = { kind: "stopLoss", side: "buy", entry: "5250.25", lots: 2n } as const;

  test("is the same in ticks, money and price", () => {
    const same = { ticks: 10n, price: "5247.75", money: "-25.00" };
    for (const one of [leg("ticks", "10"), leg("money", "25"), leg("price", "5247.75")])
      expect(legFigures(one, at, mes)).toEqual(same);
  });

  test("of a sell lies on the other side", () => {
    expect(legFigures(leg("ticks", "10"), { ...at, side: "sell" }, mes)).toMatchObject({ price: "5252.75" });
    expect(legFigures(leg("price", "5247.75"), { ...at, side: "sell" }, mes)?.ticks).toBe(-10n);
  });

  test("in money takes the nearest ticks, and none is no leg", () => {
    expect(legFigures(leg("money", "26"), at, mes)?.money).toBe("-25.00");
    expect(legFigures(leg("money", "1"), at, mes)).toBeNull();
    for (const value of ["", "0", "-4", "1.5"]) expect(legFigures(leg("ticks", value), at, mes)).toBeNull();
  });
});

describe("the ticket's order", () => {
  const at = {
    side: "buy",
    quote: aQuote(),
    instrument: mes,
    lots: 1n,
    nowMs: Date.parse("2026-11-23T10:00:00Z"),
  } as const;
  const draft = (changes: Partial<OrderDraft>): OrderDraft => ({ ...marketDraft, ...changes });

  test("begins a limit at the bid and a stop ten ticks above the ask", () => {
    expect(withType(marketDraft, "limit", aQuote(), mes)).toMatchObject({ limitPrice: "5250.00", stopPrice: "" });
    expect(withType(marketDraft, "stop-limit", aQuote(), mes)).toMatchObject({
      limitPrice: "5252.75",
      stopPrice: "5252.75",
    });
    const atOnce = draft({ type: "limit", timeInForce: "ioc" });
    expect(withType(atOnce, "stop", aQuote(), mes).timeInForce).toBe("gtc");
  });

  test.each<[string, Partial<OrderDraft>, "buy" | "sell", object | null]>([
    ["a market order needs no price", {}, "buy", null],
    [
      "a limit between two ticks",
      { type: "limit", limitPrice: "5250.10" },
      "buy",
      { field: "limitPrice", code: "price" },
    ],
    ["a buy stop at the ask", { type: "stop", stopPrice: "5250.25" }, "buy", { field: "stopPrice", code: "stop-side" }],
    [
      "a sell stop above the bid",
      { type: "stop", stopPrice: "5250.25" },
      "sell",
      { code: "stop-side", market: "5250.00" },
    ],
    ["a buy stop above the ask", { type: "stop", stopPrice: "5250.50" }, "buy", null],
    [
      "an immediate buy below the ask",
      { type: "limit", limitPrice: "5250.00", timeInForce: "ioc" },
      "buy",
      { code: "not-marketable" },
    ],
    [
      "a time that is over",
      { type: "limit", limitPrice: "5250.00", timeInForce: "gtd", expiresAt: "2020-01-01T00:00" },
      "buy",
      { field: "expiresAt", code: "expiry" },
    ],
    [
      "a take profit on the wrong side",
      { takeProfit: { on: true, unit: "price", value: "5249.00" } },
      "buy",
      { field: "takeProfit", code: "leg-side" },
    ],
    [
      "a stop loss of nothing",
      { stopLoss: { on: true, unit: "ticks", value: "" } },
      "buy",
      { field: "stopLoss", code: "leg" },
    ],
  ])("%s", (_what, changes, side, problem) => {
    const found = draftProblem(draft(changes), { ...at, side });
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatchObject(problem);
  });

  test("is sent with what its type needs and nothing more", () => {
    const pressed = { quotedPrice: "5250.25", maxSlippageTicks: 4 };
    const legs = { takeProfit: { on: true, unit: "ticks", value: "4" } } as const;
    expect(requestOf(draft(legs), at, pressed)).toEqual({
      ...{
        side: "buy",
        type: "market",
        lots: "1",
        quotedPrice: "5250.25",
        maxSlippageTicks: 4,
        takeProfitPrice: "5251.25",
      },
    });
    const limit = draft({ type: "limit", limitPrice: "5249", timeInForce: "day", reduceOnly: true, ...legs });
    expect(requestOf(limit, at, pressed)).toEqual({
      ...{ side: "buy", type: "limit", lots: "1", timeInForce: "day", limitPrice: "5249.00", reduceOnly: true },
    });
  });
});
