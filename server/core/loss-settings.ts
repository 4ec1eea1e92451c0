import { lossSettings } from "#contracts/risk-names.ts";
import type { EffectiveLossRule } from "./loss-rule.ts";
import { lossSlots } from "./risk-settings.ts";
import type { EffectiveSettings } from "./risk-table.ts";

/** The loss limits and profit triggers among the settings in force. */
export const lossRulesIn = (settings: EffectiveSettings): readonly EffectiveLossRule[] =>
  lossSettings.flatMap((name) => {
    const effective = settings[name];
    if (effective === undefined) return [];
    const { value: rule, source, version } = effective;
    return [{ slot: lossSlots[name], rule, source, version }];
  });
