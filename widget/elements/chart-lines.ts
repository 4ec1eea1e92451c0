import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Locale } from "#contracts/names.ts";
import type { WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import type { PriceScale } from "../chart/chart-port.ts";
import { idle, type LineEdit, type LineEvent, nextEdit } from "../chart/line-edit.ts";
import { meaningOf, spreadOut, type TradeLine } from "../chart/trade-lines.ts";
import { directionOf, grouped, money, signedMoney } from "../format/numbers.ts";
import { snapped, stepped } from "../format/price-line.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { chartLinesStyles } from "./chart-lines.styles.ts";

const tagHeight = 26;
/** Where a take profit or stop loss that is not there yet is proposed, in ticks from the market. */
const newLegTicks = 20n;

/**
 * Lines of positions and waiting orders over the chart, moved by pointer or keys: each is a slider whose value is its price
 * and what that means in money. Nothing is drawn by the chart's library, so a redraw of candles never touches them.
 */
export class TruewickChartLines extends LitElement {
  static override styles = [base, chartLinesStyles];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) instrument: WireInstrument | undefined;
  @property({ attribute: false }) quote: WireQuote | undefined;
  @property({ attribute: false }) position: WirePosition | undefined;
  @property({ attribute: false }) lines: readonly TradeLine[] = [];
  @property({ attribute: false }) scale: PriceScale | null = null;
  @property({ attribute: false }) oneClick = false;
  /** Sends a line's new price; the reason when it is refused, null when it is taken. */
  @property({ attribute: false }) change: (line: TradeLine, price: string) => Promise<string | null> = async () => null;
  /** Cancels the order, or takes the leg away. */
  @property({ attribute: false }) takeAway: (line: TradeLine) => void = () => {};
  @state() private edit: LineEdit = idle;
  #grip: { readonly y: number; readonly price: string } | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("lines") || !("lineId" in this.edit)) return;
    const { lineId } = this.edit;
    if (!this.#shown().some((line) => line.id === lineId)) this.#take({ kind: "gone", lineId });
  }

  override updated(): void {
    for (const part of this.renderRoot.querySelectorAll<HTMLElement>("[data-at]"))
      part.style.transform = `translateY(${part.dataset.at}px)`;
    const { scale } = this;
    if (!scale) return;
    this.style.setProperty("--plot-left", `${scale.left}px`);
    this.style.setProperty("--plot-right", `${scale.width - scale.right}px`);
  }

  override render() {
    const { texts, scale, instrument } = this;
    if (!texts || !scale || !instrument) return nothing;
    const lines = this.#shown();
    const at = lines.map((line) => this.#yOf(this.#priceOf(line), scale));
    const tags = spreadOut(at, { height: tagHeight, top: scale.top, bottom: scale.bottom });
    return html`${repeat(
      lines,
      (line) => line.id,
      (line, index) => this.#line(line, { rule: at[index] ?? 0, tag: tags[index] ?? 0 }, texts, instrument, scale),
    )}
    <div class="refused" role="alert">${this.edit.kind === "refused" ? html`<p>✕ ${this.edit.reason}</p>` : nothing}</div>`;
  }

  #line(
    line: TradeLine,
    at: { rule: number; tag: number },
    texts: Texts,
    instrument: WireInstrument,
    scale: PriceScale,
  ) {
    const isIn = at.rule >= scale.top && at.rule <= scale.bottom;
    const isMine = "lineId" in this.edit && this.edit.lineId === line.id;
    const look = `${line.kind} ${line.side} ${isMine ? this.edit.kind : ""}`;
    const isFixed = line.kind === "average";
    return html`${
      isIn
        ? html`<div class="rule ${look}" data-at=${at.rule} @pointerdown=${isFixed ? nothing : (event: PointerEvent) => this.#onGrab(event, line)}
        @pointermove=${this.#onMove} @pointerup=${this.#onRelease} @pointercancel=${this.#onCancel}></div>`
        : nothing
    }
      <div class="tag ${look}" data-at=${at.tag - tagHeight / 2} data-line=${line.kind}>
        ${isFixed ? this.#fixed(line, texts) : this.#slider(line, texts, instrument)}
        ${isMine && this.edit.kind === "proposed" ? this.#chip(texts) : isFixed ? this.#adders(line, texts) : this.#remover(line, texts)}
      </div>`;
  }

  #slider(line: TradeLine, texts: Texts, instrument: WireInstrument) {
    const price = this.#priceOf(line);
    const written = grouped(price, this.locale, instrument.priceDecimals);
    const [words, look] = this.#meaning(line, price, texts);
    const isSending = this.edit.kind === "sending" && this.edit.lineId === line.id;
    return html`<span class="grip" role="slider" tabindex="0" aria-orientation="vertical" title=${texts.orders.lineHelp}
        aria-label=${this.#name(line, texts)} aria-valuenow=${Number(price)} aria-valuetext="${written}, ${words}"
        aria-busy=${isSending} @keydown=${(event: KeyboardEvent) => this.#onKey(event, line)}
        @pointerdown=${(event: PointerEvent) => this.#onGrab(event, line)} @pointermove=${this.#onMove}
        @pointerup=${this.#onRelease} @pointercancel=${this.#onCancel}><span class="what">${this.#name(line, texts)}</span>
        <b class="figure">${written}</b> <span class="figure means ${look}">${isSending ? texts.orders.sending : words}</span></span>`;
  }

  #fixed(line: TradeLine, texts: Texts) {
    return html`<span class="held"><span class="what">${this.#name(line, texts)}</span>
      <b class="figure">${grouped(line.price, this.locale)}</b></span>`;
  }

  #chip(texts: Texts) {
    return html`<button class="primary" data-do="send" @click=${() => this.#take({ kind: "confirm" })}>${texts.orders.send}</button>
      <button aria-label=${texts.ticket.cancel} data-do="back" @click=${() => this.#take({ kind: "cancel" })}>✕</button>`;
  }

  #remover(line: TradeLine, texts: Texts) {
    const name = this.#name(line, texts);
    const words = "order" in line.of ? texts.orders.cancelOrder(name) : texts.orders.remove(name);
    return html`<button class="plain" aria-label=${words} data-do="remove" @click=${() => this.takeAway(line)}>✕</button>`;
  }

  /** Buttons that propose the legs which the position does not have. */
  #adders(line: TradeLine, texts: Texts) {
    const kinds = (["takeProfit", "stopLoss"] as const).filter((kind) => !this.#has(line, kind));
    return kinds.map(
      (kind) => html`<button data-do="add-${kind}" aria-label=${texts.orders.add(texts.orders.fields[kind])}
        @click=${() => void this.#propose(line, kind)}>+ ${texts.orders.fields[kind]}</button>`,
    );
  }

  #has = (line: TradeLine, kind: "takeProfit" | "stopLoss"): boolean =>
    this.#shown().some((one) => one.id === line.id.replace(":average", `:${kind}`));

  async #propose(line: TradeLine, kind: "takeProfit" | "stopLoss"): Promise<void> {
    const { quote, instrument } = this;
    if (!quote || !instrument) return;
    const isUp = (line.side === "sell") === (kind === "takeProfit");
    const market = line.side === "sell" ? quote.bid : quote.ask;
    const to = (price: string): string => stepped(price, isUp ? newLegTicks : -newLegTicks, instrument);
    this.#take({ kind: "step", lineId: line.id.replace(":average", `:${kind}`), shown: market, to });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-line=${kind}] [role=slider]`)?.focus();
  }

  /** The lines there are, and the one that is only proposed yet. */
  #shown(): readonly TradeLine[] {
    const { edit, lines } = this;
    if (!("lineId" in edit) || !("price" in edit) || lines.some((line) => line.id === edit.lineId)) return lines;
    const held = lines.find((line) => line.kind === "average" && edit.lineId.startsWith(line.id.split(":")[0] ?? ""));
    const kind = edit.lineId.endsWith(":takeProfit") ? "takeProfit" : "stopLoss";
    return held ? [...lines, { ...held, id: edit.lineId, kind, price: edit.price }] : lines;
  }

  #priceOf(line: TradeLine): string {
    return "price" in this.edit && this.edit.lineId === line.id ? this.edit.price : line.price;
  }

  #name({ kind, side, lots }: TradeLine, texts: Texts): string {
    const { orders } = texts;
    const what =
      kind === "average"
        ? orders.average
        : kind === "takeProfit" || kind === "stopLoss"
          ? orders.fields[kind]
          : `${texts.sides[side]} ${orders.types[kind].toLowerCase()}`;
    return orders.line(what, grouped(lots, this.locale));
  }

  #meaning(line: TradeLine, price: string, texts: Texts): readonly [words: string, look: string] {
    const { instrument, position, quote, locale } = this;
    if (!instrument) return ["", ""];
    const market = quote ? (line.side === "buy" ? quote.ask : quote.bid) : null;
    const meaning = meaningOf(line, price, { instrument, position, market });
    if (meaning === null) return ["", ""];
    const distance = texts.ticket.ticks(grouped(meaning.ticks.toString(), locale));
    if (meaning.isProfit)
      return [`${signedMoney(meaning.money, instrument.currency, locale)} · ${distance}`, directionOf(meaning.money)];
    return [texts.orders.fromMarket(money(meaning.money, instrument.currency, locale), distance), ""];
  }

  #yOf(price: string, scale: PriceScale): number {
    const share = (scale.max - Number(price)) / (scale.max - scale.min);
    return scale.top + share * (scale.bottom - scale.top);
  }

  #onGrab(event: PointerEvent, line: TradeLine): void {
    if (event.button !== 0 || this.edit.kind === "sending") return;
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.renderRoot
      .querySelector<HTMLElement>(`[data-line=${line.kind}] [role=slider]`)
      ?.focus({ preventScroll: true });
    const price = this.#priceOf(line);
    this.#grip = { y: event.clientY, price };
    this.#take({ kind: "grab", lineId: line.id, price: line.price });
  }

  #onMove = (event: PointerEvent): void => {
    const { scale, instrument } = this;
    if (!this.#grip || !scale || !instrument || this.edit.kind !== "dragging") return;
    const perPixel = (scale.max - scale.min) / (scale.bottom - scale.top);
    const place = Number(this.#grip.price) + (this.#grip.y - event.clientY) * perPixel;
    this.#take({ kind: "drag", price: snapped(place, instrument) });
  };

  #onRelease = (): void => {
    if (!this.#grip) return;
    this.#grip = null;
    this.#take({ kind: "release", atOnce: this.oneClick });
  };

  #onCancel = (): void => {
    this.#grip = null;
    this.#take({ kind: "cancel" });
  };

  #onKey(event: KeyboardEvent, line: TradeLine): void {
    const { instrument } = this;
    const step = event.key === "ArrowUp" ? 1n : event.key === "ArrowDown" ? -1n : null;
    if (!instrument || (step === null && event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step !== null) {
      const ticks = event.shiftKey ? 10n * step : step;
      const to = (price: string): string => stepped(price, ticks, instrument);
      this.#take({ kind: "step", lineId: line.id, shown: line.price, to });
    } else if (event.key === "Enter") this.#take({ kind: "confirm" });
    else this.#onCancel();
  }

  #take(event: LineEvent): void {
    const shown = this.#shown();
    const { edit, send } = nextEdit(this.edit, event);
    this.edit = edit;
    const line = send && shown.find((one) => one.id === send.lineId);
    if (line && send) void this.#send(line, send.price);
  }

  async #send(line: TradeLine, price: string): Promise<void> {
    this.#take({ kind: "answered", refusal: await this.change(line, price) });
  }
}
