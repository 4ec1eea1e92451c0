/** Of files beside records. No imports, as in every list of names. */

/** Kinds of files that may be added to a record. */
export const attachmentTypes = ["application/pdf", "image/png", "image/jpeg"] as const;
export type AttachmentType = (typeof attachmentTypes)[number];
