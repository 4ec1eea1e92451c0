import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Rows, newest first; `next` names the page below them, null: there is none. */
export interface HistoryPage<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** `states`: one or several by commas; "": all. `after`: the page's name; null: the newest. */
export type ReadHistory<Row> = (asked: {
  readonly states: string;
  readonly after: string | null;
}) => Promise<HistoryPage<Row>>;

/**
 * What a history shows: the newest page of all states, which its host reads anew all the time, and the older ones that were asked for; or the
 * same of some states, then read anew whenever the host's page is.
 */
export class HistoryRows<Row extends { readonly id: string }> implements ReactiveController {
  /** null: not read yet. */
  rows: readonly Row[] | null = null;
  next: string | null = null;
  states = "";
  isReading = false;
  isBroken = false;
  #newest: HistoryPage<Row> | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly newest: () => HistoryPage<Row> | null,
    private readonly read: ReadHistory<Row>,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    const newest = this.newest();
    if (newest === null || newest.rows === this.#newest?.rows) return;
    this.#newest = newest;
    if (this.states === "") this.#take(newest);
    else void this.#readNewest();
  }

  /** Shows those in these states. */
  choose(states: string): void {
    this.states = states;
    this.rows = null;
    if (states === "" && this.#newest !== null) this.#take(this.#newest);
    else void this.#readNewest();
    this.host.requestUpdate();
  }

  /** Reads the page below what is shown; one at a time. */
  async more(): Promise<void> {
    const { states, next } = this;
    if (this.isReading) return;
    this.isReading = true;
    this.host.requestUpdate();
    try {
      const page = await this.read({ states, after: next });
      // Of what was chosen meanwhile, or of what was read anew from the top, this page is no part.
      if (states === this.states && next === this.next) {
        this.rows = [...(this.rows ?? []), ...page.rows];
        this.next = page.next;
      }
      this.isBroken = false;
    } catch {
      this.isBroken = true;
    } finally {
      this.isReading = false;
      this.host.requestUpdate();
    }
  }

  /** What is shown stays when it can't be read anew: the host says that nothing answers. */
  async #readNewest(): Promise<void> {
    const { states } = this;
    try {
      const page = await this.read({ states, after: null });
      if (states === this.states) this.#take(page);
      this.isBroken = false;
    } catch {
      this.isBroken = true;
    }
    this.host.requestUpdate();
  }

  /** Takes the newest page, and keeps the older ones below it: as far as they go on where it ends. */
  #take(page: HistoryPage<Row>): void {
    const rows = this.rows ?? [];
    const lastId = page.rows.at(-1)?.id;
    const end = page.next === null ? -1 : rows.findIndex(({ id }) => id === lastId);
    const older = end < 0 ? [] : rows.slice(end + 1);
    this.rows = [...page.rows, ...older];
    if (older.length === 0) this.next = page.next;
  }
}
