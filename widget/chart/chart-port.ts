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

/** What the widget needs of a chart, whatever draws it. Prices are numbers here and only here: they place pixels. */
export interface ChartPort {
  /** Draws these bars in place of all others. `keepView` leaves the window on the same candles (older ones came). */
  readonly setBars: (bars: readonly WireBar[], interval: Interval, keepView: boolean) => void;
  /** The newest bar changed or a new one began; `bars` is the whole list. */
  readonly updateLast: (bars: readonly WireBar[]) => void;
  /** Lines at bid and ask; null takes them away. */
  readonly setQuote: (quote: { readonly bid: number; readonly ask: number } | null) => void;
  readonly zoom: (direction: "in" | "out") => void;
  readonly showLatest: () => void;
  /** The container has another size. */
  readonly resize: () => void;
  readonly destroy: () => void;
}

export type MountChart = (container: HTMLElement, look: ChartLook, on: { readonly needOlder: () => void }) => ChartPort;
