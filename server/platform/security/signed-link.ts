import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface SignedLinks {
  /** A token that means `what` for a while. */
  readonly sign: (what: string, lastsMs: number) => string;
  /** What the token means; null: it was not made here, was changed, or is over. */
  readonly read: (token: string) => string | null;
}

const keyBytes = 32;

/** Tokens for short-lived links, signed with HMAC-SHA-256. `key`: of this installation, secret. */
export function signedLinks(key: Buffer, nowMs: () => number): SignedLinks {
  const macOf = (payload: string): Buffer => createHmac("sha256", key).update(payload).digest();
  return {
    sign: (what, lastsMs) => {
      const payload = Buffer.from(JSON.stringify([what, nowMs() + lastsMs])).toString("base64url");
      return `${payload}.${macOf(payload).toString("base64url")}`;
    },
    read: (token) => {
      const [payload = "", mac = "", ...more] = token.split(".");
      const [given, right] = [Buffer.from(mac, "base64url"), macOf(payload)];
      // Decoding passes over odd characters, so the text itself must be the one that was signed.
      if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return null;
      if (mac !== right.toString("base64url")) return null;
      const [what, untilMs] = JSON.parse(Buffer.from(payload, "base64url").toString()) as [string, number];
      return nowMs() < untilMs ? what : null;
    },
  };
}

/** The key in that file; made at first, readable by this user only. */
export function linkKey(file: string): Buffer {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(keyBytes), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const key = readFileSync(file);
  if (key.length !== keyBytes) throw new Error(`${file} does not hold a key of ${keyBytes} bytes; remove it`);
  return key;
}
