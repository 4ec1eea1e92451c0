import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { AccountView, WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import { slippageChoices } from "../controllers/ticket.ts";
import { subtract } from "../format/decimal.ts";
import { grouped, money } from "../format/numbers.ts";
import { maxNow, ticketCost } from "../format/ticket.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { ticketStyles } from "./ticket.styles.ts";

const quickLots = [1n, 2n, 5n, 10n] as const;

/**
 * What an order would be and cost: prices, lots, slippage, margin, fee, the most lots now, and the choice of one-click.
 * @fires lots-chosen - detail: lots as bigint
 * @fires lots-stepped - detail: 1n or -1n
 * @fires slippage-chosen - detail: ticks
 * @fires one-click-chosen - detail: boolean, given with consent
 */
export class TruewickTicket extends LitElement {
  static override styles = [base, ticketStyles];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) instrument: WireInstrument | undefined;
  @property({ attribute: false }) quote: WireQuote | undefined;
  @property({ attribute: false }) account: AccountView | undefined;
  @property({ attribute: false }) position: WirePosition | undefined;
  @property({ attribute: false }) lots = 1n;
  @property({ attribute: false }) maxSlippageTicks = 0;
  @property({ attribute: false }) oneClick = false;
  @state() private asking = false;

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    return html`<section class="ticket" aria-label=${texts.ticket.label}>
      ${this.#pair(texts)} ${this.#lots(texts)} ${this.#slippage(texts)} ${this.#cost(texts)} ${this.#most(texts)}
      ${this.#switch(texts)} ${this.asking ? this.#consent(texts) : nothing}
    </section>`;
  }

  #pair(texts: Texts) {
    const { quote, instrument, locale } = this;
    const price = (value: string | undefined) =>
      value && instrument
        ? html`<b class="figure ${value.length > 9 ? "longer" : value.length > 8 ? "long" : ""}">${grouped(value, locale, instrument.priceDecimals)}</b>`
        : html`<b class="bone figure">0,000.00</b>`;
    const spread = quote ? grouped(subtract(quote.ask, quote.bid), locale) : "–";
    return html`<div class="pair">
      <div class="sell"><small>${texts.ticket.bid}</small>${price(quote?.bid)}</div>
      <span class="spread figure" title=${texts.ticket.spread}>${spread}</span>
      <div class="buy"><small>${texts.ticket.ask}</small>${price(quote?.ask)}</div>
    </div>`;
  }

  #lots(texts: Texts) {
    return html`<div class="row">
      <label for="lots">${texts.ticket.lots}</label>
      <div class="stepper">
        <button aria-label=${texts.ticket.fewer} @click=${() => this.#send("lots-stepped", -1n)}>−</button>
        <input id="lots" inputmode="numeric" pattern="[0-9]*" autocomplete="off" maxlength="9" .value=${this.lots.toString()}
          @change=${this.#onLots} @keydown=${this.#onLotsKey} />
        <button aria-label=${texts.ticket.more} @click=${() => this.#send("lots-stepped", 1n)}>+</button>
      </div>
      <div class="chips">
        ${quickLots.map(
          (count) => html`<button aria-pressed=${count === this.lots} aria-label="${texts.ticket.lots} ${count}"
            @click=${() => this.#send("lots-chosen", count)}>${count}</button>`,
        )}
      </div>
    </div>`;
  }

  #slippage(texts: Texts) {
    return html`<div class="row">
      <label for="slippage">${texts.ticket.slippage}</label>
      <select id="slippage" @change=${this.#onSlippage}>
        ${slippageChoices.map(
          (ticks) =>
            html`<option value=${ticks} ?selected=${ticks === this.maxSlippageTicks}>${texts.ticket.ticks(String(ticks))}</option>`,
        )}
      </select>
    </div>`;
  }

  #cost(texts: Texts) {
    const { instrument, locale } = this;
    const cost = instrument ? ticketCost(instrument, this.lots) : undefined;
    const write = (amount: string | undefined) =>
      amount === undefined || !instrument
        ? html`<span class="bone">0,000.00 USD</span>`
        : money(amount, instrument.currency, locale);
    return html`<dl>
      <dt>${texts.ticket.margin}</dt><dd class="figure">${write(cost?.margin)}</dd>
      <dt>${texts.ticket.fee}</dt><dd class="figure">${write(cost?.fee)}</dd>
      <dt>${texts.ticket.oneTick}</dt><dd class="figure">${write(cost?.tickValue)}</dd>
    </dl>`;
  }

  #most(texts: Texts) {
    const { instrument, account, position } = this;
    if (!instrument || !account) return html`<p class="most"></p>`;
    const side = position?.side === "short" ? "sell" : "buy";
    const most = maxNow({ instrument, account, position, side });
    if (!most) return html`<p class="most"></p>`;
    const bound = most.boundBy === "available" ? texts.ticket.boundByAvailable : texts.ticket.boundByOrderLimit;
    return html`<p class="most figure">${texts.ticket.maxNow(grouped(most.lots.toString(), this.locale))} · ${bound}</p>`;
  }

  #switch(texts: Texts) {
    return html`<label class="switch"><input type="checkbox" role="switch" .checked=${this.oneClick} @change=${this.#onSwitch} />
      ${this.oneClick ? html`<span class="chip warn">⚡ ${texts.ticket.oneClickOn}</span>` : texts.ticket.oneClick}</label>`;
  }

  #consent(texts: Texts) {
    return html`<div class="consent" role="group" aria-label=${texts.ticket.oneClick}>
      <p>${texts.ticket.oneClickConsent}</p>
      <div class="row">
        <button class="primary" @click=${() => this.#answer(true)}>${texts.ticket.oneClickAgree}</button>
        <button @click=${() => this.#answer(false)}>${texts.ticket.keepConfirm}</button>
      </div>
    </div>`;
  }

  #send<Detail>(name: string, detail: Detail): void {
    this.dispatchEvent(new CustomEvent<Detail>(name, { detail }));
  }

  #onLots = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const typed = field.value.replace(/\s/g, "");
    if (/^\d{1,9}$/.test(typed)) this.#send("lots-chosen", BigInt(typed));
    // What was typed may be no allowed number: show again what counts.
    void this.updateComplete.then(() => {
      field.value = this.lots.toString();
    });
  };

  #onLotsKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowUp" ? 1n : event.key === "ArrowDown" ? -1n : null;
    if (step === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#send("lots-stepped", step);
  };

  #onSlippage = (event: Event): void => {
    this.#send("slippage-chosen", Number((event.target as HTMLSelectElement).value));
  };

  #onSwitch = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    if (box.checked) {
      // Not on before the text was read and agreed to.
      box.checked = false;
      this.asking = true;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector(".consent")?.scrollIntoView({ block: "nearest" }),
      );
    } else this.#send("one-click-chosen", false);
  };

  #answer(agreed: boolean): void {
    this.asking = false;
    if (agreed) this.#send("one-click-chosen", true);
  }
}
