import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Interval, intervals, type Locale } from "#contracts/names.ts";
import type { WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import type { ChartPort, PriceScale } from "../chart/chart-port.ts";
import type { TradeLine } from "../chart/trade-lines.ts";
import type { BarSource } from "../controllers/bars.ts";
import { barTimeLeft, countdown } from "../format/time.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { chartStyles } from "./chart.styles.ts";

const scaleKeys = ["min", "max", "top", "bottom", "left", "right", "width"] as const;

/**
 * Candles with volume, interval choice and the countdown of the forming bar.
 * The drawing library comes lazily, when the chart is first near the screen.
 * @fires interval-chosen - detail: the interval
 */
export class TruewickChart extends LitElement {
  static override styles = [base, chartStyles];
  @property({ attribute: false }) source: BarSource | null = null;
  @property({ attribute: false }) instrument: WireInstrument | undefined;
  @property({ attribute: false }) quote: WireQuote | undefined;
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) nowMs = 0;
  @property({ attribute: false }) position: WirePosition | undefined;
  @property({ attribute: false }) lines: readonly TradeLine[] = [];
  @property({ attribute: false }) oneClick = false;
  @property({ attribute: false }) changeLine: (line: TradeLine, price: string) => Promise<string | null> = async () =>
    null;
  @property({ attribute: false }) removeLine: (line: TradeLine) => void = () => {};
  @state() private failed = false;
  @state() private scale: PriceScale | null = null;
  @query(".canvas") private canvas: HTMLElement | null | undefined;
  #chart: ChartPort | null = null;
  #drawn = "";
  #mounting = false;
  #seen = false;
  #watcher: IntersectionObserver | null = null;
  #resizer: ResizeObserver | null = null;
  #unsubscribe: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#seen = true;
      this.#watcher?.disconnect();
      void this.#mount();
    });
    this.#watcher.observe(this);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher?.disconnect();
    this.#resizer?.disconnect();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#unmount();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("source")) this.#follow();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("locale") || changed.has("texts") || changed.has("instrument")) void this.#remountIfOther();
    if (changed.has("quote")) this.#drawQuote();
  }

  override render() {
    const { texts, source } = this;
    if (!texts) return nothing;
    return html`
      <div class="bar" role="toolbar" aria-label=${texts.chart.intervals}>
        ${intervals.map(
          (interval) => html`<button
            aria-pressed=${interval === source?.interval}
            @click=${() => this.#choose(interval)}
          >${interval}</button>`,
        )}
        <button class="zoom" title=${texts.chart.zoomIn} aria-label=${texts.chart.zoomIn} @click=${() => this.#chart?.zoom("in")}>+</button>
        <button class="zoom" title=${texts.chart.zoomOut} aria-label=${texts.chart.zoomOut} @click=${() => this.#chart?.zoom("out")}>−</button>
        <button class="zoom" title=${texts.chart.latest} aria-label=${texts.chart.latest} @click=${() => this.#chart?.showLatest()}>⇥</button>
        <span class="left figure">${this.#left(texts)}</span>
      </div>
      <div class="plot"><div class="canvas"></div>
        <truewick-chart-lines .texts=${texts} .locale=${this.locale} .instrument=${this.instrument} .quote=${this.quote}
          .position=${this.position} .lines=${this.lines} .scale=${this.scale} .oneClick=${this.oneClick}
          .change=${this.changeLine} .takeAway=${this.removeLine}></truewick-chart-lines>${this.#cover(texts)}</div>
    `;
  }

  #left(texts: Texts) {
    const { source } = this;
    const last = source?.bars.at(-1);
    if (!source || !last || source.interval === "1d") return nothing;
    const left = barTimeLeft({ openedAtMs: last[0], interval: source.interval, nowMs: this.nowMs });
    return left === null ? nothing : texts.chart.closesIn(countdown(left));
  }

  #cover(texts: Texts) {
    const { source } = this;
    if (this.failed)
      return html`<div class="cover" role="status"><p>${texts.chart.failed}</p>
      <button @click=${() => void this.#mount()}>${texts.chart.retry}</button></div>`;
    if (source?.state === "failed")
      return html`<div class="cover" role="status"><p>${texts.desk.failed}</p>
      <button @click=${() => void source.reload()}>${texts.chart.retry}</button></div>`;
    if (!source || source.state === "loading" || !this.#chart)
      return html`<div class="cover"><div class="bones" aria-hidden="true">${Array.from({ length: 12 }, () => html`<span></span>`)}</div>
        <span class="unseen">${texts.chart.loading}</span></div>`;
    if (source.bars.length === 0) return html`<div class="cover" role="status"><p>${texts.chart.empty}</p></div>`;
    return nothing;
  }

  /** After the chart's redraw: its own update is over by then. */
  #measure(): void {
    const scale = this.#chart?.priceScale() ?? null;
    const isSame = scale !== null && this.scale !== null && scaleKeys.every((key) => scale[key] === this.scale?.[key]);
    if (!isSame) this.scale = scale;
  }

  #choose(interval: Interval): void {
    this.dispatchEvent(new CustomEvent<Interval>("interval-chosen", { detail: interval }));
  }

  #follow(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = this.source?.subscribe((change) => this.#onBars(change)) ?? null;
  }

  #onBars(change: "all" | "last"): void {
    const { source } = this;
    if (change === "all") this.requestUpdate();
    if (!source || !this.#chart || source.state !== "ready") return;
    const view = `${source.instrumentId}:${source.interval}`;
    if (change === "last" && view === this.#drawn) this.#chart.updateLast(source.bars);
    else this.#chart.setBars(source.bars, source.interval, view === this.#drawn);
    this.#drawn = view;
  }

  #drawQuote(): void {
    const { quote } = this;
    const fits = quote && quote.instrument === this.source?.instrumentId;
    this.#chart?.setQuote(fits ? { bid: Number(quote.bid), ask: Number(quote.ask) } : null);
  }

  #key = "";

  async #remountIfOther(): Promise<void> {
    const key = `${this.locale}:${this.instrument?.id}`;
    if (key === this.#key || !this.#seen) return;
    this.#unmount();
    await this.#mount();
  }

  async #mount(): Promise<void> {
    if (this.#chart || this.#mounting || !this.instrument || !this.texts || !this.#seen) return;
    this.#mounting = true;
    this.failed = false;
    try {
      const { mountChart } = await import("../chart/highcharts-chart.ts");
      const { instrument, texts, canvas, source } = this;
      if (!this.isConnected || !instrument || !texts || !canvas || !source) return;
      this.#key = `${this.locale}:${instrument.id}`;
      const label = texts.chart.label(instrument.id, source.interval);
      const look = {
        ...{ label, locale: this.locale, texts: texts.chart, priceDecimals: instrument.priceDecimals },
        ...{ interval: source.interval, exchangeZone: instrument.session.zone },
      };
      this.#chart = mountChart(canvas, look, {
        needOlder: () => void source.loadOlder(),
        drawn: () => this.#measure(),
      });
      this.#resizer = new ResizeObserver(() => this.#chart?.resize());
      this.#resizer.observe(canvas);
      this.#drawn = "";
      this.#onBars("all");
      this.#drawQuote();
      this.#measure();
    } catch (error) {
      console.error("truewick-trader: the chart could not be loaded", error);
      this.failed = true;
    } finally {
      this.#mounting = false;
      this.requestUpdate();
    }
  }

  #unmount(): void {
    this.#resizer?.disconnect();
    this.#chart?.destroy();
    this.#chart = null;
    this.scale = null;
    this.#key = "";
  }
}
