import { z } from "zod";
import { decimal } from "./wire-values.ts";

/** What is said about bank transfers: where a trader pays to, and the statements that staff take. */

export const wireBankDetails = z.object({
  holder: z.string(),
  iban: z.string(),
  bic: z.string().nullable(),
  bankName: z.string().nullable(),
  currency: z.string(),
  /** To be written on the transfer, of any amount. */
  reference: z.string(),
});
export type WireBankDetails = z.infer<typeof wireBankDetails>;

export const statementFormats = ["camt053", "mt940", "csv"] as const;
export type StatementFormat = (typeof statementFormats)[number];

/** A month of a busy account. */
export const statementBytesMax = 5 * 1024 * 1024;

export const statementQuery = z.strictObject({
  format: z.enum(statementFormats),
  /** true: everything is looked at and nothing is written. */
  dryRun: z.enum(["true", "false"]).default("false"),
  /** csv: the balances, which such files do not name. */
  opening: decimal.optional(),
  closing: decimal.optional(),
});
export type StatementQuery = z.infer<typeof statementQuery>;

export const statementReply = z.object({
  /** null: nothing was written. */
  statementId: z.uuid().nullable(),
  lines: z.int(),
  /** Money that came: with a reference that is known, and without. */
  matched: z.int(),
  unmatched: z.int(),
  /** Money that came back: a payout of ours that the bank returned. */
  returned: z.int(),
  /** Money that left: payouts of ours, and what else: kept with the statement, nothing is booked for it. */
  paid: z.int(),
  out: z.int(),
  /** row null: with the whole. */
  errors: z.array(
    z.object({ row: z.int().nullable(), code: z.string(), value: z.string(), expected: z.string().optional() }),
  ),
});
export type StatementReply = z.infer<typeof statementReply>;
