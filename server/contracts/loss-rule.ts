import { z } from "zod";
import { lossActions, lossBases, lossMeasures, lossSlots, lossUnits, trailingModes } from "./loss-names.ts";
import { decimal, instant } from "./wire-values.ts";

/** A loss limit or profit trigger as a cell of the risk table: its form. What it says is judged by `parseLossRule` of the core. */
export const lossRuleCell = z.strictObject({
  amount: decimal,
  unit: z.enum(lossUnits),
  base: z.enum(lossBases),
  measure: z.enum(lossMeasures),
  resetTime: z.string().max(5),
  resetZone: z.string().max(60),
  resetWeekday: z.int().nullish(),
  trailing: z.enum(trailingModes).nullish(),
  lockAt: decimal.nullish(),
  action: z.enum(lossActions),
});
export type LossRuleWire = z.infer<typeof lossRuleCell>;

/** A limit that is breached now, as a trader is told. */
export const standingBreach = z.object({
  slot: z.enum(lossSlots),
  action: z.enum(lossActions),
  /** Null: until the operator lifts it. */
  endsAt: instant.nullable(),
  /** It was breached by all of the person's accounts in sum. */
  isTogether: z.boolean(),
});
