import type { Options } from "highcharts";
import type { Interval, Locale } from "#contracts/names.ts";
import { isByDate, timeWords } from "../format/chart-time.ts";
import type { ChartLook } from "./chart-port.ts";

const text = "var(--truewick-text-muted)";
const line = "var(--truewick-line)";
const font = { fontSize: "12px", color: text, textOutline: "none" };

/**
 * Chart options without a single colour of Highcharts' own: its palette is variables on `:root`, which never match in a
 * shadow root (all would be black), and its style element is what a strict content policy forbids. Ours are inherited
 * custom properties, so a theme or colour culture changes without the chart being touched.
 */
export function chartOptions(
  look: ChartLook,
  shows: { readonly interval: Interval },
  on: { readonly extremes: (event: { min: number; max: number }) => void; readonly drawn: () => void },
): Options {
  return {
    palette: { injectCSS: false },
    chart: {
      animation: false,
      backgroundColor: "transparent",
      events: { render: on.drawn },
      panning: { enabled: true, type: "x" },
      spacing: [8, 8, 18, 8],
      style: { fontFamily: "inherit", fontSize: "12px" },
      // A wheel over the chart scrolls the partner's page; zooming is by buttons.
      zooming: { mouseWheel: { enabled: false }, pinchType: undefined },
    },
    accessibility: { description: look.label, landmarkVerbosity: "disabled" },
    credits: { enabled: true, style: { color: "var(--truewick-text-faint)", fontSize: "10px" } },
    legend: { enabled: false },
    navigator: { enabled: false },
    rangeSelector: { enabled: false },
    scrollbar: { enabled: false },
    title: { text: undefined },
    lang: { locale: look.locale, ...wordsOf(look.locale) },
    time: { timezone: undefined },
    tooltip: tooltipOptions(look, shows),
    xAxis: timeAxis(look, shows, on.extremes),
    yAxis: [priceAxis(look), volumeAxis()],
    plotOptions: plotOptions(),
    series: [
      { type: "candlestick", id: "price", name: look.texts.price, data: [], yAxis: 0 },
      { type: "column", id: "volume", name: look.texts.volume, data: [], yAxis: 1 },
    ],
  };
}

type Extremes = { min: number; max: number };

function timeAxis(look: ChartLook, shows: { readonly interval: Interval }, onExtremes: (event: Extremes) => void) {
  const words = timeWords(look.locale, look.exchangeZone);
  return {
    crosshair: { color: "var(--truewick-line-strong)", width: 1 },
    events: { afterSetExtremes: onExtremes },
    labels: {
      style: font,
      formatter: ({ value }: { value: number | string }) => words.axis(Number(value), shows.interval),
    },
    lineColor: line,
    minRange: 5 * 60_000,
    ordinal: true,
    overscroll: "24px",
    tickColor: line,
    gridLineWidth: 0,
    units: tickUnits(look.interval),
  };
}

type Units = [string, number[] | null][];
const dateUnits: Units = [
  ["day", [1, 2]],
  ["week", [1, 2]],
  ["month", [1, 2, 3, 6]],
  ["year", null],
];
const timeUnits: Units = [["minute", [1, 2, 5, 10, 15, 30]], ["hour", [1, 2, 3, 4, 6, 8, 12]], ...dateUnits];

/** Steps that the time axis may be marked in. */
export const tickUnits = (interval: Interval): Units => (isByDate(interval) ? dateUnits : timeUnits);

function plotOptions(): Options["plotOptions"] {
  return {
    series: {
      animation: false,
      dataGrouping: { enabled: false },
      states: { hover: { enabled: false }, inactive: { enabled: false } },
      turboThreshold: 0,
    },
    candlestick: {
      color: "var(--down)",
      lineColor: "var(--down)",
      lineWidth: 1,
      upColor: "var(--up)",
      upLineColor: "var(--up)",
      maxPointWidth: 18,
      // Own lines at bid and ask say more than a line at the last close.
      lastPrice: { enabled: false },
      lastVisiblePrice: { enabled: false },
    },
    column: {
      borderWidth: 0,
      opacity: 0.5,
      maxPointWidth: 18,
      minPointLength: 1,
      borderRadius: 0,
      pointPadding: 0.1,
      groupPadding: 0.05,
    },
  };
}

function tooltipOptions(
  { texts, priceDecimals, locale, exchangeZone }: ChartLook,
  shows: { readonly interval: Interval },
): Options["tooltip"] {
  const price = new Intl.NumberFormat(locale, {
    minimumFractionDigits: priceDecimals,
    maximumFractionDigits: priceDecimals,
  });
  const words = timeWords(locale, exchangeZone);
  return {
    animation: false,
    backgroundColor: "var(--truewick-surface-raised)",
    borderColor: "var(--truewick-line-strong)",
    borderRadius: 6,
    borderWidth: 1,
    shadow: false,
    shared: true,
    split: false,
    style: { ...font, color: "var(--truewick-text)" },
    formatter() {
      const [candle, volume] = this.points ?? [];
      const { open = 0, high = 0, low = 0, close = 0 } = (candle?.options ?? {}) as Partial<Record<string, number>>;
      const figures = [
        [texts.open, price.format(open)],
        [texts.high, price.format(high)],
        [texts.low, price.format(low)],
        [texts.close, price.format(close)],
        [texts.volume, new Intl.NumberFormat(locale).format(volume?.y ?? 0)],
      ];
      const lines = figures.map(([name, figure]) => `${name} <b>${figure}</b>`);
      return [words.bar(this.x, shows.interval), ...lines].join("<br/>");
    },
  };
}

function priceAxis({ priceDecimals, locale }: ChartLook) {
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: priceDecimals,
    maximumFractionDigits: priceDecimals,
  });
  return {
    crosshair: { color: "var(--truewick-line-strong)", width: 1, dashStyle: "Dot" as const },
    gridLineColor: line,
    height: "78%",
    labels: {
      align: "left" as const,
      x: 6,
      y: 4,
      style: font,
      formatter: ({ value }: { value: number | string }) => format.format(Number(value)),
    },
    lineWidth: 0,
    offset: 0,
    opposite: true,
    startOnTick: false,
    endOnTick: false,
    maxPadding: 0.06,
    minPadding: 0.06,
    title: { text: undefined },
  };
}

const volumeAxis = () => ({
  gridLineWidth: 0,
  height: "18%",
  top: "82%",
  labels: { enabled: false },
  lineWidth: 0,
  offset: 0,
  opposite: true,
  title: { text: undefined },
});

const chinese = {
  loading: "加载中…",
  noData: "暂无数据",
  accessibility: {
    defaultChartTitle: "K 线图",
    chartContainerLabel: "{title}，交互式图表。",
    svgContainerLabel: "交互式图表",
    graphicContainerLabel: "",
    credits: "图表由 {creditsStr} 提供",
    svgContainerTitle: "",
  },
};

const wordsOf = (locale: Locale): Options["lang"] => (locale === "zh-CN" ? chinese : {});
