import type { Knex } from "knex";
import { settledMoney } from "#core/exposure.ts";
import { lossChecks } from "#core/loss-checks.ts";
import { lossRulesIn } from "#core/loss-settings.ts";
import type { OrderCheck } from "#core/order.ts";
import type { RiskFacts } from "#core/risk-checks.ts";
import { minorUnits } from "#core/units.ts";
import { type AccountLosses, bookedResultAt, loadBooked } from "../risk/index.ts";
import type { DecisionFacts, FactSources } from "./risk-facts.ts";

/** The loss checks of one decision. */
export type LossFactsOf = (decision: DecisionFacts) => RiskFacts["losses"];

/** What loss limits ask of decisions: the states, loaded behind the accounts' locks, brought to the present by what is booked. */
export async function lossFacts(db: Knex, { table, losses, now, market }: FactSources): Promise<LossFactsOf> {
  const rules = new Map([...losses].map(([id, { traderId }]) => [id, lossRulesIn(table.of(traderId, null))]));
  const booked = await loadBooked(db, losses.values(), rules, now.getTime());
  return ({ desk, now: at }) => {
    const { id } = desk.account;
    const own = losses.get(id);
    if (own === undefined) return () => [];
    const { states, paidIn, paidOut, scale } = own;
    const ofAccount = rules.get(id) ?? [];
    const unruled = [...states].filter(([slot]) => ofAccount.every((rule) => rule.slot !== slot));
    const slots = [
      ...ofAccount.map((rule) => ({ slot: rule.slot, rule, state: states.get(rule.slot) ?? null })),
      ...unruled.map(([slot, state]) => ({ slot, rule: null, state })),
    ];
    const result = (money: bigint) => minorUnits(money - paidIn + paidOut);
    const atMs = at.getTime();
    const { balance, equity } = settledMoney(desk.balance, desk.exposures, market.latestTradable);
    const facts = {
      ...{ atMs, paidIn, paidOut, scale, balance: result(balance) },
      equities: [{ atMs, result: result(equity) }],
      balanceAt: bookedResultAt(result(desk.balance), booked.get(id) ?? []),
    };
    return (cost) => [...exclusionCheck(own, at), ...lossChecks(slots, facts, cost)];
  };
}

const exclusionCheck = ({ excludedUntil }: AccountLosses, at: Date): OrderCheck[] =>
  excludedUntil === null || excludedUntil <= at
    ? []
    : [
        {
          ...{ code: "SELF_EXCLUDED", passed: false, value: excludedUntil.toISOString(), source: "self" },
          ...{ limit: null, headroom: null },
        },
      ];
