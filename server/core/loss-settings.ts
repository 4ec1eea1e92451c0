import { lossSettings } from "#contracts/risk-names.ts";
import type { EffectiveLossRule } from "./loss-rule.ts";
import { lossSlots } from "./risk-settings.ts";
import { bothOf, type EffectiveSettings } from "./risk-table.ts";

/**
 * The loss limits and profit triggers among the settings in force. A trader's own daily loss is counted by itself, beside that of the
 * house: whichever is reached first holds.
 */
export function lossRulesIn(settings: EffectiveSettings): readonly EffectiveLossRule[] {
  const known = knownRules.get(settings);
  if (known !== undefined) return known;
  const rules = lossSettings.flatMap((name) =>
    bothOf(settings[name]).map(({ value: rule, source, version }): EffectiveLossRule => {
      const slot = source === "self" && name === "dailyLoss" ? "own-daily-loss" : lossSlots[name];
      return { slot, rule, source, version };
    }),
  );
  knownRules.set(settings, rules);
  return rules;
}

/** They are asked for with every order, and settings are the same ones as long as nobody changes the table. */
const knownRules = new WeakMap<EffectiveSettings, readonly EffectiveLossRule[]>();
