import { z } from "zod";
import { lossActions } from "./loss-names.ts";
import { books } from "./names.ts";
import { riskSettingNames } from "./risk-names.ts";

/** GET /api/admin/risk-changes/{id}/breaches: whom a change of the risk table would put over a limit as accounts stand now. */
export const breachPreviewQuery = z.strictObject({ book: z.enum(books).default("live") });
export type BreachPreviewQuery = z.infer<typeof breachPreviewQuery>;

/** Only so many breaches are told one by one. */
export const breachRowsMax = 500;

const count = z.int();

const counted = {
  accounts: count,
  /** An account may be over several limits. */
  breaches: count,
};

const breachRow = z.object({
  accountId: z.uuid(),
  traderId: z.uuid(),
  tenantId: count,
  partner: z.string(),
  currency: z.string(),
  setting: z.enum(riskSettingNames as [string, ...string[]]),
  /** What is measured: an instrument, a class, or (both null) the whole account. */
  instrumentId: z.string().nullable(),
  assetClass: z.string().nullable(),
  /** Lots and counts as whole numbers, money in major units of the account's currency; of a loss rule what is lost of it, of a target what is won. */
  value: z.string(),
  limit: z.string(),
  /** The limit in force now; null: there is none. */
  before: z.string().nullable(),
  /** By how many per cent of the limit it is exceeded, cut; null: the limit is 0. */
  overPercent: z.string().nullable(),
  /** "default", "partner", "agent:<code>", "group:<name>", "trader", "self"; "together": of an account that counts as one with this. */
  source: z.string(),
  version: count,
  /** Of the change (`isDrafted`) or of the risk table; null where the source is "together". */
  lineId: z.uuid().nullable(),
  isDrafted: z.boolean(),
  /** What a breach of a loss rule does as soon as the change holds; null: nothing is closed, only what opens is refused. */
  action: z.enum(lossActions).nullable(),
});

export const breachPreviewReply = z.object({
  changeId: z.uuid(),
  at: z.iso.datetime(),
  book: z.enum(books),
  /** Settings that the change changes; no other is looked at. */
  settings: z.array(z.enum(riskSettingNames as [string, ...string[]])),
  /** Accounts that were looked at, and those among them with a position that has no price. */
  accounts: count,
  unpriced: count,
  /** Over a limit by the change and not now; the worst first, at most 500. */
  added: z.object({ ...counted, rows: z.array(breachRow).max(breachRowsMax) }),
  /** Over a limit now and by the change. */
  standing: z.object(counted),
  /** Over a limit now and not by the change. */
  relieved: z.object(counted),
});
export type BreachPreviewReply = z.infer<typeof breachPreviewReply>;
