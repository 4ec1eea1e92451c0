import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import { grouped } from "../format/numbers.ts";
import { type PriceTerms, stepped, typedPrice } from "../format/price-line.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";

/**
 * A price (or lots) in a list that can be changed in place: a button with the value; pressed, a field. Arrows move it a tick,
 * with Shift ten; Enter sends, Escape or leaving the field takes it back; empty removes it where that is allowed.
 * @fires price-set - detail: the decimal, or null to remove it
 */
export class TruewickPriceEdit extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      button {
        min-width: 84px;
        padding: 0 6px;
        text-align: end;
        border-color: transparent;
        border-bottom: 1px dashed var(--truewick-line-strong);
        border-radius: 0;
        background: none;
      }
      button.none {
        color: var(--truewick-text-muted);
      }
      input {
        width: 96px;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      input[aria-invalid="true"] {
        border-color: var(--truewick-danger);
      }
      small {
        display: block;
        font-size: 12px;
        line-height: 14px;
      }
    `,
  ];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  /** Null: there is none yet. */
  @property({ attribute: false }) value: string | null = null;
  /** Where a new one begins. */
  @property({ attribute: false }) from: string | null = null;
  @property({ attribute: false }) label = "";
  @property({ attribute: false }) terms: PriceTerms | null = null;
  @property({ attribute: false }) removable = false;
  @property({ attribute: false }) busy = false;
  /** What a price means, in words, while it is typed. */
  @property({ attribute: false }) meaning: (price: string) => string | null = () => null;
  @state() private typed: string | null = null;

  override render() {
    const { texts, value, terms } = this;
    if (!texts) return nothing;
    if (this.typed !== null && terms) return this.#field(this.typed, terms);
    const name = value === null ? texts.orders.add(this.label) : `${texts.orders.edit(this.label)}, ${value}`;
    return html`<button class="figure ${value === null ? "none" : ""}" aria-label=${name} ?disabled=${this.busy || !terms}
      @click=${this.#open}>${value === null ? "+" : grouped(value, this.locale)}</button>`;
  }

  #field(typed: string, terms: PriceTerms) {
    const price = typedPrice(typed, terms);
    const isValid = price !== null || (typed.trim() === "" && this.removable);
    return html`<input inputmode="decimal" autocomplete="off" maxlength="20" aria-label=${this.label} .value=${typed}
        aria-invalid=${!isValid} @input=${this.#onInput} @keydown=${this.#onKey} @blur=${this.#close} />
      <small class="figure" role="status">${price === null ? nothing : this.meaning(price)}</small>`;
  }

  #open = async (): Promise<void> => {
    this.typed = this.value ?? this.from ?? "";
    await this.updateComplete;
    this.renderRoot.querySelector("input")?.select();
    this.renderRoot.querySelector("input")?.focus();
  };

  #close = (): void => {
    this.typed = null;
  };

  #onInput = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
  };

  #onKey = (event: KeyboardEvent): void => {
    const { terms, typed } = this;
    if (!terms || typed === null) return;
    const step = event.key === "ArrowUp" ? 1n : event.key === "ArrowDown" ? -1n : null;
    if (step === null && event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    const price = typedPrice(typed, terms);
    if (step !== null) {
      const at = price ?? this.value ?? this.from;
      if (at !== null) this.typed = stepped(at, event.shiftKey ? 10n * step : step, terms);
    } else if (event.key === "Escape") void this.#leave();
    else if (price !== null || (typed.trim() === "" && this.removable)) this.#send(price);
  };

  #send(price: string | null): void {
    if (price !== this.value) this.dispatchEvent(new CustomEvent<string | null>("price-set", { detail: price }));
    void this.#leave();
  }

  /** The keyboard stays where the value is. */
  async #leave(): Promise<void> {
    this.#close();
    await this.updateComplete;
    this.renderRoot.querySelector("button")?.focus();
  }
}
