import { z } from "zod";
import { attachmentTypes } from "./attachment-names.ts";
import { isPlainText } from "./plain-text.ts";
import { instant } from "./wire-values.ts";

/** Files that people add to a record: GET and POST /api/admin/<resource>/<id>/attachments. */

export const attachmentBytesMax = 5 * 1024 * 1024;
/** Of one record. */
export const attachmentsMax = 20;
/** Of one deposit, by its trader. */
export const proofsMax = 5;

/** The body of the POST is the file itself. */
export const attachmentQuery = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .refine((name) => isPlainText(name) && !/[\\/"]/.test(name), "must be a file's name without a path"),
});

/** Why a file is not taken. */
export type AttachmentRefusalCode = "FILE_EMPTY" | "FILE_TOO_LARGE" | "FILE_TYPE_UNKNOWN" | "TOO_MANY_FILES";

export const wireAttachment = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: z.enum(attachmentTypes),
  /** In bytes. */
  size: z.int(),
  /** Of the bytes, hex: who has the file can compare. */
  sha256: z.string(),
  addedBy: z.string(),
  addedAt: instant,
});
export type WireAttachment = z.infer<typeof wireAttachment>;
export const attachmentsReply = z.object({ attachments: z.array(wireAttachment) });

/** A proof as its trader is told it: POST /api/trading/deposits/:id/proofs. */
export const wireProof = wireAttachment.pick({ id: true, name: true, mediaType: true, size: true, addedAt: true });
export type WireProof = z.infer<typeof wireProof>;
