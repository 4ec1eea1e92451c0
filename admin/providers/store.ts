import { localStorageStore, type Store } from "react-admin";

/**
 * Preferences live in this browser and outlast a logout: language, theme, columns, saved queries. What was looked at (filters,
 * selections) does not: the next person at this desk starts clean.
 */
export function deskStore(): Store {
  const store = localStorageStore("1", "truewick");
  return { ...store, reset: () => forgetWhatWasLookedAt(store) };
}

function forgetWhatWasLookedAt(store: Store): void {
  const lookedAt = Object.keys(localStorage)
    .map((key) => key.slice(key.indexOf(".") + 1))
    .filter((key) => key.endsWith(".listParams") || key.endsWith(".selectedIds"));
  for (const key of lookedAt) store.removeItem(key);
}
