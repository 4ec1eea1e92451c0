import { useEffect, useRef } from "react";

/** Where a key is meant for something else than the page: what is typed into, and whatever lies over the page. */
const others = "input, textarea, select, [contenteditable=true], .MuiModal-root";

/** Hears keys pressed anywhere on the page, alone; `take` says whether it used one. */
export function usePageKeys(enabled: boolean, take: (key: string) => boolean): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    if (!enabled) return;
    const hear = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(others) !== null) return;
      if (document.querySelector("[role=dialog]") !== null) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [enabled]);
}
