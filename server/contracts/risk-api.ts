import { z } from "zod";
import { limitScopes } from "./names.ts";
import { riskSettingNames } from "./risk-names.ts";

/** Whose settings, and for which instrument; without one: those of the account as a whole. */
export const effectiveQuery = z.strictObject({ trader: z.uuid(), instrument: z.string().min(1).max(40).optional() });
export type EffectiveQuery = z.infer<typeof effectiveQuery>;

/** A value in force and the line of the risk table it comes from. */
const effectiveSetting = z.object({
  name: z.enum(riskSettingNames as [string, ...string[]]),
  /** As the line has it: lots and money as decimals, hours as texts, loss rules as objects. */
  value: z.unknown(),
  scope: z.enum(limitScopes),
  /** "default", "partner", "agent:<code>", "group:<name>", "trader" or "self". */
  source: z.string(),
  limitId: z.uuid(),
  version: z.int(),
});

export const effectiveReply = z.object({
  trader: z.uuid(),
  instrument: z.string().nullable(),
  settings: z.array(effectiveSetting),
});
export type EffectiveReply = z.infer<typeof effectiveReply>;
