import type { KeyboardEvent } from "react";
import type { TreeRow } from "./tree-rows.ts";

export interface TreeKeys {
  readonly focus: (id: string) => void;
  readonly toggle: (id: string) => void;
  readonly open: (id: string) => void;
  readonly begin: (id: string | null) => void;
  readonly drop: (parentId: string) => void;
  readonly canMove: boolean;
  readonly movingId: string | null;
}

/** The keys of a tree as WAI-ARIA describes them, and M, Enter, Esc to move an agent without a mouse. */
export function treeKeys(rows: readonly TreeRow[], keys: TreeKeys) {
  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = (event.target as HTMLElement).closest("[role=treeitem]")?.getAttribute("data-agent");
    const index = rows.findIndex(({ agent }) => String(agent.id) === id);
    const row = rows[index];
    if (row === undefined || id === undefined || id === null) return;
    const done = act(event.key, { rows, index, row, id }, keys);
    if (done) event.preventDefault();
  };
}

function act(
  key: string,
  at: { readonly rows: readonly TreeRow[]; readonly index: number; readonly row: TreeRow; readonly id: string },
  keys: TreeKeys,
): boolean {
  const { rows, index, row, id } = at;
  const go = (to: TreeRow | undefined): boolean => {
    if (to !== undefined) keys.focus(String(to.agent.id));
    return true;
  };
  switch (key) {
    case "ArrowDown":
      return go(rows[index + 1]);
    case "ArrowUp":
      return go(rows[index - 1]);
    case "Home":
      return go(rows[0]);
    case "End":
      return go(rows.at(-1));
    case "ArrowRight":
      if (row.hasBelow && !row.isOpen) keys.toggle(id);
      else if (row.isOpen) go(rows[index + 1]);
      return true;
    case "ArrowLeft":
      if (row.isOpen) keys.toggle(id);
      else go(rows.slice(0, index).findLast(({ depth }) => depth < row.depth));
      return true;
    case "Enter":
      if (keys.movingId === null) keys.open(id);
      else keys.drop(id);
      return true;
    case "Escape":
      keys.begin(null);
      return keys.movingId !== null;
    case "m":
    case "M":
      if (!keys.canMove) return false;
      keys.begin(id);
      return true;
    default:
      return false;
  }
}
