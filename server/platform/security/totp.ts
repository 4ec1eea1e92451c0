import { Secret, TOTP } from "otpauth";

const periodSeconds = 30;

/**
 * The time step that a one-time code belongs to, one step around now being allowed for clocks that differ; null when it
 * belongs to none. The caller must accept each step once. `secret` is base32 (RFC 6238, SHA-1, 6 digits, 30 s).
 */
export function totpStep(secret: string, code: string, now: Date): bigint | null {
  if (!/^\d{6}$/.test(code)) return null;
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: periodSeconds });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: 1 });
  if (delta === null) return null;
  return BigInt(Math.floor(now.getTime() / 1000 / periodSeconds) + delta);
}
