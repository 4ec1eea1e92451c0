import type { WireBarEvent } from "#contracts/events.ts";
import type { Interval } from "#contracts/names.ts";
import type { BarsReply, WireBar } from "#contracts/trading-api.ts";
import { BarSeries } from "../client/bar-series.ts";

export type BarsState = "loading" | "ready" | "failed";

/** What the chart draws from: bars with a way to hear of changes and to ask for older ones. */
export interface BarSource {
  readonly instrumentId: string | null;
  readonly interval: Interval;
  readonly state: BarsState;
  readonly bars: readonly WireBar[];
  readonly loadOlder: () => Promise<void>;
  readonly reload: () => Promise<void>;
  /** Calls back with "all" after a new selection or history, "last" after the newest bar changed. Returns the end of it. */
  readonly subscribe: (listener: (change: "all" | "last") => void) => () => void;
}

type LoadBars = (ask: { instrument: string; interval: Interval; to?: string; limit: number }) => Promise<BarsReply>;

const firstLoad = 400;
const olderLoad = 500;
const barsMax = 20_000;

/** Bars of the instrument and interval on screen: history by REST, the rest by events, in the order they happened. */
export class BarFeed implements BarSource {
  readonly #load: LoadBars;
  readonly #listeners = new Set<(change: "all" | "last") => void>();
  #series = new BarSeries("1m");
  #early: WireBarEvent[] | null = null;
  #turn = 0;
  #loadingOlder = false;
  #reachedStart = false;
  instrumentId: string | null = null;
  state: BarsState = "loading";

  constructor(load: LoadBars) {
    this.#load = load;
  }

  get interval(): Interval {
    return this.#series.interval;
  }

  get bars(): readonly WireBar[] {
    return this.#series.bars;
  }

  subscribe = (listener: (change: "all" | "last") => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async select(instrumentId: string, interval: Interval): Promise<void> {
    this.instrumentId = instrumentId;
    this.#series = new BarSeries(interval);
    this.state = "loading";
    this.#tell("all");
    await this.reload();
  }

  /** Reads the newest bars again. Events that come meanwhile are kept and applied on top. */
  reload = async (): Promise<void> => {
    if (this.instrumentId === null) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#early = [];
    try {
      const ask = { instrument: this.instrumentId, interval: this.interval, limit: firstLoad };
      const reply = await this.#load(ask);
      if (turn !== this.#turn) return;
      this.#series.reset(reply);
      this.#reachedStart = reply.bars.length < firstLoad - 1;
      for (const event of this.#early) this.#series.apply(event);
      this.state = "ready";
    } catch {
      if (turn !== this.#turn) return;
      this.state = this.bars.length > 0 ? "ready" : "failed";
    }
    this.#early = null;
    this.#tell("all");
  };

  loadOlder = async (): Promise<void> => {
    const first = this.bars[0];
    if (this.instrumentId === null || !first || this.#loadingOlder || this.#reachedStart) return;
    if (this.bars.length >= barsMax) return;
    this.#loadingOlder = true;
    const turn = this.#turn;
    const to = new Date(first[0]).toISOString();
    try {
      const ask = { instrument: this.instrumentId, interval: this.interval, to, limit: olderLoad };
      const reply = await this.#load(ask);
      if (turn !== this.#turn) return;
      this.#reachedStart = this.#series.prepend(reply.bars) === 0;
      this.#tell("all");
    } catch {
      // The next pan asks again.
    } finally {
      this.#loadingOlder = false;
    }
  };

  apply(event: WireBarEvent): void {
    if (event.instrument !== this.instrumentId || event.interval !== this.interval) return;
    if (this.#early) {
      this.#early.push(event);
      return;
    }
    const change = this.#series.apply(event);
    if (change === "gap") void this.reload();
    else if (change !== "ignored") this.#tell("last");
  }

  #tell(change: "all" | "last"): void {
    for (const listener of this.#listeners) listener(change);
  }
}
