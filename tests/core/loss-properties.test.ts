import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LossSlot } from "#contracts/loss-names.ts";
import { lossAlarms, lossRooms } from "#core/loss-alarms.ts";
import type { EffectiveLossRule } from "#core/loss-rule.ts";
import { advanceLoss, advanceTogether, type LossFacts, type LossState } from "#core/loss-state.ts";
import { unrealizedPnl } from "#core/position.ts";
import { beyond } from "#core/trigger.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { inForce } from "./loss-builders.ts";

describe("loss limits", () => {
  const slots = ["daily-loss", "weekly-loss", "trailing-drawdown", "daily-profit"] as const;
  const ruleOf = (slot: LossSlot, realTime: boolean, amount: number): EffectiveLossRule =>
    inForce(slot, {
      ...{ amount: `${amount}`, action: slot === "trailing-drawdown" ? "alert" : "flatten-until-reset" },
      ...(slot === "weekly-loss" ? { resetWeekday: 0 } : {}),
      ...(slot === "trailing-drawdown" ? { trailing: realTime ? "real-time" : "end-of-day" } : {}),
      ...(slot === "trailing-drawdown" && realTime ? { base: "equity-at-reset" } : {}),
    });
  const anyRule = fc
    .record({ slot: fc.constantFrom(...slots), realTime: fc.boolean(), amount: fc.integer({ min: 1, max: 400 }) })
    .map(({ slot, realTime, amount }) => ruleOf(slot, realTime, amount));
  const at = Date.parse("2026-11-16T15:00:00Z");
  const factsOf = (equities: readonly bigint[], paidIn = 100_000n): LossFacts => ({
    ...{ atMs: at, paidIn: minorUnits(paidIn), paidOut: minorUnits(0n), scale: 2, balance: minorUnits(0n) },
    equities: equities.map((equity) => ({ atMs: at, result: minorUnits(equity) })),
    balanceAt: () => minorUnits(0n),
  });
  const walk = fc.array(fc.bigInt(-60_000n, 60_000n), { minLength: 1, maxLength: 12 });

  test("many prices in one look find what they find one by one", () => {
    fc.assert(
      fc.property(anyRule, walk, ({ slot, rule }, equities) => {
        const whole = advanceLoss(slot, rule, null, factsOf(equities));
        let state: LossState | null = null;
        let found = null;
        for (const equity of equities) {
          const step: ReturnType<typeof advanceLoss> = advanceLoss(slot, rule, state, factsOf([equity]));
          found ??= step.found;
          state = step.state;
          if (found !== null) break;
        }
        expect(whole).toEqual({ state, found });
      }),
    );
  });

  test("a payment changes nothing in what a limit in money finds", () => {
    fc.assert(
      fc.property(anyRule, walk, fc.bigInt(0n, 1_000_000n), ({ slot, rule }, equities, paid) => {
        const plain = advanceLoss(slot, rule, null, factsOf(equities));
        expect(advanceLoss(slot, rule, null, factsOf(equities, 100_000n + paid))).toEqual(plain);
      }),
    );
  });

  test("as long as no alarm is met, every price between finds nothing: no breach, of one account or of several, and no peak beyond its slack", () => {
    const aHolding = fc.record({ size: fc.bigInt(-5n, 5n).filter((n) => n !== 0n), tick: fc.bigInt(1n, 40n) });
    const anAccount = fc.array(aHolding, { minLength: 0, maxLength: 2 });
    const someAccounts = fc.array(anAccount, { minLength: 1, maxLength: 3 }).filter((all) => all.flat().length > 0);
    // Small steps, and many: what is shared out wrongly shows only where several positions use up their shares without an alarm.
    const step = fc.bigInt(-15n, 15n);
    const anyWalk = fc.array(fc.tuple(step, step), { minLength: 5, maxLength: 40, size: "max" });
    const [up, down] = [fc.bigInt(0n, 2n), fc.bigInt(-4n, 0n)];
    const upAndDown = fc
      .tuple(
        fc.array(fc.tuple(up, up), { maxLength: 15, size: "max" }),
        fc.array(fc.tuple(down, down), { minLength: 10, maxLength: 40, size: "max" }),
      )
      .map(([ups, downs]) => [...ups, ...downs]);
    const steps = fc.oneof(anyWalk, upAndDown);
    fc.assert(
      fc.property(anyRule, someAccounts, steps, (effective, accounts, moves) => {
        const { slot, rule } = effective;
        const priced = (bids: readonly bigint[]) =>
          accounts.map((held) =>
            held.map(({ size, tick }, place) => ({
              instrumentId: `I${place}`,
              position: { lots: lots(size), cost: size * 1_000n },
              tickValue: minorUnits(tick),
              mark: { bid: ticks(bids[place] ?? 0n), ask: ticks(bids[place] ?? 0n) },
            })),
          );
        const equitiesOf = (bids: readonly bigint[]): bigint[] =>
          priced(bids).map((held) => held.reduce((sum, one) => sum + unrealizedPnl(one.position, one.mark, one), 0n));
        const advance = (states: readonly (LossState | null)[], path: readonly bigint[][]) =>
          advanceTogether(
            slot,
            rule,
            states.map((before, place) => ({ before, facts: factsOf(path.map((results) => results[place] ?? 0n)) })),
          );
        let bids = [1_000n, 1_000n];
        let states = advance(
          accounts.map(() => null),
          [equitiesOf(bids)],
        ).map(({ state }) => state);
        let path: bigint[][] = [];
        const arm = () => {
          const rooms = lossRooms(
            states.map((state, place) => ({
              losses: [{ slot, rule: effective, state }],
              facts: factsOf([equitiesOf(bids)[place] ?? 0n]),
              moving: accounts[place]?.length ?? 0,
            })),
          );
          return priced(bids).flatMap((held, place) => lossAlarms(held, rooms[place] ?? { down: null, up: null }));
        };
        let alarms = arm();
        for (const move of moves) {
          bids = bids.map((bid, place) => bid + (move[place] ?? 0n));
          path.push(equitiesOf(bids));
          const isMet = alarms.some(({ instrumentId, crossing }) => {
            const mark = priced(bids)
              .flat()
              .find((one) => one.instrumentId === instrumentId)?.mark;
            return mark !== undefined && beyond(crossing, mark) >= 0n;
          });
          const step = advance(states, path);
          if (!isMet) {
            expect(step.map(({ found }) => found)).toEqual(accounts.map(() => null));
            continue;
          }
          states = step.map(({ state }) => state);
          path = [];
          alarms = arm();
        }
      }),
      { numRuns: 400 },
    );
  });
});
