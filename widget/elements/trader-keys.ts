import type { Side } from "#contracts/names.ts";

export interface KeyActions {
  readonly prepare: (side: Side) => void;
  readonly stepLots: (direction: 1n | -1n) => void;
  readonly cancel: () => void;
  readonly closeFocused: (positionId: string) => void;
  readonly toggleLeg: (kind: "takeProfit" | "stopLoss") => void;
  readonly help: () => void;
}

const typesText = "input:not([type='checkbox']), select, textarea, dialog";
/** In lists, tabs and the chart the arrows scroll and read. */
const usesArrows = "truewick-desk, truewick-chart, [role='listbox']";

/** Shortcuts of the widget: heard only while the focus is inside it, never while typing, never from a held-down letter. */
export function handleKey(event: KeyboardEvent, actions: KeyActions, singleKeys: boolean): void {
  const isArrow = event.key === "ArrowUp" || event.key === "ArrowDown";
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || (event.repeat && !isArrow)) return;
  const path = event.composedPath().filter((one): one is HTMLElement => one instanceof HTMLElement);
  const within = (selector: string): boolean => path.some((element) => element.matches(selector));
  if (event.key === "Escape") actions.cancel();
  else if (within(typesText)) return;
  else if (event.key === "?") actions.help();
  else if (isArrow && !within(usesArrows)) {
    event.preventDefault();
    actions.stepLots(event.key === "ArrowUp" ? 1n : -1n);
  } else if (singleKeys) handleLetter(event.key.toLowerCase(), path, actions);
}

function handleLetter(letter: string, path: readonly HTMLElement[], actions: KeyActions): void {
  if (letter === "b") actions.prepare("buy");
  else if (letter === "s") actions.prepare("sell");
  else if (letter === "t") actions.toggleLeg("takeProfit");
  else if (letter === "l") actions.toggleLeg("stopLoss");
  else if (letter === "x") {
    const positionId = path.find((element) => element.dataset.position !== undefined)?.dataset.position;
    if (positionId !== undefined) actions.closeFocused(positionId);
  }
}
