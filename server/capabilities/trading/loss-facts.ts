import type { Knex } from "knex";
import { settledMoney } from "#core/exposure.ts";
import { type AccountLoss, lossChecks } from "#core/loss-checks.ts";
import type { EffectiveLossRule } from "#core/loss-rule.ts";
import { lossRulesIn } from "#core/loss-settings.ts";
import { advanceTogether, isLocked, type LossFacts, sumOfStates } from "#core/loss-state.ts";
import { type RuledAccount, rulesTogether, sumOfFacts } from "#core/loss-together.ts";
import type { OrderCheck } from "#core/order.ts";
import type { RiskFacts } from "#core/risk-checks.ts";
import { minorUnits } from "#core/units.ts";
import { type AccountLosses, bookedResultAt, loadBooked, loadLossStates, loadRiskTable } from "../risk/index.ts";
import type { Desk } from "./desk.ts";
import type { DecisionFacts, FactSources } from "./risk-facts.ts";

/** The loss checks of one decision. */
export type LossFactsOf = (decision: DecisionFacts) => RiskFacts["losses"];

/**
 * What loss limits ask of decisions: the states, loaded behind the accounts' locks, brought to the present by what is booked. Accounts
 * that are judged together have lost one sum, under the strictest of their rules.
 */
export async function lossFacts(db: Knex, sources: FactSources): Promise<LossFactsOf> {
  const { now, market, desks } = sources;
  const losses = await withMates(db, sources);
  const rules = await rulesOf(db, sources, losses);
  const booked = await loadBooked(db, losses.values(), rules, now.getTime());
  const factsOf = (desk: Desk, { paidIn, paidOut, scale }: AccountLosses, atMs: number): LossFacts => {
    const result = (money: bigint) => minorUnits(money - paidIn + paidOut);
    const { balance, equity } = settledMoney(desk.balance, desk.exposures, market.latestTradable);
    return {
      ...{ atMs, paidIn, paidOut, scale, balance: result(balance) },
      equities: [{ atMs, result: result(equity) }],
      balanceAt: bookedResultAt(result(desk.balance), booked.get(desk.account.id) ?? []),
    };
  };
  return ({ desk, now: at }) => {
    const { id } = desk.account;
    const own = losses.get(id);
    if (own === undefined) return () => [];
    const together = [id, ...sources.matesOf(id)].flatMap((one): Member[] => {
      const [known, its] = [losses.get(one), desks.get(one)];
      return known === undefined || its === undefined ? [] : [{ own: known, facts: factsOf(its, known, at.getTime()) }];
    });
    const facts = sumOfFacts(together.map((member) => member.facts));
    const slots = slotsOf(rules.get(id) ?? [], own, together);
    const exclusion = exclusionCheck(together, at);
    const isTogether = together.length > 1;
    return (cost) => {
      const checks = lossChecks(slots, facts, cost);
      return [...exclusion, ...(isTogether ? checks.map((check) => ({ ...check, isTogether })) : checks)];
    };
  };
}

interface Member {
  readonly own: AccountLosses;
  readonly facts: LossFacts;
}

type LossBook = ReadonlyMap<string, AccountLosses>;

/** Most orders are of accounts that are judged alone: then nothing more is read. */
async function withMates(db: Knex, { losses, matesOf }: FactSources): Promise<LossBook> {
  const mates = [...losses.keys()].flatMap(matesOf).filter((id) => !losses.has(id));
  return mates.length === 0 ? losses : new Map([...losses, ...(await loadLossStates(db, mates))]);
}

async function rulesOf(
  db: Knex,
  { table, desks, matesOf, losses: asked }: FactSources,
  losses: LossBook,
): Promise<ReadonlyMap<string, readonly EffectiveLossRule[]>> {
  const traderIds = [...losses.values()].map(({ traderId }) => traderId);
  const tableOfAll = losses === asked ? table : await loadRiskTable(db, traderIds);
  const ownRules = ({ traderId }: AccountLosses) => lossRulesIn(tableOfAll.of(traderId, null));
  return new Map(
    [...losses].map(([id, own]) => {
      const mates = matesOf(id);
      if (mates.length === 0) return [id, ownRules(own)];
      const ids = [id, ...mates].sort();
      const accounts = ids.flatMap((one): (RuledAccount & { id: string })[] => {
        const [known, desk] = [losses.get(one), desks.get(one)];
        if (known === undefined || desk === undefined) return [];
        const balance = minorUnits(desk.balance - known.paidIn + known.paidOut);
        return [{ id: one, rules: ownRules(known), states: known.states, paid: known, balance }];
      });
      const account = accounts.find((one) => one.id === id);
      return [id, account === undefined ? [] : rulesTogether(accounts)(account)];
    }),
  );
}

/** Each rule with what all of the accounts count from together; a breach of one of them stands for all. */
function slotsOf(rules: readonly EffectiveLossRule[], own: AccountLosses, together: readonly Member[]): AccountLoss[] {
  const ruled = rules.map((rule): AccountLoss => {
    // Judged alone, its own state is what the check itself brings to the present.
    if (together.length === 1) return { slot: rule.slot, rule, state: own.states.get(rule.slot) ?? null };
    const members = together.map(({ own: { states }, facts }) => ({ before: states.get(rule.slot) ?? null, facts }));
    const states = advanceTogether(rule.slot, rule.rule, members).map(({ state }) => state);
    const breach = states.find((state) => isLocked(state, together[0]?.facts.atMs ?? 0))?.breach ?? null;
    return { slot: rule.slot, rule, state: { ...sumOfStates(states), breach } };
  });
  // Of a rule that is gone only a breach is left.
  for (const [slot, state] of own.states)
    if (state.breach !== null && rules.every((rule) => rule.slot !== slot)) ruled.push({ slot, rule: null, state });
  return ruled;
}

/** Who has shut himself out has done so on all accounts that are his. */
function exclusionCheck(together: readonly Member[], at: Date): OrderCheck[] {
  const ends = together.flatMap(({ own: { excludedUntil } }) => excludedUntil ?? []);
  const last = ends.reduce((latest, one) => (one > latest ? one : latest), at);
  if (last <= at) return [];
  return [
    {
      ...{ code: "SELF_EXCLUDED", passed: false, value: last.toISOString(), source: "self" },
      ...{ limit: null, headroom: null },
    },
  ];
}
