import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale, Side } from "#contracts/names.ts";
import type { AccountView, CapacityReply, WireInstrument, WirePosition, WireQuote } from "#contracts/trading-api.ts";
import { slippageChoices } from "../controllers/ticket.ts";
import { stepsBetween, subtract } from "../format/decimal.ts";
import { grouped, money } from "../format/numbers.ts";
import { marketDraft, type OrderDraft } from "../format/order-draft.ts";
import { moneyOfTicks } from "../format/price-line.ts";
import { maxNow, ticketCost } from "../format/ticket.ts";
import { boundText } from "../i18n/refusal-text.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { ticketStyles } from "./ticket.styles.ts";
import { ticketFormStyles } from "./ticket-form.styles.ts";
import { fault, invalid, legRows, priceRows, timeRow, typeSwitch } from "./ticket-form.ts";

/** What is wrong with a field, in words, by the field's name in an order request. */
export type Faults = Readonly<Record<string, string>>;
export const noFaults: Faults = {};

const quickLots = [1n, 2n, 5n, 10n] as const;

/**
 * What an order would be and cost: prices, lots, slippage, margin, fee, the most lots now, and the choice of one-click.
 * @fires lots-chosen - detail: lots as bigint
 * @fires lots-stepped - detail: 1n or -1n
 * @fires slippage-chosen - detail: ticks
 * @fires type-chosen - detail: the order type
 * @fires draft-changed - detail: the fields that are other now
 * @fires leg-toggled - detail: "takeProfit" | "stopLoss"
 * @fires one-click-chosen - detail: boolean, given with consent
 */
export class TruewickTicket extends LitElement {
  static override styles = [base, ticketStyles, ticketFormStyles];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) instrument: WireInstrument | undefined;
  @property({ attribute: false }) quote: WireQuote | undefined;
  @property({ attribute: false }) account: AccountView | undefined;
  @property({ attribute: false }) position: WirePosition | undefined;
  @property({ attribute: false }) draft: OrderDraft = marketDraft;
  @property({ attribute: false }) capacity: CapacityReply | null = null;
  @property({ attribute: false }) lots = 1n;
  @property({ attribute: false }) maxSlippageTicks = 0;
  @property({ attribute: false }) oneClick = false;
  @property({ attribute: false }) faults: Faults = noFaults;
  @state() private asking = false;

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    return html`<section class="ticket" aria-label=${texts.ticket.label}>
      ${this.#pair(texts)} ${typeSwitch(this, texts)} ${priceRows(this, texts)} ${this.#lots(texts)}
      ${this.draft.type === "market" ? this.#slippage(texts) : timeRow(this, texts)} ${legRows(this, texts)}
      ${this.#cost(texts)} ${this.#most(texts)}
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
        <button aria-label=${texts.ticket.fewer} @click=${() => this.send("lots-stepped", -1n)}>−</button>
        <input id="lots" inputmode="numeric" pattern="[0-9]*" autocomplete="off" maxlength="9" .value=${this.lots.toString()}
          aria-invalid=${invalid(this, "lots")} aria-describedby="lots-fault" @change=${this.#onLots} @keydown=${this.#onLotsKey} />
        <button aria-label=${texts.ticket.more} @click=${() => this.send("lots-stepped", 1n)}>+</button>
      </div>
      <div class="chips">
        ${quickLots.map(
          (count) => html`<button aria-pressed=${count === this.lots} aria-label="${texts.ticket.lots} ${count}"
            @click=${() => this.send("lots-chosen", count)}>${count}</button>`,
        )}
      </div>
    </div>${fault(this, "lots")}`;
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
      <dt>${texts.orders.spreadCost}</dt><dd class="figure">${this.draft.type === "market" || !cost ? write(this.#spreadCost()) : "–"}</dd>
    </dl>`;
  }

  /** What buying and selling at once would cost by the two prices. */
  #spreadCost(): string | undefined {
    const { quote, instrument } = this;
    if (!quote || !instrument) return undefined;
    const ticks = stepsBetween({ from: quote.bid, to: quote.ask, step: instrument.tickSize });
    return moneyOfTicks(ticks, this.lots, instrument);
  }

  /** By the server's word; until it has come, by what the widget knows of the money. */
  #most(texts: Texts) {
    const { locale } = this;
    const most = { sell: this.#mostOf("sell", texts), buy: this.#mostOf("buy", texts) };
    const button = (
      side: Side,
    ) => html`<button class="most-${side}" aria-label=${texts.orders.setMax(texts.sides[side], most[side] ? grouped(most[side].lots, locale) : "–")}
      ?disabled=${!most[side] || most[side].lots === "0"}
      @click=${() => this.send("lots-chosen", BigInt(most[side]?.lots ?? 1))}>${texts.sides[side]} ${most[side] ? grouped(most[side].lots, locale) : "–"}</button>`;
    const bounds = new Set([most.sell?.why, most.buy?.why].filter((why) => why !== undefined && why !== null));
    const words = [...bounds].map((why) => texts.orders.boundBy(why)).join(" · ");
    return html`<div class="most"><span>${texts.orders.maxNow}</span>${button("sell")}${button("buy")}
      <span class="bound">${words}</span></div>`;
  }

  #mostOf(side: Side, texts: Texts): { readonly lots: string; readonly why: string | null } | null {
    const { capacity, instrument, account, position } = this;
    if (capacity) {
      const { maxLots, boundBy } = capacity[side];
      return { lots: maxLots, why: boundBy === null ? null : boundText(boundBy, this.locale) };
    }
    const most = instrument && account ? maxNow({ instrument, account, position, side }) : null;
    if (!most) return null;
    const code = most.boundBy === "available" ? "INSUFFICIENT_FUNDS" : "LOTS_MAX_ORDER";
    return { lots: most.lots.toString(), why: texts.orders.bounds[code] ?? null };
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

  /** @internal tells the frame of a choice */
  send<Detail>(name: string, detail: Detail): void {
    this.dispatchEvent(new CustomEvent<Detail>(name, { detail }));
  }

  #onLots = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const typed = field.value.replace(/\s/g, "");
    if (/^\d{1,9}$/.test(typed)) this.send("lots-chosen", BigInt(typed));
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
    this.send("lots-stepped", step);
  };

  #onSlippage = (event: Event): void => {
    this.send("slippage-chosen", Number((event.target as HTMLSelectElement).value));
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
    } else this.send("one-click-chosen", false);
  };

  #answer(agreed: boolean): void {
    this.asking = false;
    if (agreed) this.send("one-click-chosen", true);
  }
}
