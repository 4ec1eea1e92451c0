import { z } from "zod";
import { commissionBases, commissionModels, commissionSkips } from "./commission-names.ts";

/** One level of a fill's waterfall, level 1 nearest to the trader. Money is a decimal string in `currency`. */
const waterfallLevel = z.object({
  level: z.int(),
  /** Null: there was no agent, or he is not of the viewer's line (`isBeyond`). */
  agentId: z.uuid().nullable(),
  agentName: z.string().nullable(),
  isBeyond: z.boolean(),
  /** Percent of the basis, or major units a lot, as the plan's model has it. */
  rate: z.string(),
  amount: z.string(),
  why: z.enum(commissionSkips).nullable(),
  /** Of the amount, since; null: nothing. */
  takenBack: z.string().nullable(),
});
export type WaterfallLevel = z.infer<typeof waterfallLevel>;

const sharedFill = z.object({
  /** `computed`: as it was booked. `expected`: its book date is still open; so it will be, unless the trade is busted. */
  state: z.enum(["computed", "expected"]),
  bookDate: z.string(),
  lots: z.string(),
  currency: z.string(),
  /** Null: none was in force for the line when the order was accepted. */
  plan: z.object({ name: z.string(), version: z.int(), model: z.enum(commissionModels) }).nullable(),
  /** All levels together get at most this of the fill; null: no limit. */
  cap: z.string().nullable(),
  isCappedAtFee: z.boolean(),
  fee: z.string(),
  basisOf: z.enum(commissionBases),
  basis: z.string(),
  levels: z.array(waterfallLevel),
  /** Basis less what the levels get: levels + house = basis. Minus: the house pays. */
  house: z.string(),
});
export type SharedFill = z.infer<typeof sharedFill>;

/** GET /api/admin/fills/<id>/waterfall: who gets what of a fill. `none`: nobody can, and why. */
export const waterfallReply = z.discriminatedUnion("state", [
  sharedFill,
  z.object({ state: z.literal("none"), why: z.enum(["demo", "no-agent"]) }),
]);
export type WaterfallReply = z.infer<typeof waterfallReply>;
