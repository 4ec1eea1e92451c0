import { describe, expect, test } from "@jest/globals";
import { type EndingPosition, planExpiry, settlesContract } from "#core/expiry.ts";
import { lots } from "#core/units.ts";

const aPosition = (size: bigint, more: Partial<EndingPosition> = {}): EndingPosition => ({
  lots: lots(size),
  accountState: "active",
  marginStage: "ok",
  ...more,
});

describe("the end of a contract", () => {
  test("sells a long position and buys a short one, whole", () => {
    expect(planExpiry(aPosition(3n), "close")).toEqual({
      close: { side: "sell", lots: 3n },
      roll: null,
      notRolled: "closes",
    });
    expect(planExpiry(aPosition(-2n), "close").close).toEqual({ side: "buy", lots: 2n });
  });

  test("with roll opens the same lots on the same side again", () => {
    expect(planExpiry(aPosition(3n), "roll").roll).toEqual({ side: "buy", lots: 3n });
    expect(planExpiry(aPosition(-2n), "roll").roll).toEqual({ side: "sell", lots: 2n });
  });

  test("rolls through a margin call and reduce-only, but not in stop-out", () => {
    const reasons = (["margin-call", "reduce-only", "stop-out"] as const).map(
      (marginStage) => planExpiry(aPosition(1n, { marginStage }), "roll").notRolled,
    );
    expect(reasons).toEqual([null, null, "stop-out"]);
  });

  test("rolls a close-only account's position, since its risk stays the same, but not a disabled one's", () => {
    expect(planExpiry(aPosition(1n, { accountState: "close-only" }), "roll").notRolled).toBeNull();
    expect(planExpiry(aPosition(1n, { accountState: "disabled" }), "roll")).toMatchObject({
      close: { side: "sell", lots: 1n },
      roll: null,
      notRolled: "account-disabled",
    });
  });
});

describe("the quote that settles a contract", () => {
  const lastTradeAt = new Date("2026-12-18T14:30:00Z");
  const at = (ms: number, flag: string | null = null) => ({ receivedAt: new Date(lastTradeAt.getTime() + ms), flag });
  const rule = { lastTradeAt, maxAgeMs: 3_600_000 };

  test("came before the end: one received at the end is too late", () => {
    expect([settlesContract(at(-1), rule), settlesContract(at(0), rule)]).toEqual([true, false]);
  });

  test("is not older than the contract allows", () => {
    expect([settlesContract(at(-3_600_000), rule), settlesContract(at(-3_600_001), rule)]).toEqual([true, false]);
  });

  test("has no flag", () => {
    expect(settlesContract(at(-1, "crossed"), rule)).toBe(false);
  });
});
