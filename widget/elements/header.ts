import { html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { AccountView, LoginReply, WireInstrument, WireQuote } from "#contracts/trading-api.ts";
import type { AskServer } from "../client/cashier-client.ts";
import type { LinkState } from "../client/live-socket.ts";
import { percentOf, subtract } from "../format/decimal.ts";
import { directionOf, grouped, money, signed } from "../format/numbers.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { cashierButton } from "./cashier-button.ts";
import { headerStyles } from "./header.styles.ts";

/**
 * What is traded, its price and change, how fresh it is and where it comes from, and the account.
 * @fires instrument-chosen - detail: id
 * @fires account-chosen - detail: id
 * @fires sign-in-wanted
 * @fires sign-out
 */
export class TruewickHeader extends LitElement {
  static override styles = [base, headerStyles];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) instruments: readonly WireInstrument[] = [];
  @property({ attribute: false }) instrument: WireInstrument | undefined;
  @property({ attribute: false }) quote: WireQuote | undefined;
  @property({ attribute: false }) stale = false;
  @property({ attribute: false }) link: LinkState = { kind: "connecting" };
  @property({ attribute: false }) reference: string | null = null;
  @property({ attribute: false }) accounts: LoginReply["accounts"] | null = null;
  @property({ attribute: false }) account: AccountView | undefined;
  @property({ attribute: false }) nowMs = 0;
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    return html`
      <truewick-instrument-picker .instruments=${this.instruments} .selectedId=${this.instrument?.id ?? null}
        .texts=${texts} .locale=${this.locale} @instrument-chosen=${this.#passOn}></truewick-instrument-picker>
      ${this.#price(texts)}
      <span class="break"></span>${this.#light(texts)}
      ${this.#source(texts)} ${this.#margin(texts)}
      ${this.accounts === null ? this.#guest(texts) : this.#account(texts, this.accounts)}`;
  }

  #price(texts: Texts) {
    const { quote, instrument, locale } = this;
    if (!quote || !instrument) return html`<span class="price"><b class="bone">0,000.00</b></span>`;
    const price = (instrument.barPrice === "last" ? quote.last : null) ?? quote.bid;
    const change = this.#change(price);
    return html`<span class="price"><b class="figure">${grouped(price, locale, instrument.priceDecimals)}</b>
      ${
        change &&
        html`<span class="figure ${directionOf(change.points)}" title=${texts.header.changeHelp}
          >${signed(change.points, locale)} ${change.percent === null ? "" : `${signed(change.percent, locale)}\u00a0%`}</span>`
      }</span>`;
  }

  #change(price: string) {
    if (this.reference === null) return null;
    const points = subtract(price, this.reference);
    return { points, percent: percentOf(points, this.reference) };
  }

  #light(texts: Texts) {
    const { link, instrument } = this;
    const [look, words] = this.#condition(texts);
    const ms = link.kind === "live" && link.roundTripMs !== null ? texts.light.roundTrip(link.roundTripMs) : "";
    const zone = instrument?.session.zone ?? "";
    return html`<span class="light ${look}" title=${zone}><i aria-hidden="true"></i><span>${words}</span>
      <span class="ms figure muted">${ms}</span></span>`;
  }

  #condition(texts: Texts): readonly [look: string, words: string] {
    const { link, instrument } = this;
    if (link.kind === "connecting") return ["stale", texts.light.connecting];
    if (link.kind === "reconnecting") {
      const seconds = Math.max(0, Math.ceil((link.nextTryAtMs - Date.now()) / 1000));
      return ["lost", texts.light.reconnecting(seconds)];
    }
    if (link.kind === "displaced") return ["lost", texts.light.displaced];
    if (instrument && !instrument.session.open) return ["closed", texts.light.closed];
    if (instrument?.tradeMode === "halted") return ["closed", texts.header.halted];
    return this.stale ? ["stale", texts.light.stale] : ["", texts.light.live];
  }

  #source(texts: Texts) {
    const source = this.quote?.source;
    const words = source ? texts.sources[source] : null;
    if (words === null || (source !== "simulated" && source !== "replay")) return nothing;
    return html`<span class="chip warn" title=${texts.sourceHelp[source]}>${words}</span>`;
  }

  /** A guest has no account: its room is kept, and where the form is out of sight a button leads to it. */
  #guest(texts: Texts) {
    return html`<button class="enter primary" @click=${this.#wantSignIn}>${texts.login.title}</button>
      <span class="end ghost" aria-hidden="true"><span class="chip book">${texts.books.demo}</span>
        <select disabled><option>${`${texts.books.demo} ${money("100000.00", "USD", this.locale)}`}</option></select>
        <button class="plain" disabled><svg width="16" height="16"></svg></button></span>`;
  }

  #account(texts: Texts, accounts: LoginReply["accounts"]) {
    const { account, locale } = this;
    const book = account?.book ?? "demo";
    return html`<span class="end">
      <span class="chip book ${book}">${texts.books[book]}</span>
      <select class=${book} aria-label=${texts.header.account} @change=${this.#onAccount}>
        ${accounts.map(
          (one) =>
            html`<option value=${one.id} ?selected=${one.id === account?.id}>${
              one.id === account?.id
                ? `${texts.books[one.book]} ${money(account.balance, account.currency, locale)}`
                : `${texts.books[one.book]} ${one.currency} ${one.id.slice(0, 4)}`
            }</option>`,
        )}
      </select>
      ${account?.book === "live" ? cashierButton(this, account.id) : nothing}
      <button class="plain" title=${texts.login.signOut} aria-label=${texts.login.signOut} @click=${this.#signOut}><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="1.6"
          stroke-linecap="round" stroke-linejoin="round" d="M6 2H3v12h3M7 8h7M11 5l3 3-3 3" /></svg></button>
    </span>`;
  }

  /** How near the account is to the margin ladder: figure and word, not colour alone. */
  #margin(texts: Texts) {
    const { account, locale } = this;
    if (!account || account.marginLevel === null) return nothing;
    const isOk = account.marginStage === "ok";
    return html`<span class="chip margin figure ${isOk ? "" : "danger"}">${isOk ? "" : "⚠ "}${texts.orders.marginLevel}
      ${grouped(account.marginLevel, locale)} % ${isOk ? "" : `· ${texts.orders.stages[account.marginStage]}`}</span>`;
  }

  #passOn = (event: CustomEvent<string>): void => {
    this.dispatchEvent(new CustomEvent<string>("instrument-chosen", { detail: event.detail }));
  };

  #onAccount = (event: Event): void => {
    const detail = (event.target as HTMLSelectElement).value;
    this.dispatchEvent(new CustomEvent<string>("account-chosen", { detail }));
  };

  #wantSignIn = (): void => {
    this.dispatchEvent(new CustomEvent("sign-in-wanted"));
  };

  #signOut = (): void => {
    this.dispatchEvent(new CustomEvent("sign-out"));
  };
}
