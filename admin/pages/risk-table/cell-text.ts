import { type RiskSetting, riskSettings } from "#contracts/risk-names.ts";

/** A value as it is typed: several windows or instruments one a line; empty: nothing is set. */
export const textOf = (value: unknown): string =>
  value === null || value === undefined ? "" : Array.isArray(value) ? value.join("\n") : String(value);

/** The reverse of `textOf`; what can't be read goes to the server as it is, which says what is wrong with it. */
export function typedValue(name: RiskSetting, text: string): unknown {
  const { kind } = riskSettings[name];
  const typed = text.trim();
  if (typed === "") return null;
  if (kind === "list" || kind === "windows")
    return typed
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  if (kind === "lots" || kind === "money" || kind === "daily-time") return typed;
  const whole = Number(typed);
  return Number.isSafeInteger(whole) ? whole : typed;
}

export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
