import { describe, expect, test } from "@jest/globals";
import { idle, type LineEdit, type LineEvent, type LineStep, nextEdit } from "../../widget/chart/line-edit.ts";
import { meaningOf, tradeLines } from "../../widget/chart/trade-lines.ts";
import { anInstrument, anOrder, aPosition } from "./builders.ts";

const lineId = "a:limit";
const grab: LineEvent = { kind: "grab", lineId, stands: "5240.00", price: "5240.00" };
const drag = (price: string): LineEvent => ({ kind: "drag", price });
const letGo = (atOnce: boolean): LineEvent => ({ kind: "release", atOnce });
const step = (price: string, of = { lineId, stands: "5240.00" as string | null }): LineEvent => ({
  ...of,
  kind: "step",
  shown: "5240.00",
  to: () => price,
});
const told = (price: string | null): LineEvent => ({ kind: "told", lineId, price });
const answered = (refusal: string | null): LineEvent => ({ kind: "answered", lineId, refusal });

const reached = (events: readonly LineEvent[], from: LineEdit = idle): LineStep =>
  events.reduce<LineStep>(({ edit }, event) => nextEdit(edit, event), { edit: from, send: null });

const pulled = [grab, drag("5241.25")];

describe("a line whose price the server tells", () => {
  test("that was refused is back, with the reason until the next move", () => {
    const { edit } = reached([...pulled, letGo(true), answered("no")]);
    expect(edit).toEqual({ kind: "refused", lineId, reason: "no" });
    expect(reached([step("5240.25")], edit).edit.kind).toBe("proposed");
    expect(reached([told(null)], edit).edit).toEqual(idle);
  });

  test.each([
    ["dragging", pulled],
    ["proposed", [...pulled, letGo(false)]],
    ["sending", [...pulled, letGo(true)]],
  ])("gives way to the server's price while %s", (kind, events) => {
    const { edit } = reached(events);
    expect(edit.kind).toBe(kind);
    expect(reached([told("5240.00")], edit).edit).toBe(edit);
    expect(reached([told("5238.00")], edit).edit).toEqual(idle);
    expect(reached([told(null)], edit).edit).toEqual(idle);
  });

  test("still tells a refusal that comes after the server's price, but not into another change", () => {
    const toldFirst = reached([...pulled, letGo(true), told("5238.00")]).edit;
    expect(reached([answered("no")], toldFirst).edit).toEqual({ kind: "refused", lineId, reason: "no" });
    const other = reached([{ ...grab, lineId: "b:stop" } as LineEvent], toldFirst).edit;
    expect(reached([answered("no")], other).edit).toBe(other);
  });

  test("of a leg that is not there yet is proposed, and gives way when the leg comes from elsewhere", () => {
    const { edit } = reached([step("5260.00", { lineId, stands: null })]);
    expect(edit).toEqual({ kind: "proposed", lineId, from: null, price: "5260.00" });
    expect(reached([told(null)], edit).edit).toBe(edit);
    expect(reached([told("5255.00")], edit).edit).toEqual(idle);
  });
});

describe("the money of a line", () => {
  const position = aPosition({ takeProfitPrice: "5260.00" });
  const of = { instrument: anInstrument(), position, market: "5250.00" };

  test("mean money: two lots at -1.25 now, 40 ticks of 1.25 a lot on, are +98.75", () => {
    const takeProfit = tradeLines("MES", [position], []).find(({ kind }) => kind === "takeProfit");
    expect(takeProfit && meaningOf(takeProfit, "5260.00", of)).toMatchObject({ money: "98.75", isProfit: true });
  });

  test("mean a loss above the entry of a short", () => {
    const short = aPosition({ side: "short", markPrice: "5250.25", unrealizedPnl: "-1.25", stopLossPrice: "5260.25" });
    const stop = tradeLines("MES", [short], []).find(({ kind }) => kind === "stopLoss");
    expect(stop && meaningOf(stop, "5260.25", { ...of, position: short })?.money).toBe("-101.25");
  });

  test("of an order that opens tell the distance to the market, 40 ticks of 1.25", () => {
    const [line] = tradeLines("MES", [], [anOrder({ type: "limit", limitPrice: "5240.00", state: "working" })]);
    const meaning = line && meaningOf(line, "5240.00", { ...of, position: undefined });
    expect(meaning).toEqual({ ticks: 40n, money: "50.00", isProfit: false });
  });
});
