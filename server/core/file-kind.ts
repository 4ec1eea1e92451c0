import type { AttachmentType } from "#contracts/attachment-names.ts";

/** How a file of each kind begins, by its own specification: ISO 32000, the PNG signature, and JPEG's SOI with the next marker. */
const beginnings: Readonly<Record<AttachmentType, readonly number[]>> = {
  "application/pdf": [0x25, 0x50, 0x44, 0x46, 0x2d],
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  "image/jpeg": [0xff, 0xd8, 0xff],
};

/** What a file is by its first bytes, whatever it is called; null: none of the kinds that are taken. */
export function fileKindOf(bytes: Uint8Array): AttachmentType | null {
  for (const [kind, beginning] of Object.entries(beginnings) as [AttachmentType, readonly number[]][])
    if (beginning.every((byte, at) => bytes[at] === byte)) return kind;
  return null;
}
