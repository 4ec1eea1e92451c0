import type { Interval, Locale } from "#contracts/names.ts";
import type { WireBar } from "#contracts/trading-api.ts";
import type { Texts } from "../i18n/texts.ts";

export interface ChartLook {
  readonly label: string;
  readonly locale: Locale;
  readonly texts: Texts["chart"];
  readonly priceDecimals: number;
  /** Of the bars to come first. */
  readonly interval: Interval;
  /** IANA name of the exchange's zone: a day is a trade date there. */
  readonly exchangeZone: string;
}

/** Where prices lie in the container, in its pixels from above and from the left. */
export interface PriceScale {
  readonly min: number;
  readonly max: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Of the container. */
  readonly width: number;
}

export interface ChartEvents {
  readonly needOlder: () => void;
  /** Drawn anew: prices may lie elsewhere. */
  readonly drawn: () => void;
}

/** What the widget needs of a chart, whatever draws it. Prices are numbers here and only here: they place pixels. */
export interface ChartPort {
  /** Draws these bars in place of all others. `keepView` leaves the window on the same candles (older ones came). */
  readonly setBars: (bars: readonly WireBar[], interval: Interval, keepView: boolean) => void;
  /** The newest bar changed or a new one began; `bars` is the whole list. */
  readonly updateLast: (bars: readonly WireBar[]) => void;
  /** Lines at bid and ask; null takes them away. */
  readonly setQuote: (quote: { readonly bid: number; readonly ask: number } | null) => void;
  /** Where prices lie now; null before there are any. */
  readonly priceScale: () => PriceScale | null;
  readonly zoom: (direction: "in" | "out") => void;
  readonly showLatest: () => void;
  /** The container has another size. */
  readonly resize: () => void;
  readonly destroy: () => void;
}

export type MountChart = (container: HTMLElement, look: ChartLook, on: ChartEvents) => ChartPort;
