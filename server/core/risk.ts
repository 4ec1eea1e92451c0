import type { LimitScope } from "#contracts/names.ts";
import type { Lots } from "./units.ts";

/** One line of the operator's limits; null: this line says nothing about it. */
export interface LimitLine {
  readonly scope: LimitScope;
  readonly tenantId: number | null;
  readonly agentId: string | null;
  /** The agent's code, for the source shown with a decision. */
  readonly agentCode: string | null;
  readonly traderId: string | null;
  /** Null: every instrument without a line of its own in the same scope. */
  readonly instrumentId: string | null;
  readonly maxLotsPerOrder: Lots | null;
  readonly maxPositionLots: Lots | null;
}

/** Whom limits are looked up for. `agentLine`: the trader's agent and all above it, root first; empty without an agent. */
export interface LimitSubject {
  readonly tenantId: number;
  readonly traderId: string;
  readonly agentLine: readonly string[];
}

/** A limit in force and where it came from: "default", "partner", "agent:<code>" or "trader". */
export interface EffectiveLimit {
  readonly value: Lots;
  readonly source: string;
}

export interface EffectiveLimits {
  readonly maxLotsPerOrder: EffectiveLimit | null;
  readonly maxPositionLots: EffectiveLimit | null;
}

/**
 * The limits in force for a trader and an instrument. The nearest scope wins: trader, then his agents from the nearest up,
 * then partner, then default; within one scope the instrument's own line wins over the general one. Each limit is found
 * by itself, so a line may set one and inherit the other. Null: no limit.
 */
export function effectiveLimits(
  lines: readonly LimitLine[],
  subject: LimitSubject,
  instrumentId: string,
): EffectiveLimits {
  const ranked = lines
    .filter((line) => line.instrumentId === null || line.instrumentId === instrumentId)
    .map((line) => ({ line, distance: distanceTo(line, subject) }))
    .filter(({ distance }) => distance !== null)
    .sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0) || ownFirst(a.line) - ownFirst(b.line))
    .map(({ line }) => line);
  return {
    maxLotsPerOrder: nearest(ranked, (line) => line.maxLotsPerOrder),
    maxPositionLots: nearest(ranked, (line) => line.maxPositionLots),
  };
}

/** Steps from the trader to the line's scope; null: the line is about somebody else. */
function distanceTo(line: LimitLine, subject: LimitSubject): number | null {
  const agents = subject.agentLine.length;
  switch (line.scope) {
    case "trader":
      return line.traderId === subject.traderId ? 0 : null;
    case "agent": {
      const index = subject.agentLine.indexOf(line.agentId ?? "");
      return index === -1 || line.tenantId !== subject.tenantId ? null : agents - index;
    }
    case "partner":
      return line.tenantId === subject.tenantId ? agents + 1 : null;
    case "default":
      return agents + 2;
  }
}

const ownFirst = (line: LimitLine): number => (line.instrumentId === null ? 1 : 0);

function nearest(ranked: readonly LimitLine[], pick: (line: LimitLine) => Lots | null): EffectiveLimit | null {
  for (const line of ranked) {
    const value = pick(line);
    if (value !== null)
      return { value, source: line.scope === "agent" ? `agent:${line.agentCode ?? line.agentId}` : line.scope };
  }
  return null;
}
