import { assert } from "./result.ts";

/** A value and the moment from which it holds, in microseconds since 1970: what the database's clock tells apart. */
export interface Since<Value> {
  readonly since: bigint;
  readonly value: Value;
}

/** The value in force at a moment: the last that began at or before it. Ascending by `since`, of equal ones the last counts. */
export function inForce<Value>(history: readonly Since<Value>[], at: bigint): Value | undefined {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((history[middle]?.since ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return history[low - 1]?.value;
}

/** Deeper than any tree of agents; a longer walk goes in a circle. */
const depthMax = 1_000;

/** Agent -> who was above it, and since when; null: nobody. */
export type AgentTree = ReadonlyMap<string, readonly Since<string | null>[]>;

/** An agent and all above it as the tree stood at a moment, the agent first. */
export function uplineAt(tree: AgentTree, agentId: string, at: bigint): string[] {
  const line: string[] = [];
  for (let next: string | null = agentId; next !== null; next = inForce(tree.get(next) ?? [], at) ?? null) {
    line.push(next);
    assert(line.length < depthMax, `the line of agent ${agentId} does not end`);
  }
  return line;
}

/**
 * Which plan an order falls under: that of the nearest agent of its line that has one of its own, else the partner's. Null: none.
 * `agents` and `partner` hold plan ids; a value of null takes a plan away from then on.
 */
export function planAt(
  assigned: {
    readonly agents: ReadonlyMap<string, readonly Since<string | null>[]>;
    readonly partner: readonly Since<string | null>[];
  },
  line: readonly string[],
  at: bigint,
): string | null {
  for (const agentId of line) {
    const plan = inForce(assigned.agents.get(agentId) ?? [], at) ?? null;
    if (plan !== null) return plan;
  }
  return inForce(assigned.partner, at) ?? null;
}
