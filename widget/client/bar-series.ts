import type { WireBarEvent } from "#contracts/events.ts";
import type { Interval } from "#contracts/names.ts";
import type { BarsReply, WireBar } from "#contracts/trading-api.ts";
import { intervalMs } from "../format/time.ts";

export type BarChange = "updated" | "appended" | "gap" | "ignored";

const revisionsKept = 500;

/**
 * The bars of one instrument and interval, oldest first. History comes by REST, the live bar by socket; both are merged
 * by opening time, and the higher revision of a bar wins.
 */
export class BarSeries {
  readonly interval: Interval;
  #bars: WireBar[] = [];
  #finalAt = new Map<number, { rev: number; final: boolean }>();

  constructor(interval: Interval) {
    this.interval = interval;
  }

  get bars(): readonly WireBar[] {
    return this.#bars;
  }

  get last(): WireBar | undefined {
    return this.#bars.at(-1);
  }

  /** Takes a snapshot in place of everything known. */
  reset(reply: BarsReply): void {
    this.#bars = reply.forming ? [...reply.bars, reply.forming] : [...reply.bars];
    this.#finalAt = new Map(reply.bars.map((bar) => [bar[0], { rev: 0, final: true }]));
  }

  /** Puts older bars in front; those at or after the first known one are dropped. Returns how many came. */
  prepend(older: readonly WireBar[]): number {
    const first = this.#bars[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const fresh = older.filter((bar) => bar[0] < first);
    this.#bars = [...fresh, ...this.#bars];
    return fresh.length;
  }

  /**
   * Merges a live event. "gap": a bar between was never seen to its end, so the history must be read again; quotes
   * are conflated by design and have no gaps of this kind.
   */
  apply(event: Pick<WireBarEvent, "bar" | "final" | "rev">): BarChange {
    const [openedAt] = event.bar;
    const known = this.#finalAt.get(openedAt);
    if (known && (event.rev < known.rev || (known.final && !event.final && event.rev === known.rev))) return "ignored";
    this.#remember(openedAt, event);
    const last = this.last;
    if (!last || openedAt > last[0]) {
      const skipped = last !== undefined && !this.#isNext(last[0], openedAt);
      this.#bars.push(event.bar);
      return skipped ? "gap" : "appended";
    }
    const at = this.#indexOf(openedAt);
    if (at < 0) return "gap";
    this.#bars[at] = event.bar;
    return "updated";
  }

  #isNext(previous: number, openedAt: number): boolean {
    return this.#finalAt.get(previous)?.final === true || openedAt - previous <= intervalMs[this.interval];
  }

  #remember(openedAt: number, { rev, final }: { rev: number; final: boolean }): void {
    this.#finalAt.set(openedAt, { rev, final });
    if (this.#finalAt.size <= revisionsKept + this.#bars.length) return;
    for (const key of this.#finalAt.keys()) {
      this.#finalAt.delete(key);
      break;
    }
  }

  #indexOf(openedAt: number): number {
    for (let at = this.#bars.length - 1; at >= 0; at -= 1) {
      const bar = this.#bars[at];
      if (bar === undefined || bar[0] < openedAt) return -1;
      if (bar[0] === openedAt) return at;
    }
    return -1;
  }
}
