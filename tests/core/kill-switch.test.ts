import { describe, expect, test } from "@jest/globals";
import { type KillSwitch, mayTrigger, noStops, stopsOn } from "#core/kill-switch.ts";
import { decideOrder } from "#core/order.ts";
import { aContext, anExposure, anIntent, mes } from "./trading-builders.ts";

const nine = new Date("2026-11-22T09:00:00Z");
const ten = new Date("2026-11-22T10:00:00Z");
const eleven = new Date("2026-11-22T11:00:00Z");

const aSwitch = (more: Partial<KillSwitch> = {}): KillSwitch => ({
  scope: "all",
  mode: "halt",
  accounts: null,
  instrumentId: null,
  reason: "prices look wrong",
  thrownBy: "Ann",
  thrownAt: ten,
  liftedAt: null,
  ...more,
});

const mine = { accountId: "a1", instrumentId: "MES" };

describe("what a kill switch stops", () => {
  test("one of the whole house stops every account and instrument", () => {
    expect(stopsOn(mine, [aSwitch()], []).halt?.reason).toBe("prices look wrong");
  });

  test("one of a partner, an agent line or an account stops only the accounts it concerns", () => {
    const ofOthers = aSwitch({ scope: "partner", accounts: new Set(["a2"]) });
    const ofMine = aSwitch({ scope: "agent", accounts: new Set(["a1", "a2"]) });
    expect(stopsOn(mine, [ofOthers], [])).toEqual(noStops);
    expect(stopsOn(mine, [ofOthers, ofMine], []).halt).toBe(ofMine);
  });

  test("one of an instrument leaves the others alone", () => {
    const ofMnq = aSwitch({ scope: "instrument", instrumentId: "MNQ" });
    expect(stopsOn(mine, [ofMnq], [])).toEqual(noStops);
    expect(stopsOn({ ...mine, instrumentId: "MNQ" }, [ofMnq], []).halt).toBe(ofMnq);
  });

  test("a lifted one stops nothing", () => {
    expect(stopsOn(mine, [aSwitch({ liftedAt: eleven })], [])).toEqual(noStops);
  });

  test("of several the widest is named, and of equals the first thrown", () => {
    const account = aSwitch({ scope: "account", accounts: new Set(["a1"]), thrownAt: nine });
    const all = aSwitch({ thrownAt: eleven });
    const earlier = aSwitch({ thrownAt: ten });
    expect(stopsOn(mine, [account, all, earlier], []).halt).toBe(earlier);
  });

  test("a halt and a close-only stand side by side", () => {
    const closeOnly = aSwitch({ mode: "close-only" });
    const halt = aSwitch({ scope: "account", accounts: new Set(["a1"]) });
    expect(stopsOn(mine, [closeOnly, halt], [])).toEqual({ halt, closeOnly, ended: null });
  });
});

describe("an order under a kill switch", () => {
  const stopped = (one: KillSwitch) => ({ more: { stops: stopsOn(mine, [one], []) } });

  test("a halt refuses it and says what, why, who and since when", () => {
    const decision = decideOrder(anIntent("buy", 1n), aContext(stopped(aSwitch({ scope: "agent", accounts: null }))));
    expect(decision.ok ? null : decision.refusal.code).toBe("TRADING_HALTED");
    expect(decision.ok ? [] : decision.refusal.checks.filter(({ passed }) => !passed)).toEqual([
      {
        code: "TRADING_HALTED",
        passed: false,
        limit: null,
        value: "agent: prices look wrong, by Ann, since 2026-11-22T10:00:00.000Z",
        headroom: null,
        source: "kill-switch:agent",
      },
    ]);
  });

  test("a halt refuses exits too", () => {
    const context = aContext({ exposure: anExposure(2n, 20_000n), ...stopped(aSwitch()) });
    const decision = decideOrder(anIntent("sell", 2n, { reduceOnly: true }), context);
    expect(decision.ok ? null : decision.refusal.code).toBe("TRADING_HALTED");
  });

  test("close-only refuses the part that opens and takes the part that closes", () => {
    const context = aContext({ exposure: anExposure(2n, 20_000n), ...stopped(aSwitch({ mode: "close-only" })) });
    expect(decideOrder(anIntent("sell", 2n), context).ok).toBe(true);
    const turning = decideOrder(anIntent("sell", 3n), context);
    expect(turning.ok ? null : turning.refusal.code).toBe("CLOSE_ONLY");
    const failed = turning.ok ? undefined : turning.refusal.checks.find(({ passed }) => !passed);
    expect(failed?.source).toBe("kill-switch:all");
  });

  test("a closed market is told before a halt, a halt before a halted instrument", () => {
    const halted = { ...mes, tradeMode: "halted" as const };
    const { stops } = stopped(aSwitch()).more;
    const closed = decideOrder(anIntent("buy", 1n), aContext({ more: { stops, sessionOpen: false } }));
    const both = decideOrder(anIntent("buy", 1n), aContext({ more: { stops, instrument: halted } }));
    expect(closed.ok ? null : closed.refusal.code).toBe("MARKET_CLOSED");
    expect(both.ok ? null : both.refusal.code).toBe("TRADING_HALTED");
  });

  test("a contract that has ended closes its market and says when", () => {
    const ended = { instrumentId: "MES", code: "MESZ6", lastTradeAt: ten };
    const decision = decideOrder(anIntent("buy", 1n), aContext({ more: { stops: stopsOn(mine, [], [ended]) } }));
    const failed = decision.ok ? undefined : decision.refusal.checks.find(({ passed }) => !passed);
    expect([failed?.code, failed?.value, failed?.source]).toEqual([
      "MARKET_CLOSED",
      "MESZ6 traded until 2026-11-22T10:00:00.000Z",
      "contract",
    ]);
  });
});

