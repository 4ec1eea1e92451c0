import { createHash, randomBytes, randomFillSync } from "node:crypto";

const idBytes = 16;
/** Random bytes for the next ids: asked for one by one they were 4 % of a worker's time. No byte is used twice. */
const pool = Buffer.alloc(256 * idBytes);
let used = pool.length;

function nextBytes(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + idBytes);
  used += idBytes;
  return bytes;
}

/** UUID version 7: time-ordered, so that index pages fill in order. */
export function newId(): string {
  const bytes = nextBytes();
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A bearer secret of 256 bits, URL-safe. Only its hash is stored. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
