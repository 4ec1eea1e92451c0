import { z } from "zod";
import { limitScopes } from "./names.ts";
import { riskSettingNames } from "./risk-names.ts";

/** Whose settings, and for which instrument; without one: those of the account as a whole. */
export const effectiveQuery = z.strictObject({ trader: z.uuid(), instrument: z.string().min(1).max(40).optional() });
export type EffectiveQuery = z.infer<typeof effectiveQuery>;

/** What lines are about: an instrument's own line, its class's, or the line of everything. */
export const riskObjects = ["everything", "class", "instrument"] as const;
export const pathQuery = effectiveQuery.extend({ object: z.enum(riskObjects).default("everything") });
export type PathQuery = z.infer<typeof pathQuery>;

export const settingName = z.enum(riskSettingNames as [string, ...string[]]);

/** A value in force and the line of the risk table it comes from. */
export const effectiveSetting = z.object({
  name: settingName,
  /** As the line has it: lots and money as decimals, hours as texts, loss rules as objects. */
  value: z.unknown(),
  scope: z.enum(limitScopes),
  /** "default", "partner", "agent:<code>", "group:<name>", "trader" or "self". */
  source: z.string(),
  limitId: z.uuid(),
  version: z.int(),
});
export type EffectiveSetting = z.infer<typeof effectiveSetting>;

export const effectiveReply = z.object({
  trader: z.uuid(),
  instrument: z.string().nullable(),
  /** Hours, lists and loss rules that the trader set for himself stand behind the house's of the same name: both are measured. */
  settings: z.array(effectiveSetting),
});
export type EffectiveReply = z.infer<typeof effectiveReply>;

/** Whom a line of this level is about, as the line is written with. */
export const lineTarget = z.object({
  scope: z.enum(limitScopes),
  tenantId: z.int().nullable(),
  agentId: z.uuid().nullable(),
  groupId: z.uuid().nullable(),
  traderId: z.uuid().nullable(),
  instrumentId: z.string().nullable(),
  assetClass: z.string().nullable(),
});

/** One step of the way from everybody to the trader: the line that is there, and what is in force for who stands at this level. */
const pathLevel = z.object({
  target: lineTarget,
  /** Code of the partner or agent, name of the group or trader; null: everybody. */
  name: z.string().nullable(),
  /** Null: there is no line yet. */
  limitId: z.uuid().nullable(),
  /** Of its newest version, which the next one must name. */
  version: z.int().nullable(),
  /** What the line itself says. */
  own: z.record(z.string(), z.unknown()),
  /** What would hold at this level without the line. */
  inherited: z.array(effectiveSetting),
  inForce: z.array(effectiveSetting),
});
export type PathLevel = z.infer<typeof pathLevel>;

export const pathReply = z.object({
  trader: z.uuid(),
  instrument: z.string().nullable(),
  /** Widest first. */
  levels: z.array(pathLevel),
});
export type PathReply = z.infer<typeof pathReply>;