describe("a waiting order under a kill switch", () => {
  const order = { ...mine, reduceOnly: false };
  const exit = { ...mine, reduceOnly: true };
  const before = new Date(ten.getTime() - 1);

  test("is not triggered by a quote that came while the switch stood, also when that is looked at later", () => {
    const lifted = aSwitch({ liftedAt: eleven });
    expect(mayTrigger(order, before, [lifted], [])).toBe(true);
    expect(mayTrigger(order, ten, [lifted], [])).toBe(false);
    expect(mayTrigger(order, new Date(eleven.getTime() - 1), [lifted], [])).toBe(false);
    expect(mayTrigger(order, eleven, [lifted], [])).toBe(true);
  });

  test("under close-only only a reduce-only order is triggered; under a halt none", () => {
    expect(mayTrigger(order, ten, [aSwitch({ mode: "close-only" })], [])).toBe(false);
    expect(mayTrigger(exit, ten, [aSwitch({ mode: "close-only" })], [])).toBe(true);
    expect(mayTrigger(exit, ten, [aSwitch()], [])).toBe(false);
  });

  test("the last quote that triggers in a contract is the one before its end", () => {
    const ended = [{ instrumentId: "MES", code: "MESZ6", lastTradeAt: ten }];
    expect(mayTrigger(exit, before, [], ended)).toBe(true);
    expect(mayTrigger(exit, ten, [], ended)).toBe(false);
    expect(mayTrigger({ ...exit, instrumentId: "MNQ" }, ten, [], ended)).toBe(true);
  });
});

describe("an instrument that may be traded one way only", () => {
  const context = (tradeMode: "long-only" | "short-only", size = 0n) =>
    aContext({ exposure: anExposure(size, 20_000n), more: { instrument: { ...mes, tradeMode } } });
  const codeOf = (...[intent, where]: Parameters<typeof decideOrder>): string => {
    const decision = decideOrder(intent, where);
    return decision.ok ? "accepted" : decision.refusal.code;
  };

  test("long only refuses what opens short and takes what opens long", () => {
    expect(codeOf(anIntent("buy", 1n), context("long-only"))).toBe("accepted");
    expect(codeOf(anIntent("sell", 1n), context("long-only"))).toBe("LONG_ONLY");
  });

  test("short only refuses what opens long and takes what opens short", () => {
    expect(codeOf(anIntent("sell", 1n), context("short-only"))).toBe("accepted");
    expect(codeOf(anIntent("buy", 1n), context("short-only"))).toBe("SHORT_ONLY");
  });

  test("what reduces is always taken, but not what turns the position", () => {
    expect(codeOf(anIntent("sell", 2n), context("long-only", 2n))).toBe("accepted");
    expect(codeOf(anIntent("sell", 3n), context("long-only", 2n))).toBe("LONG_ONLY");
    expect(codeOf(anIntent("buy", 2n), context("short-only", -2n))).toBe("accepted");
    expect(codeOf(anIntent("buy", 3n), context("short-only", -2n))).toBe("SHORT_ONLY");
  });
});
