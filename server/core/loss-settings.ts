import { lossSettings } from "#contracts/risk-names.ts";
import type { EffectiveLossRule } from "./loss-rule.ts";
import { lossSlots } from "./risk-settings.ts";
import { bothOf, type EffectiveSettings } from "./risk-table.ts";

/**
 * The loss limits and profit triggers among the settings in force. A trader's own daily loss is counted by itself, beside that of the
 * house: whichever is reached first holds.
 */
export const lossRulesIn = (settings: EffectiveSettings): readonly EffectiveLossRule[] =>
  lossSettings.flatMap((name) =>
    bothOf(settings[name]).map(({ value: rule, source, version }) => {
      const slot = source === "self" && name === "dailyLoss" ? "own-daily-loss" : lossSlots[name];
      return { slot, rule, source, version };
    }),
  );
