import type { RaRecord } from "react-admin";

/** An agent at its place in the tree, as one row of the screen. */
export interface TreeRow {
  readonly agent: RaRecord;
  /** 1: a top of what is visible. */
  readonly depth: number;
  readonly position: number;
  readonly siblings: number;
  readonly hasBelow: boolean;
  readonly isOpen: boolean;
}

/** The agents as rows, each below its parent; those under a closed one are left out. */
export function treeRows(agents: readonly RaRecord[], closed: ReadonlySet<string>): TreeRow[] {
  const ids = new Set(agents.map(({ id }) => String(id)));
  const below = new Map<string | null, RaRecord[]>();
  for (const agent of agents) {
    // An agent's own staff do not see what is above him: he is a top for them.
    const parent = ids.has(String(agent.parentId)) ? String(agent.parentId) : null;
    below.set(parent, [...(below.get(parent) ?? []), agent]);
  }
  const rows: TreeRow[] = [];
  const add = (parent: string | null, depth: number): void => {
    const children = below.get(parent) ?? [];
    for (const [index, agent] of children.entries()) {
      const id = String(agent.id);
      const hasBelow = below.has(id);
      const isOpen = hasBelow && !closed.has(id);
      rows.push({ agent, depth, position: index + 1, siblings: children.length, hasBelow, isOpen });
      if (isOpen) add(id, depth + 1);
    }
  };
  add(null, 1);
  return rows;
}

/** Whether `agentId` may go under `parentId`: of his own partner, not under himself or anyone below him, nor where he is. */
export function mayGoUnder(agents: readonly RaRecord[], agentId: string, parentId: string | null): boolean {
  const above = new Map(
    agents.map((agent) => [String(agent.id), agent.parentId === null ? null : String(agent.parentId)]),
  );
  if ((above.get(agentId) ?? null) === parentId) return false;
  const partnerOf = (id: string): unknown => agents.find((agent) => String(agent.id) === id)?.tenantId;
  if (parentId !== null && partnerOf(parentId) !== partnerOf(agentId)) return false;
  for (let next = parentId; next !== null; next = above.get(next) ?? null) if (next === agentId) return false;
  return true;
}
