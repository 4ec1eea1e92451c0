import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Locale } from "#contracts/names.ts";
import type { WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import type { PriceScale } from "../chart/chart-port.ts";
import { idle, type LineEdit, type LineEvent, nextEdit } from "../chart/line-edit.ts";
import { spreadOut, type TradeLine } from "../chart/trade-lines.ts";
import { times } from "../format/decimal.ts";
import { type LineWords, lineWords } from "../format/line-words.ts";
import { snapped, stepped } from "../format/price-line.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { chartLinesStyles } from "./chart-lines.styles.ts";

const tagHeight = 26;
/** Where a take profit or stop loss that is not there yet is proposed, in ticks from the market. */
const newLegTicks = 20n;
/** A press that moves less is a click: it moves nothing. */
const pullPx = 4;

/** What a pressed pointer holds: the line, where it was pressed, and the line's height then, which may lie beyond the plot. */
interface Grip {
  readonly line: TradeLine;
  readonly pressedY: number;
  readonly lineY: number;
}

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
  #grip: Grip | null = null;
  #wasPulled = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("lines") || !("lineId" in this.edit)) return;
    const { lineId } = this.edit;
    this.#take({ kind: "told", lineId, price: this.#stands(lineId) });
  }

  override updated(): void {
    for (const part of this.renderRoot.querySelectorAll<HTMLElement>("[data-at]")) {
      const wanted = `translateY(${part.dataset.at}px)`;
      if (part.style.transform !== wanted) part.style.transform = wanted;
    }
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
    const { position, quote, locale } = this;
    const words = lineWords(line, this.#priceOf(line), { texts, locale, instrument, position, quote });
    const beyond = isIn ? "" : at.rule < scale.top ? "▲ " : "▼ ";
    return html`${isIn ? html`<div class="rule ${look}" data-at=${at.rule}></div>` : nothing}
      <div class="tag ${look}" data-at=${at.tag - tagHeight / 2} data-line=${line.kind} data-id=${line.id}>
        ${isFixed ? this.#fixed(words, beyond) : this.#slider(line, words, beyond, texts)}
        ${isMine && this.edit.kind === "proposed" ? this.#chip(words, texts) : isFixed ? this.#adders(line, texts) : this.#remover(line, words, texts)}
      </div>`;
  }

  #slider(line: TradeLine, { name, price, means, look }: LineWords, beyond: string, texts: Texts) {
    const isSending = this.edit.kind === "sending" && this.edit.lineId === line.id;
    return html`<span class="grip" role="slider" tabindex="0" aria-orientation="vertical" title=${texts.orders.lineHelp}
        aria-label=${name} aria-valuemin="0" aria-valuemax=${farthest(line)}
        aria-valuenow=${Number(this.#priceOf(line))} aria-valuetext="${price}, ${means}" aria-busy=${isSending}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event, line)}
        @pointerdown=${(event: PointerEvent) => this.#onPress(event, line)} @pointermove=${this.#onMove}
        @pointerup=${this.#onRelease} @pointercancel=${this.#onCancel}><span class="what">${beyond}${name}</span>
        <b class="figure">${price}</b> <span class="figure means ${look}">${isSending ? texts.orders.sending : means}</span></span>`;
  }

  #fixed({ name, price, means, look }: LineWords, beyond: string) {
    return html`<span class="held"><span class="what">${beyond}${name}</span>
      <b class="figure">${price}</b> <span class="figure means ${look}">${means}</span></span>`;
  }

  #chip({ name, price, means }: LineWords, texts: Texts) {
    return html`<button class="primary" data-do="send" aria-label="${texts.orders.send} ${name} ${price}, ${means}"
        @click=${() => this.#take({ kind: "confirm" })}>${texts.orders.send}</button>
      <button aria-label=${texts.ticket.cancel} data-do="back" @click=${() => this.#take({ kind: "cancel" })}>✕</button>`;
  }

  #remover(line: TradeLine, { name }: LineWords, texts: Texts) {
    const words = "order" in line.of ? texts.orders.cancelOrder(name) : texts.orders.remove(name);
    return html`<button class="plain" aria-label=${words} data-do="remove" @click=${() => this.takeAway(line)}>✕</button>`;
  }

  /** Buttons to pull the legs that the position does not have; a click proposes one at its usual distance. */
  #adders(line: TradeLine, texts: Texts) {
    return (["takeProfit", "stopLoss"] as const).map((kind) => {
      const leg = { ...line, id: line.id.replace(":average", `:${kind}`), kind };
      const isPulled = this.edit.kind === "dragging" && this.edit.lineId === leg.id;
      if (!isPulled && this.#shown().some((one) => one.id === leg.id)) return nothing;
      // A button that goes while it is pulled takes the pointer with it: it stays until the leg is let go.
      return html`<button data-do="add-${kind}" class="add" aria-label=${texts.orders.add(texts.orders.fields[kind])}
        @pointerdown=${(event: PointerEvent) => this.#onPress(event, leg)} @pointermove=${this.#onMove}
        @pointerup=${this.#onRelease} @pointercancel=${this.#onCancel}
        @click=${() => this.#wasPulled || void this.#propose(leg)}>+ ${texts.orders.fields[kind]}</button>`;
    });
  }

  async #propose(leg: TradeLine): Promise<void> {
    const { quote, instrument } = this;
    if (!quote || !instrument) return;
    const isUp = (leg.side === "sell") === (leg.kind === "takeProfit");
    const market = leg.side === "sell" ? quote.bid : quote.ask;
    const to = (price: string): string => stepped(price, isUp ? newLegTicks : -newLegTicks, instrument);
    this.#take({ kind: "step", lineId: leg.id, stands: null, shown: market, to });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-id="${leg.id}"] [role=slider]`)?.focus();
  }

  /** What the server last told of a line; null: it has no such line. */
  #stands(lineId: string): string | null {
    return this.lines.find((line) => line.id === lineId)?.price ?? null;
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

  #yOf(price: string, scale: PriceScale): number {
    const share = (scale.max - Number(price)) / (scale.max - scale.min);
    return scale.top + share * (scale.bottom - scale.top);
  }

  #onPress(event: PointerEvent, line: TradeLine): void {
    const { scale } = this;
    const handle = event.currentTarget as HTMLElement;
    if (event.button !== 0 || !event.isPrimary || !scale || this.edit.kind === "sending") return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    this.#wasPulled = false;
    this.#grip = { line, pressedY: event.clientY, lineY: this.#yOf(this.#priceOf(line), scale) };
  }

  #onMove = (event: PointerEvent): void => {
    const { scale, instrument } = this;
    const grip = this.#grip;
    if (!grip || !scale || !instrument) return;
    const movedPx = event.clientY - grip.pressedY;
    if (!this.#wasPulled && Math.abs(movedPx) < pullPx) return;
    if (!this.#wasPulled) {
      this.#wasPulled = true;
      const { id: lineId } = grip.line;
      this.#take({ kind: "grab", lineId, stands: this.#stands(lineId), price: this.#priceOf(grip.line) });
    }
    const share = (grip.lineY + movedPx - scale.top) / (scale.bottom - scale.top);
    this.#take({ kind: "drag", price: snapped(scale.max - share * (scale.max - scale.min), instrument) });
  };

  #onRelease = (): void => {
    if (!this.#grip) return;
    this.#grip = null;
    if (this.#wasPulled) this.#take({ kind: "release", atOnce: this.oneClick });
  };

  #onCancel = (): void => {
    this.#grip = null;
    this.#take({ kind: "cancel" });
  };

  #onKey(event: KeyboardEvent, line: TradeLine): void {
    const { instrument } = this;
    const { key } = event;
    const step = key === "ArrowUp" ? 1n : key === "ArrowDown" ? -1n : null;
    const isRemoval = key === "Delete" || key === "Backspace";
    if (!instrument || (step === null && !isRemoval && key !== "Enter" && key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    if (step !== null) {
      const ticks = event.shiftKey ? 10n * step : step;
      const to = (price: string): string => stepped(price, ticks, instrument);
      this.#take({ kind: "step", lineId: line.id, stands: this.#stands(line.id), shown: line.price, to });
    } else if (key === "Enter") this.#take({ kind: "confirm" });
    else if (isRemoval && this.#stands(line.id) !== null) this.takeAway(line);
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
    const refusal = await this.change(line, price);
    this.#take({ kind: "answered", lineId: line.id, refusal });
  }
}

/** A slider needs an end: twice the price where it stands. */
const farthest = (line: TradeLine): string => times(line.price, 2n);
