import { z } from "zod";
import { ownLossActions } from "./own-names.ts";
import { decimal, instant, positiveWhole } from "./wire-values.ts";

/** Counted from what is booked at this time of day, in major units of the account's own currency; open results and fees count. */
const ownDailyLoss = z.strictObject({
  amount: decimal,
  /** "HH:MM". */
  resetTime: z.string().max(5),
  /** IANA name. */
  resetZone: z.string().max(60),
  action: z.enum(ownLossActions),
});

/** Limits that a trader sets for himself, all of them; null: none. What the hours and names say is judged by the core. */
export const ownLimits = z.strictObject({
  dailyLoss: ownDailyLoss.nullable(),
  maxLotsPerOrder: positiveWhole.nullable(),
  maxPositionLots: positiveWhole.nullable(),
  maxOrdersPerMinute: z.int().min(1).max(1_000).nullable(),
  /** Hours in which positions may be opened: "mon-fri 09:00-17:30 Europe/London". */
  tradingWindows: z.array(z.string().max(120)).min(1).max(20).nullable(),
  /** Instruments and classes that may be traded. */
  allowed: z.array(z.string().min(1).max(40)).min(1).max(100).nullable(),
});
export type OwnLimits = z.infer<typeof ownLimits>;

export const ownLimitsReply = z.object({
  inForce: ownLimits,
  /** What is looser than what is in force holds only from here on; null: nothing waits. */
  later: z.object({ limits: ownLimits, from: instant }).nullable(),
  /** How long one waits for a looser limit. */
  delayHours: z.int(),
});
export type OwnLimitsReply = z.infer<typeof ownLimitsReply>;
