import { describe, expect, test } from "@jest/globals";
import { idle, type LineEdit, type LineEvent, nextEdit } from "../../widget/chart/line-edit.ts";
import { meaningOf, spreadOut, tradeLines } from "../../widget/chart/trade-lines.ts";
import { anInstrument, anOrder, aPosition } from "./builders.ts";

/** What the events lead to, and what was sent on the way. */
function played(...events: readonly LineEvent[]): { edit: LineEdit; sent: string[] } {
  const sent: string[] = [];
  let edit: LineEdit = idle;
  for (const event of events) {
    const step = nextEdit(edit, event);
    edit = step.edit;
    if (step.send) sent.push(`${step.send.lineId} ${step.send.price}`);
  }
  return { edit, sent };
}

const grab = { kind: "grab", lineId: "a", stands: "10", price: "10" } as const;
const drag = { kind: "drag", price: "12" } as const;
const release = (atOnce: boolean) => ({ kind: "release", atOnce }) as const;
const step = (to: string) => ({ kind: "step", lineId: "a", stands: "10", shown: "10", to: () => to }) as const;

describe("a line that is moved", () => {
  test("is proposed at its release and sent when confirmed", () => {
    expect(played(grab, drag, release(false))).toMatchObject({ edit: { kind: "proposed", price: "12" }, sent: [] });
    expect(played(grab, drag, release(false), { kind: "confirm" })).toMatchObject({
      edit: { kind: "sending" },
      sent: ["a 12"],
    });
  });

  test("is sent at its release with one click, and not at all when it was only touched", () => {
    expect(played(grab, drag, release(true)).sent).toEqual(["a 12"]);
    expect(played(grab, release(true))).toEqual({ edit: idle, sent: [] });
  });

  test("goes back by Escape, in the middle of a drag too", () => {
    expect(played(grab, drag, { kind: "cancel" }, release(true))).toEqual({ edit: idle, sent: [] });
  });

  test("is moved by keys without a drag, and back at its price it proposes nothing", () => {
    expect(played(step("11"), { kind: "confirm" }).sent).toEqual(["a 11"]);
    expect(played(step("11"), step("10")).edit).toEqual(idle);
  });

  test("stands still while an answer is awaited, then is where the server has it", () => {
    const sending = [step("11"), { kind: "confirm" }] as const;
    expect(played(...sending, step("12"), grab, drag, { kind: "confirm" })).toMatchObject({
      edit: { price: "11" },
      sent: ["a 11"],
    });
    expect(played(...sending, { kind: "answered", lineId: "a", refusal: null }).edit).toEqual(idle);
    const refused = { kind: "refused", lineId: "a", reason: "no" };
    expect(played(...sending, { kind: "answered", lineId: "a", refusal: "no" }).edit).toEqual(refused);
  });

  test("that is gone proposes nothing", () => {
    expect(played(step("11"), { kind: "told", lineId: "a", price: null }, { kind: "confirm" })).toEqual({
      edit: idle,
      sent: [],
    });
  });
});

describe("lines", () => {
  const position = aPosition({ takeProfitPrice: "5260.00" });
  const waiting = anOrder({ type: "stop-limit", state: "working", stopPrice: "5255.00", limitPrice: "5256.00" });

  test("show a position with its legs, and both prices of a stop-limit, but no leg twice", () => {
    const leg = anOrder({ id: "5", origin: "take-profit", state: "working", limitPrice: "5260.00" });
    const lines = tradeLines("MES", [position], [waiting, leg, anOrder({ state: "filled", limitPrice: "1.00" })]);
    expect(lines.map(({ kind, price }) => `${kind} ${price}`)).toEqual([
      ...["average 5250.13", "takeProfit 5260.00", "stop 5255.00", "limit 5256.00"],
    ]);
    expect(tradeLines("MNQ", [position], [waiting])).toEqual([]);
  });

  test("mean profit for an exit and a distance from the market for an entry", () => {
    const [, leg, entry] = tradeLines("MES", [position], [waiting]);
    const at = { instrument: anInstrument(), position: undefined, market: "5250.25" };
    expect(leg && meaningOf(leg, "5251.00", at)).toEqual({ ticks: 3n, money: "8.75", isProfit: true });
    expect(entry && meaningOf(entry, "5255.25", at)).toEqual({ ticks: 20n, money: "25.00", isProfit: false });
  });

  test("have tags that lie apart, in order and inside the plot", () => {
    expect(spreadOut([100, 95, 102], { height: 20, top: 0, bottom: 400 })).toEqual([115, 95, 135]);
    expect(spreadOut([-50, 500], { height: 20, top: 0, bottom: 400 })).toEqual([10, 390]);
  });
});
