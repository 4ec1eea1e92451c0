import { type OwnSetting, ownSettings } from "#contracts/own-names.ts";
import type { LossRule } from "./loss-rule.ts";
import type { RiskSettings } from "./risk-settings.ts";
import { isStricter } from "./risk-table.ts";
import { areWithin, type TradingWindow } from "./trading-window.ts";

/**
 * What holds at once when a trader asks for other limits of his own: of each the stricter of what is in force and what he wants. What
 * can't be compared, hours of another zone or a loss counted from another time, stays as it is until he has waited. `classOf`: an
 * instrument's asset class.
 */
export function heldAtOnce(
  now: RiskSettings,
  wanted: RiskSettings,
  classOf: (instrumentId: string) => string | null,
): RiskSettings {
  const held: Partial<Record<OwnSetting, unknown>> = {};
  for (const name of ownSettings) {
    const [was, is] = [now[name], wanted[name]];
    const stricter = was === undefined || is === undefined ? (was ?? is) : stricterOf(name, was, is, classOf);
    if (stricter !== undefined) held[name] = stricter;
  }
  return held as RiskSettings;
}

function stricterOf(
  name: OwnSetting,
  was: unknown,
  is: unknown,
  classOf: (instrumentId: string) => string | null,
): unknown {
  switch (name) {
    case "dailyLoss":
      return stricterRule(was as LossRule, is as LossRule);
    case "tradingWindows":
      return areWithin(is as readonly TradingWindow[], was as readonly TradingWindow[]) ? is : was;
    case "allowed":
      return (is as readonly string[]).every((one) =>
        (was as readonly string[]).some((other) => other === one || other === classOf(one)),
      )
        ? is
        : was;
    default:
      return isStricter(name, is, was) ? is : was;
  }
}

/** Of the rule in force the smaller amount and the graver action; from when it is counted changes with the rest. */
function stricterRule(was: LossRule, is: LossRule): LossRule {
  const amount = isLess(is, was) ? is.amount : was.amount;
  return { ...was, amount, action: is.action === "flatten-until-reset" ? is.action : was.action };
}

const isLess = ({ amount: one }: LossRule, { amount: other }: LossRule): boolean =>
  one.unit === "money" && other.unit === "money" && one.value < other.value;
