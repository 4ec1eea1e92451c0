/** A binary heap: the item that comes first by `before` is on top. Costs O(log n) an item. */
export interface Heap<Item> {
  readonly size: () => number;
  readonly top: () => Item | undefined;
  readonly push: (item: Item) => void;
  readonly pop: () => Item | undefined;
  /** Keeps only these items. O(n). */
  readonly keep: (isKept: (item: Item) => boolean) => void;
}

export function heap<Item>(before: (a: Item, b: Item) => boolean): Heap<Item> {
  let items: Item[] = [];

  const rise = (item: Item, from: number): void => {
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = items[parentAt] as Item;
      if (!before(item, parent)) break;
      items[at] = parent;
      at = parentAt;
    }
    items[at] = item;
  };
  const sink = (item: Item, from: number): void => {
    let at = from;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= items.length) break;
      if (childAt + 1 < items.length && before(items[childAt + 1] as Item, items[childAt] as Item)) childAt += 1;
      const child = items[childAt] as Item;
      if (!before(child, item)) break;
      items[at] = child;
      at = childAt;
    }
    items[at] = item;
  };
  return {
    size: () => items.length,
    top: () => items[0],
    push: (item) => rise(item, items.length),
    pop: () => {
      const top = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) sink(last, 0);
      return top;
    },
    keep: (isKept) => {
      items = items.filter(isKept);
      for (let at = (items.length >> 1) - 1; at >= 0; at--) sink(items[at] as Item, at);
    },
  };
}
