import { createHash } from "node:crypto";

/** The same UUID for the same text. */
export function requestIdOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A number from 0 to 99 that a text has for ever. */
export const lotOf = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0) % 100;
