import type { Axis, AxisPlotLinesOptions, Chart, SVGElement as Drawn } from "highcharts";

/** What an axis can do with lines; Highcharts' own types leave it out. */
interface PlotLine {
  readonly options: AxisPlotLinesOptions;
  readonly render: () => void;
}
interface LineAxis extends Axis {
  readonly addPlotLine: (options: AxisPlotLinesOptions) => PlotLine | undefined;
}

interface Tag {
  readonly line: PlotLine;
  readonly label: Drawn;
}

const heightPx = 18;
const colours = { bid: "var(--truewick-sell)", ask: "var(--truewick-buy)" } as const;

/**
 * Lines at bid and ask with their prices beside the axis, off the candles. Where the two prices are nearer than their texts are
 * high, the ask stands above the bid, around the middle of both.
 */
export class PriceTags {
  readonly #chart: Chart;
  readonly #write: (price: number) => string;
  #quote: { readonly bid: number; readonly ask: number } | null = null;
  #tags: Readonly<Record<"bid" | "ask", Tag>> | null = null;

  constructor(chart: Chart, write: (price: number) => string) {
    this.#chart = chart;
    this.#write = write;
  }

  show(quote: { readonly bid: number; readonly ask: number } | null): void {
    this.#quote = quote;
    if (quote) this.#tags ??= { bid: this.#tag("bid", quote.bid), ask: this.#tag("ask", quote.ask) };
    this.place();
  }

  /** Puts them where their prices are now: after a new price, another scale or another size. */
  place(): void {
    const tags = this.#tags;
    if (!tags) return;
    const centres = this.#quote && this.#centres(this.#quote);
    for (const side of ["bid", "ask"] as const) {
      const { line, label } = tags[side];
      const value = this.#quote?.[side];
      if (!centres || value === undefined) {
        label.hide();
        continue;
      }
      if (line.options.value !== value) {
        line.options.value = value;
        line.render();
      }
      label.attr({ text: this.#write(value) });
      label.attr({ x: this.#chart.plotLeft + this.#chart.plotWidth + 2, y: centres[side] - heightPx / 2 });
      label.show();
    }
  }

  /** Null where a price is out of the part that is shown. */
  #centres({ bid, ask }: { readonly bid: number; readonly ask: number }): Record<"bid" | "ask", number> | null {
    const { min, max } = this.#axis.getExtremes();
    if (min === undefined || max === undefined || bid < min || ask > max) return null;
    const [low, high] = [this.#axis.toPixels(bid, false), this.#axis.toPixels(ask, false)];
    if (low - high >= heightPx) return { bid: low, ask: high };
    const middle = (low + high) / 2;
    return { bid: middle + heightPx / 2, ask: middle - heightPx / 2 };
  }

  get #axis(): LineAxis {
    const [axis] = this.#chart.yAxis;
    if (!axis) throw new Error("the chart has no price axis");
    return axis as LineAxis;
  }

  #tag(side: "bid" | "ask", value: number): Tag {
    const color = colours[side];
    const line = this.#axis.addPlotLine({ id: side, value, color, width: 1, dashStyle: "Dash", zIndex: 4 });
    if (!line) throw new Error("the chart takes no line");
    const label = this.#chart.renderer
      .label(this.#write(value), 0, 0)
      .attr({ fill: color, r: 3, padding: 2, height: heightPx - 4, zIndex: 8 })
      .css({ color: "var(--truewick-side-text)", fontSize: "11px", fontWeight: "600" })
      .add();
    label.addClass(`truewick-${side}-tag`);
    return { line, label };
  }
}
