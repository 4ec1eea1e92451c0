const storageKey = "truewick-one-click";
const keysKey = "truewick-single-keys";
const idleMs = 30 * 24 * 60 * 60 * 1000;

/** Whether this device trades with one click: consent given here, and used within the last 30 days. */
export function isOneClickOn(nowMs: number): boolean {
  const usedAt = Number(read(storageKey));
  return usedAt > 0 && nowMs - usedAt < idleMs;
}

/** Records the consent, or its use, at `nowMs`. */
export const rememberOneClick = (nowMs: number): void => write(storageKey, String(nowMs));

export const forgetOneClick = (): void => write(storageKey, null);

/** Single-letter keys are on unless the reader turned them off (WCAG 2.1.4). */
export const singleKeysOn = (): boolean => read(keysKey) !== "off";

export const setSingleKeys = (on: boolean): void => write(keysKey, on ? null : "off");

// Storage can be forbidden in a partner's page (sandbox, privacy modes): then nothing is remembered.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    return;
  }
}
