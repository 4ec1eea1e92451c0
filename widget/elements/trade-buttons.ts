import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { Locale, Side } from "#contracts/names.ts";
import type { WireInstrument, WireOrder, WireQuote } from "#contracts/trading-api.ts";
import type { OrderLife, Prepared } from "../controllers/ticket.ts";
import { grouped } from "../format/numbers.ts";
import { marketDraft, needsLimit, type OrderDraft } from "../format/order-draft.ts";
import { typedPrice } from "../format/price-line.ts";
import { refusalText, rejectionText } from "../i18n/refusal-text.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { tradeButtonsStyles } from "./trade-buttons.styles.ts";

export interface Press {
  readonly side: Side;
  /** The price the trader saw when the press began. */
  readonly quotedPrice: string;
}

/**
 * The two side buttons and the line above them that tells what is prepared, how the order goes, or why none can be sent.
 * The buttons keep their place: confirm and cancel take the places of the two sides.
 * @fires side-pressed - detail: Press
 * @fires cancelled
 * @fires take-over - trade here again, though other windows are open
 */
export class TruewickTradeButtons extends LitElement {
  static override styles = [base, tradeButtonsStyles];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) instrument: WireInstrument | undefined;
  @property({ attribute: false }) instruments: readonly WireInstrument[] = [];
  @property({ attribute: false }) quote: WireQuote | undefined;
  @property({ attribute: false }) draft: OrderDraft = marketDraft;
  @property({ attribute: false }) lots = 1n;
  @property({ attribute: false }) currency = "";
  @property({ attribute: false }) prepared: Prepared | null = null;
  @property({ attribute: false }) life: OrderLife | null = null;
  /** Why a side can't be sent now; null when it can. */
  @property({ attribute: false }) blocked: Readonly<Record<Side, string | null>> = { buy: null, sell: null };
  /** The server cut this window's connection because newer ones were opened. */
  @property({ attribute: false }) displaced = false;
  #pressed: Press | null = null;

  /** Puts the keyboard on the button that confirms. */
  async focusConfirm(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLButtonElement>("button.confirm")?.focus();
  }

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    return html`<div class="status" role="alert" aria-atomic="true" id="why">${this.#status(texts)}</div>
      <div class="pair">${this.#button("sell", texts)}${this.#button("buy", texts)}</div>`;
  }

  #button(side: Side, texts: Texts) {
    const prepared = this.prepared?.kind === "order" ? this.prepared.side : null;
    if (prepared !== null && prepared !== side)
      return html`<button class="cancel" @click=${this.#cancel}>${texts.ticket.cancel}</button>`;
    const price = this.#priceOf(side);
    const written = price ? grouped(price, this.locale, this.instrument?.priceDecimals) : "–";
    const lots = grouped(this.lots.toString(), this.locale);
    const isBlocked = this.blocked[side] !== null;
    const words =
      prepared === side
        ? texts.ticket.confirmSide(this.#action(side, texts), lots)
        : `${this.#action(side, texts)} ${lots}`;
    return html`<button class="${side} ${prepared === side ? "confirm" : ""}" aria-disabled=${isBlocked} aria-describedby="why"
      @pointerdown=${() => this.#hold(side, price)} @click=${() => this.#press(side, price)}>
      ${words} <span class="price figure">${written}</span></button>`;
  }

  /** "Buy", or "Buy limit" for an order with a price of its own. */
  #action(side: Side, texts: Texts): string {
    const { type } = this.draft;
    return type === "market" ? texts.sides[side] : `${texts.sides[side]} ${texts.orders.types[type].toLowerCase()}`;
  }

  /** The market's price of a side, or the order's own. */
  #priceOf(side: Side): string | undefined {
    const { draft, quote, instrument } = this;
    if (draft.type === "market" || !instrument) return side === "sell" ? quote?.bid : quote?.ask;
    const typed = needsLimit(draft.type) ? draft.limitPrice : draft.stopPrice;
    return typedPrice(typed, instrument) ?? undefined;
  }

  #status(texts: Texts): TemplateResult | typeof nothing {
    const { prepared, life } = this;
    if (prepared?.kind === "order") return html`<p>${this.#review(prepared.side, texts)}</p>`;
    const isUnderWay = life?.kind === "placing" || (life?.kind === "accepted" && life.order.state !== "working");
    if (this.displaced && !isUnderWay)
      return html`<p class="wait">⚠ ${texts.blocked.displaced}
        <button class="again" @click=${this.#takeOver}>${texts.blocked.takeOver}</button></p>`;
    if (life) return this.#life(life, texts);
    const why = this.blocked.buy ?? this.blocked.sell;
    return why === null ? nothing : html`<p class="wait">⚠ ${why}</p>`;
  }

  #review(side: Side, texts: Texts): string {
    const { instrument, quote, locale } = this;
    if (!instrument || !quote) return texts.blocked.noQuote;
    const price = grouped(this.#priceOf(side) ?? quote.bid, locale, instrument.priceDecimals);
    return texts.ticket.reviewSide(
      this.#action(side, texts),
      grouped(this.lots.toString(), locale),
      instrument.id,
      price,
    );
  }

  #life(life: OrderLife, texts: Texts): TemplateResult {
    switch (life.kind) {
      case "placing":
        return html`<p>◌ ${texts.life.placing}</p>`;
      case "accepted":
        return this.#accepted(life.order, texts);
      case "vetoed":
        return html`<p class="wait">⚠ ${texts.life.vetoed}</p>`;
      case "unknown":
        return html`<p class="no">⚠ ${texts.life.unknown}</p>`;
      case "refused":
        return html`<p class="no">✕ ${refusalText({ ...life.answer, ...this.#about(life.instrumentId) }, this.locale)}</p>`;
      case "ended":
        return this.#ended(life, texts);
    }
  }

  #accepted(order: WireOrder, texts: Texts): TemplateResult {
    if (order.state !== "working") return html`<p>◌ ${texts.life.accepted}</p>`;
    const price = grouped(order.stopPrice ?? order.limitPrice ?? "0", this.locale);
    return html`<p class="ok">✓ ${texts.orders.waits(texts.orders.types[order.type], price)}</p>`;
  }

  #ended({ order, tookMs }: Extract<OrderLife, { kind: "ended" }>, texts: Texts): TemplateResult {
    if (order.state !== "filled" || order.averageFillPrice === null) {
      const about = { code: order.rejectionCode ?? order.cancelCode ?? order.state, ...this.#about(order.instrument) };
      return html`<p class="no">✕ ${rejectionText(about, this.locale)}</p>`;
    }
    const price = grouped(order.averageFillPrice, this.locale);
    const words = texts.life.filled(
      grouped(order.filledLots, this.locale),
      price,
      grouped(String(tookMs), this.locale),
    );
    return html`<p class="ok">✓ ${words}</p>`;
  }

  #about(instrumentId: string) {
    const instrument = this.instruments.find((one) => one.id === instrumentId);
    return { instrumentId, instrument, currency: this.currency };
  }

  #hold(side: Side, price: string | undefined): void {
    this.#pressed = price === undefined ? null : { side, quotedPrice: price };
  }

  #press(side: Side, price: string | undefined): void {
    const seen = this.#pressed?.side === side ? this.#pressed.quotedPrice : price;
    this.#pressed = null;
    if (this.blocked[side] !== null || seen === undefined) return;
    this.dispatchEvent(new CustomEvent<Press>("side-pressed", { detail: { side, quotedPrice: seen } }));
  }

  #takeOver = (): void => {
    this.dispatchEvent(new CustomEvent("take-over"));
  };

  #cancel = (): void => {
    this.dispatchEvent(new CustomEvent("cancelled"));
  };
}
