import { describe, expect, test } from "@jest/globals";
import type { OrderAnswer, WireBar } from "#contracts/trading-api.ts";
import { reconnectDelayMs } from "../../widget/client/backoff.ts";
import { BarSeries } from "../../widget/client/bar-series.ts";
import { StreamPositions } from "../../widget/client/stream-positions.ts";
import { newClientOrderId, submitOrder } from "../../widget/client/submit-order.ts";
import { anOrder } from "./builders.ts";

describe("submitting an order", () => {
  const accepted: OrderAnswer = { status: 202, order: anOrder() };
  const repeated: OrderAnswer = { status: 200, order: anOrder() };
  const noWait = async (): Promise<void> => {};

  /** Answers in turn; an Error is a lost answer. */
  function route(...answers: readonly (OrderAnswer | Error)[]) {
    let asked = 0;
    const ask = async (): Promise<OrderAnswer> => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer");
      return answer;
    };
    return { ask, asked: () => asked };
  }

  test("asks once when the socket answers", async () => {
    const rest = route(repeated);
    expect(await submitOrder({ socket: route(accepted).ask, rest: rest.ask, wait: noWait })).toBe(accepted);
    expect(rest.asked()).toBe(0);
  });

  test("asks again over REST when the ack is lost, and takes the order that is already there", async () => {
    const rest = route(new Error("offline"), repeated);
    const answer = await submitOrder({ socket: route(new Error("timeout")).ask, rest: rest.ask, wait: noWait });
    expect(answer).toBe(repeated);
    expect(rest.asked()).toBe(2);
  });

  test("takes a refusal for an answer, and a server fault for none", async () => {
    const refused: OrderAnswer = { status: 422, code: "MARKET_CLOSED", message: "closed" };
    const fault: OrderAnswer = { status: 503, code: "TRY_AGAIN", message: "later" };
    const rest = route(repeated);
    expect(await submitOrder({ socket: route(refused).ask, rest: rest.ask, wait: noWait })).toBe(refused);
    expect(await submitOrder({ socket: route(fault).ask, rest: rest.ask, wait: noWait })).toBe(repeated);
  });

  test("admits that it does not know after the last try", async () => {
    const rest = route(new Error("offline"));
    expect(await submitOrder({ socket: null, rest: rest.ask, wait: noWait })).toBeNull();
    expect(rest.asked()).toBe(4);
  });

  test("names each order once, in the letters that the server takes", () => {
    const ids = Array.from({ length: 200 }, newClientOrderId);
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => /^[A-Za-z0-9._:-]{1,64}$/.test(id))).toBe(true);
  });
});

test("reconnects wait longer each time, up to 15 s, and never all at once", () => {
  expect([0, 1, 2, 5, 40].map((attempt) => reconnectDelayMs(attempt, 0))).toEqual([250, 500, 1000, 7500, 7500]);
  expect(reconnectDelayMs(0, 0.999)).toBe(500);
  expect(reconnectDelayMs(40, 0.999)).toBeLessThanOrEqual(15_000);
});

describe("bars", () => {
  const minute = 60_000;
  const bar = (at: number, close: number): WireBar => [at * minute, 1, 2, 0, close, 5];
  const series = (): BarSeries => {
    const made = new BarSeries("1m");
    made.reset({ instrument: "MES", interval: "1m", bars: [bar(1, 10), bar(2, 11)], forming: bar(3, 12) });
    return made;
  };

  test("take the forming bar's changes in place", () => {
    const bars = series();
    expect(bars.apply({ bar: bar(3, 15), final: false, rev: 0 })).toBe("updated");
    expect(bars.last).toEqual(bar(3, 15));
    expect(bars.bars).toHaveLength(3);
  });

  test("grow by the next bar", () => {
    const bars = series();
    expect(bars.apply({ bar: bar(4, 15), final: false, rev: 0 })).toBe("appended");
    expect(bars.bars).toHaveLength(4);
  });

  test("tell of a hole when bars were missed, but not of a quiet market after a final bar", () => {
    expect(series().apply({ bar: bar(7, 15), final: false, rev: 0 })).toBe("gap");
    const quiet = series();
    quiet.apply({ bar: bar(3, 12), final: true, rev: 0 });
    expect(quiet.apply({ bar: bar(7, 15), final: false, rev: 0 })).toBe("appended");
  });

  test("keep the higher revision of a bar and no late change of a final one", () => {
    const bars = series();
    expect(bars.apply({ bar: bar(2, 20), final: true, rev: 1 })).toBe("updated");
    expect(bars.apply({ bar: bar(2, 30), final: true, rev: 0 })).toBe("ignored");
    expect(bars.apply({ bar: bar(2, 40), final: false, rev: 1 })).toBe("ignored");
    expect(bars.bars[1]).toEqual(bar(2, 20));
  });

  test("take older ones in front once", () => {
    const bars = series();
    expect(bars.prepend([bar(-1, 8), bar(0, 9), bar(1, 99)])).toBe(2);
    expect(bars.bars.map(([at]) => at / minute)).toEqual([-1, 0, 1, 2, 3]);
    expect(bars.bars[2]).toEqual(bar(1, 10));
  });
});

test("a jump in a stream's numbers is noticed, a repeat and a new stream are not", () => {
  const streams = new StreamPositions();
  streams.reset({ "quotes:MES": 7 });
  expect(streams.missed("quotes:MES", 8)).toBe(false);
  expect(streams.missed("quotes:MES", 8)).toBe(false);
  expect(streams.missed("quotes:MES", 10)).toBe(true);
  expect(streams.missed("quotes:MES", 11)).toBe(false);
  expect(streams.missed("quotes:MNQ", 5)).toBe(false);
  expect(streams.missed("quotes:MNQ", undefined)).toBe(false);
});
