import type { Axis, Chart, Point, PointOptionsObject, Series } from "highcharts";
import Highcharts from "highcharts/esm/highstock.js";
import "highcharts/esm/modules/accessibility.js";
import type { Interval } from "#contracts/names.ts";
import type { WireBar } from "#contracts/trading-api.ts";
import { isByDate } from "../format/chart-time.ts";
import type { ChartEvents, ChartLook, ChartPort, MountChart, PriceScale } from "./chart-port.ts";
import { chartOptions, tickUnits } from "./highcharts-options.ts";
import { PriceTags } from "./price-tags.ts";

const barsShown = 90;
const barsShownMin = 15;
/** Older bars are asked for when fewer than this many are left of the window. */
const olderMargin = 20;

export const mountChart: MountChart = (container, look, on) => new HighchartsChart(container, look, on);

/** Candles and volume by Highcharts Stock: the only file that knows it. */
class HighchartsChart implements ChartPort {
  readonly #chart: Chart;
  readonly #needOlder: () => void;
  readonly #look: ChartLook;
  #bars: readonly WireBar[] = [];
  /** Bars that are in the chart; the list is shared with its owner and may have grown since. */
  #drawn = 0;
  /** Width of the window in bars, as chosen; what the axis reports is narrower by the overscroll. */
  #shown = barsShown;
  #frame = 0;
  readonly #tags: PriceTags;
  /** Read by the texts of axis and tooltip. */
  readonly #shows: { interval: Interval };

  constructor(container: HTMLElement, look: ChartLook, on: ChartEvents) {
    this.#needOlder = on.needOlder;
    this.#look = look;
    this.#shows = { interval: look.interval };
    this.#chart = Highcharts.stockChart(
      container,
      chartOptions(look, this.#shows, {
        extremes: ({ min }) => this.#onExtremes(min),
        drawn: () => {
          this.#tags?.place();
          on.drawn();
        },
      }),
    );
    this.#tags = new PriceTags(this.#chart, this.#written);
  }

  setBars(bars: readonly WireBar[], interval: Interval, keepView: boolean): void {
    if (isByDate(interval) !== isByDate(this.#shows.interval)) this.#axis.update({ units: tickUnits(interval) }, false);
    this.#shows.interval = interval;
    const { min, max } = this.#axis.getExtremes();
    const isFirst = this.#drawn === 0;
    this.#bars = bars;
    this.#drawn = bars.length;
    this.#price.setData(bars.map(candleOf), false, false, false);
    this.#volume.setData(bars.map(volumeOf), false, false, false);
    if (keepView && !isFirst && min !== undefined && max !== undefined) this.#axis.setExtremes(min, max, false, false);
    else this.#toLatest();
    this.#draw();
  }

  updateLast(bars: readonly WireBar[]): void {
    const following = this.#showsLast();
    const grown = bars.length - this.#drawn;
    if (grown < 0 || bars.length === 0) {
      this.setBars(bars, this.#shows.interval, true);
      return;
    }
    // The last entries of the data, not of `points`: those end at the last candle in view. The one before the newest may
    // have been closed by the same message.
    for (const back of [2, 1]) this.#update(bars[this.#drawn - back], this.#drawn - back);
    this.#bars = bars;
    this.#drawn = bars.length;
    if (grown > 0) {
      for (const bar of bars.slice(-grown)) {
        this.#price.addPoint(candleOf(bar), false, false, false);
        this.#volume.addPoint(volumeOf(bar), false, false, false);
      }
      if (following) this.#toLatest();
    }
    this.#draw();
  }

  setQuote(quote: { readonly bid: number; readonly ask: number } | null): void {
    this.#tags.show(quote);
  }

  priceScale(): PriceScale | null {
    const [axis] = this.#chart.yAxis as (Axis & { readonly top: number; readonly height: number })[];
    if (!axis) return null;
    const { min, max } = axis.getExtremes();
    if (min === undefined || max === undefined || !(max > min)) return null;
    const { plotLeft: left, plotWidth, chartWidth: width } = this.#chart;
    return { min, max, top: axis.top, bottom: axis.top + axis.height, left, right: left + plotWidth, width };
  }

  zoom(direction: "in" | "out"): void {
    const wanted = Math.round(this.#shown * (direction === "in" ? 0.7 : 1.4));
    this.#shown = Math.min(Math.max(barsShownMin, wanted), Math.max(barsShownMin, this.#drawn));
    this.#showUpTo(this.#lastInView());
    this.#draw();
  }

  showLatest(): void {
    this.#toLatest();
    this.#draw();
  }

  resize(): void {
    this.#chart.reflow();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#chart.destroy();
  }

  get #axis(): Axis {
    return first(this.#chart.xAxis, "x axis");
  }

  get #price(): Series {
    return first(this.#chart.series, "price series");
  }

  get #volume(): Series {
    return first(this.#chart.series.slice(1), "volume series");
  }

  /** One redraw an animation frame, however many prices came. */
  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#chart.redraw(false);
    });
  }

  #onExtremes(min: number): void {
    const edge = this.#bars[olderMargin];
    if (edge && min <= edge[0]) this.#needOlder();
  }

  #toLatest(): void {
    this.#showUpTo(this.#drawn - 1);
  }

  #showUpTo(at: number): void {
    const from = this.#bars[Math.max(0, at - this.#shown + 1)];
    const last = this.#bars[at];
    if (from && last) this.#axis.setExtremes(from[0], last[0], false, false);
  }

  #showsLast(): boolean {
    const { max } = this.#axis.getExtremes();
    const last = this.#bars[this.#drawn - 1];
    return last === undefined || max === undefined || max >= last[0];
  }

  #lastInView(): number {
    const { max } = this.#axis.getExtremes();
    const bars = this.#bars.slice(0, this.#drawn);
    const at = bars.findLastIndex((bar) => bar[0] <= (max ?? Number.POSITIVE_INFINITY));
    return at < 0 ? this.#drawn - 1 : at;
  }

  #update(bar: WireBar | undefined, at: number): void {
    if (!bar) return;
    update(this.#price.data[at], bar[0], candleOf(bar));
    update(this.#volume.data[at], bar[0], volumeOf(bar));
  }

  #written = (value: number): string =>
    new Intl.NumberFormat(this.#look.locale, {
      minimumFractionDigits: this.#look.priceDecimals,
      maximumFractionDigits: this.#look.priceDecimals,
    }).format(value);
}

function update(point: Point | undefined, openedAtMs: number, options: PointOptionsObject): void {
  // A candle out of view may have no point object; it is drawn from the data when it comes into view.
  if (point && point.x === openedAtMs) point.update(options, false, false);
}

const candleOf = ([x, open, high, low, close]: WireBar) => ({ x, open, high, low, close });

const volumeOf = ([x, open, , , close, y]: WireBar) => ({
  x,
  y,
  color: close >= open ? "var(--up)" : "var(--down)",
});

function first<Item>(items: readonly Item[], name: string): Item {
  const [item] = items;
  if (item === undefined) throw new Error(`the chart has no ${name}`);
  return item;
}
