import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Interval } from "#contracts/names.ts";
import type { WireInstrument, WireQuote } from "#contracts/trading-api.ts";
import type { LiveSocket } from "../client/live-socket.ts";
import { StreamPositions } from "../client/stream-positions.ts";
import { barPrice } from "../format/decimal.ts";
import { venueTime } from "../format/time.ts";
import { BarFeed } from "./bars.ts";
import type { SessionController } from "./session.ts";

interface SeenQuote {
  readonly quote: WireQuote;
  /** performance.now() when it came. */
  readonly arrivedMs: number;
}

const watchTimeoutMs = 5_000;
const refreshTermsEveryMs = 60_000;
/** A change of terms is told to every widget at once; they ask for the new ones within this time, not all together. */
const termsSpreadMs = { from: 200, to: 1_200 } as const;

/** Instruments, their newest quotes, and the bars on screen. Watches what is selected and what is held. */
export class QuotesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: SessionController;
  readonly #quotes = new Map<string, SeenQuote>();
  readonly #streams = new StreamPositions();
  readonly bars: BarFeed;
  /** The socket that a snapshot is being asked of. */
  #resyncing: LiveSocket | null = null;
  #frame = 0;
  #termsTimer: ReturnType<typeof setTimeout> | undefined;
  #held: readonly string[] = [];
  #refresh: ReturnType<typeof setInterval> | undefined;
  instruments: readonly WireInstrument[] = [];
  load: "loading" | "ready" | "failed" = "loading";
  selectedId: string | null = null;
  interval: Interval = "1m";
  /** Close of the trade date before (or the open of the first one known) that the change is counted from: a decimal. */
  reference: { readonly instrumentId: string; readonly price: string } | null = null;

  constructor(host: ReactiveControllerHost, session: SessionController) {
    this.#host = host;
    this.#session = session;
    this.bars = new BarFeed((ask) => session.rest.bars(ask));
    host.addController(this);
    session.listen({
      connected: () => void this.#resync(),
      quote: (quote) => {
        this.#notice(`quotes:${quote.instrument}`, quote.streamSeq);
        this.#take(quote, performance.now());
      },
      bar: (event) => {
        this.#notice(`bars:${event.instrument}:${event.interval}`, event.streamSeq);
        this.bars.apply(event);
      },
      changed: ({ resource }) => {
        if (resource === "instruments") this.#refreshSoon();
      },
    });
  }

  hostConnected(): void {
    this.#refresh = setInterval(() => {
      if (this.#session.live?.connected) void this.#refreshAll();
    }, refreshTermsEveryMs);
  }

  hostDisconnected(): void {
    clearInterval(this.#refresh);
    clearTimeout(this.#termsTimer);
    this.#termsTimer = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  get selected(): WireInstrument | undefined {
    return this.instrument(this.selectedId);
  }

  instrument(id: string | null): WireInstrument | undefined {
    return this.instruments.find((one) => one.id === id);
  }

  quote(id: string | null): WireQuote | undefined {
    return id === null ? undefined : this.#quotes.get(id)?.quote;
  }

  /** Whether the newest quote of an instrument is older than its terms allow for pricing an order. */
  isStale(instrument: WireInstrument): boolean {
    const seen = this.#quotes.get(instrument.id);
    return seen !== undefined && performance.now() - seen.arrivedMs > instrument.maxQuoteAgeMs;
  }

  /** Shows an instrument; falls back to the first when there is none of that id. */
  async select(id: string | null, interval: Interval): Promise<void> {
    const chosen = this.instrument(id) ?? this.instruments[0];
    if (!chosen || (chosen.id === this.selectedId && interval === this.interval)) return;
    this.selectedId = chosen.id;
    this.interval = interval;
    this.#host.requestUpdate();
    await this.#watch();
    await Promise.all([this.bars.select(chosen.id, interval), this.#loadReference(chosen.id)]);
  }

  /** Instruments of open positions: their prices are needed to mark them. */
  hold(ids: readonly string[]): void {
    if (ids.join() === this.#held.join()) return;
    this.#held = ids;
    void this.#watch();
  }

  forget(): void {
    this.#quotes.clear();
    this.instruments = [];
    this.load = "loading";
    this.selectedId = null;
    this.reference = null;
    this.#held = [];
  }

  /** Once a second: a market that has closed or opened by its own clock (a replay's is that of its venue) is asked about. */
  lookAtClock(): void {
    const { selected } = this;
    if (!selected || this.#termsTimer !== undefined) return;
    const { open, nextCloseAt, nextOpenAt } = selected.session;
    const turnsAt = open ? nextCloseAt : nextOpenAt;
    if (turnsAt !== null && venueTime(this.quote(selected.id), this.#session.nowMs()) >= Date.parse(turnsAt))
      this.#refreshSoon();
  }

  async loadInstruments(): Promise<void> {
    try {
      const instruments = await this.#session.rest.instruments();
      for (const { quote } of instruments) if (quote) this.#takeOld(quote);
      this.instruments = instruments;
      this.load = "ready";
    } catch {
      if (this.instruments.length === 0) this.load = "failed";
    }
    this.#host.requestUpdate();
  }

  /** A gap in a stream: the snapshot is taken again, once however many events tell of it. */
  #notice(stream: string, streamSeq: number | undefined): void {
    if (this.#streams.missed(stream, streamSeq)) void this.#resync();
  }

  async #resync(): Promise<void> {
    const { live } = this.#session;
    if (live === null || this.#resyncing === live) return;
    this.#resyncing = live;
    if (this.load === "failed") await this.loadInstruments();
    await this.#watch();
    await this.bars.reload();
    if (this.#resyncing === live) this.#resyncing = null;
  }

  #refreshSoon(): void {
    if (this.#termsTimer !== undefined) return;
    const { from, to } = termsSpreadMs;
    this.#termsTimer = setTimeout(
      () => {
        this.#termsTimer = undefined;
        void this.loadInstruments();
      },
      from + Math.random() * (to - from),
    );
  }

  /** A new trade date has another close before it. */
  async #refreshAll(): Promise<void> {
    await this.loadInstruments();
    if (this.selectedId !== null) await this.#loadReference(this.selectedId);
  }

  async #watch(): Promise<void> {
    const live = this.#session.live;
    if (!live?.connected || this.selectedId === null) return;
    const instruments = [...new Set([this.selectedId, ...this.#held])];
    const bars = [{ instrument: this.selectedId, interval: this.interval }];
    const reply = await live.watch({ instruments, bars }, watchTimeoutMs).catch(() => null);
    if (reply?.status !== 200 || live !== this.#session.live) return;
    this.#streams.reset(reply.snapshot.streams ?? {});
    for (const quote of reply.snapshot.quotes) this.#takeOld(quote);
  }

  /** A quote of a snapshot may have been waiting at the server: its age counts from when it was sent. */
  #takeOld(quote: WireQuote): void {
    const age = Math.max(0, this.#session.nowMs() - quote.sentAtMs);
    this.#take(quote, performance.now() - age);
  }

  /** The last one wins; quotes are conflated by the server, so a skipped number loses nothing. */
  #take(quote: WireQuote, arrivedMs: number): void {
    const known = this.#quotes.get(quote.instrument);
    if (known && known.quote.seq >= quote.seq) return;
    this.#quotes.set(quote.instrument, { quote, arrivedMs });
    // Whether a market is open goes by its source, which the first quote of an instrument tells.
    if (this.instrument(quote.instrument)?.quote === null) this.#refreshSoon();
    this.#draw();
  }

  /** One update a frame, however many quotes came; in a page out of sight none. */
  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#host.requestUpdate();
    });
  }

  async #loadReference(instrument: string): Promise<void> {
    const reply = await this.#session.rest.bars({ instrument, interval: "1d", limit: 2 }).catch(() => null);
    const terms = this.instrument(instrument);
    if (!reply || !terms || this.selectedId !== instrument) return;
    const days = reply.forming ? [...reply.bars, reply.forming] : reply.bars;
    const before = days.at(-2);
    const today = days.at(-1);
    const price = before ? before[4] : today?.[1];
    const written = price === undefined ? null : barPrice(price, terms.priceDecimals);
    this.reference = written === null ? null : { instrumentId: instrument, price: written };
    this.#host.requestUpdate();
  }
}
