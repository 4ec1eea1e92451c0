import type { LimitScope } from "#contracts/names.ts";
import {
  type RiskNumber,
  type RiskSetting,
  type RiskSettingSpec,
  riskNumbers,
  riskSettingNames,
} from "#contracts/risk-names.ts";
import type { RiskSettings } from "./risk-settings.ts";

/** One line of the risk table as it is in force. */
export interface RiskLine {
  readonly limitId: string;
  readonly version: number;
  readonly scope: LimitScope;
  readonly tenantId: number | null;
  readonly agentId: string | null;
  /** The agent's code or the group's name, for the source shown with a decision. */
  readonly name: string | null;
  readonly groupId: string | null;
  readonly traderId: string | null;
  /** An instrument's own line, a class's, or (both null) one of everything. */
  readonly instrumentId: string | null;
  readonly assetClass: string | null;
  readonly settings: RiskSettings;
}

/** Whom settings are looked up for. `agentLine`: the trader's agent and all above it, root first; empty without an agent. */
export interface RiskSubject {
  readonly tenantId: number;
  readonly traderId: string;
  readonly groupId: string | null;
  readonly agentLine: readonly string[];
}

/** What is traded; null: the account as a whole. */
export interface RiskObject {
  readonly id: string;
  readonly assetClass: string;
}

/** A value in force, and where it came from: "default", "partner", "agent:<code>", "group:<name>", "trader" or "self". */
export interface Effective<Value> {
  readonly value: Value;
  readonly source: string;
  readonly limitId: string;
  readonly version: number;
  /** What the trader set for himself, where the two can't be compared: both are measured. */
  readonly own?: Effective<Value>;
}

/** What the house set, and the trader's own beside it. */
export const bothOf = <Value>(effective: Effective<Value> | undefined): readonly Effective<Value>[] =>
  effective === undefined ? [] : effective.own === undefined ? [effective] : [effective, effective.own];

export type EffectiveSettings = {
  readonly [Name in RiskSetting]?: Effective<NonNullable<RiskSettings[Name]>>;
};

/**
 * The settings in force for a trader and an instrument. The nearest scope wins: trader, then his group, then his agents from the nearest
 * up, then partner, then default; within one scope the instrument's own line wins over its class's, that over the general one. Each
 * setting is found by itself, so a line may set one and inherit the others. What the trader set for himself counts beside that:
 * the stricter of both holds, and both where they can't be compared (hours, lists, rules).
 */
export function effectiveSettings(
  lines: readonly RiskLine[],
  subject: RiskSubject,
  about: RiskObject | null,
): EffectiveSettings {
  const ranked = lines
    .filter((line) => concerns(line, about))
    .map((line) => ({ line, distance: distanceTo(line, subject) }))
    .filter((one): one is { line: RiskLine; distance: number } => one.distance !== null)
    .sort((a, b) => a.distance - b.distance || narrowness(a.line) - narrowness(b.line))
    .map(({ line }) => line);
  const others = ranked.filter(({ scope }) => scope !== "self");
  const own = ranked.filter(({ scope }) => scope === "self");
  const found: Partial<Record<RiskSetting, Effective<unknown>>> = {};
  for (const name of riskSettingNames) {
    const one = narrowed(name, nearest(others, name), nearest(own, name));
    if (one !== null) found[name] = one;
  }
  return found as EffectiveSettings;
}

function narrowed(
  name: RiskSetting,
  given: Effective<unknown> | null,
  wished: Effective<unknown> | null,
): Effective<unknown> | null {
  if (given === null || wished === null) return given ?? wished;
  if (isComparable(given.value)) return isStricter(name, wished.value, given.value) ? wished : given;
  return { ...given, own: wished };
}

const isComparable = (value: unknown): boolean => typeof value === "bigint" || typeof value === "boolean";

const concerns = (line: RiskLine, about: RiskObject | null): boolean =>
  line.instrumentId !== null
    ? line.instrumentId === about?.id
    : line.assetClass === null || line.assetClass === about?.assetClass;

/** Steps from the trader to the line's scope; null: the line is about somebody else. */
function distanceTo(line: RiskLine, subject: RiskSubject): number | null {
  const agents = subject.agentLine.length;
  switch (line.scope) {
    case "self":
    case "trader":
      return line.traderId === subject.traderId ? 0 : null;
    case "group":
      return line.groupId !== null && line.groupId === subject.groupId ? 1 : null;
    case "agent": {
      const index = subject.agentLine.indexOf(line.agentId ?? "");
      return index === -1 || line.tenantId !== subject.tenantId ? null : 1 + agents - index;
    }
    case "partner":
      return line.tenantId === subject.tenantId ? agents + 2 : null;
    case "default":
      return agents + 3;
  }
}

const narrowness = (line: RiskLine): number => (line.instrumentId !== null ? 0 : line.assetClass !== null ? 1 : 2);

function nearest(ranked: readonly RiskLine[], name: RiskSetting): Effective<unknown> | null {
  for (const line of ranked) {
    const value = line.settings[name];
    if (value !== undefined) return { value, source: sourceOf(line), limitId: line.limitId, version: line.version };
  }
  return null;
}

const sourceOf = ({ scope, name }: RiskLine): string => (name === null ? scope : `${scope}:${name}`);

/** Whether one value allows less than another. Values that can't be compared (hours, lists, rules) are never stricter. */
export function isStricter(name: RiskSetting, one: unknown, other: unknown): boolean {
  if (typeof one === "bigint" && typeof other === "bigint") {
    const spec: RiskSettingSpec = riskNumbers[name as RiskNumber];
    return spec.isFloor === true ? one > other : one < other;
  }
  return typeof one === "boolean" && one && other !== true;
}
