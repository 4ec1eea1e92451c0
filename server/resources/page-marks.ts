/** Where a row stands in a list's order: its value of the sorted column, as PostgreSQL writes it, and its id. */
export interface Mark {
  readonly sort: string | null;
  readonly id: string;
}

/** A mark with the number of rows before it, as the list was numbered when it was shown. */
export interface PlacedMark {
  readonly position: number;
  readonly mark: Mark;
}

const listsMax = 500;
const marksMax = 40;

/**
 * Rows of long lists that were shown lately, so that the page after or before them is found by what they are and not by counting. In
 * this process only, and only a help: without them a page is looked for anew.
 */
export class PageMarks {
  readonly #lists = new Map<string, PlacedMark[]>();

  /** The mark nearest to a position, at most `reach` rows away; null: there is none. */
  nearest(list: string, position: number, reach: number): PlacedMark | null {
    let best: PlacedMark | null = null;
    for (const placed of this.#lists.get(list) ?? [])
      if (best === null || Math.abs(placed.position - position) < Math.abs(best.position - position)) best = placed;
    return best !== null && Math.abs(best.position - position) <= reach ? best : null;
  }

  /** Remembers a mark; the oldest of the list, and the list that was asked for longest ago, give way. */
  note(list: string, placed: PlacedMark): void {
    const marks = (this.#lists.get(list) ?? []).filter(({ position }) => position !== placed.position);
    marks.push(placed);
    if (marks.length > marksMax) marks.shift();
    this.#lists.delete(list);
    this.#lists.set(list, marks);
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > listsMax && oldest !== undefined) this.#lists.delete(oldest);
  }
}
