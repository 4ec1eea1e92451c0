import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { WireBankDetails } from "#contracts/bank-api.ts";
import type { WireDeposit, WireDepositAddress, WireDepositTerms } from "#contracts/cashier-api.ts";
import { askedChannels, type ChainChannel, chainChannels } from "#contracts/payment-names.ts";
import {
  addProof,
  deposit,
  newRequestId,
  readAddress,
  readBankDetails,
  readDeposits,
} from "../client/cashier-client.ts";
import { HistoryRows } from "../controllers/history-rows.ts";
import { depositTexts } from "../i18n/cashier-deposit.ts";
import { addressPanel, bankPanel } from "./cashier-deposit-places.ts";
import { amountForm, depositHistory, limits, payPanel, transferPanel, ways } from "./cashier-deposit-view.ts";
import { historyPart } from "./cashier-history.ts";
import { CashierPage } from "./cashier-page.ts";

/** Tells where and how to pay in, and shows what became of it. */
export class TruewickCashierDeposit extends CashierPage {
  @state() private chosen: string | null = null;
  @state() private amount = "";
  @state() private details: readonly WireBankDetails[] | null = null;
  @state() private address: WireDepositAddress | null = null;
  /** The deposit that the trader has just begun. */
  @state() private begunId: string | null = null;
  /** Of the request on screen: kept until it is answered, so a lost answer begins nothing twice. */
  #requestId = newRequestId();
  #history = new HistoryRows(
    this,
    () => this.known?.deposits ?? null,
    (asked) => readDeposits(this.ask, this.accountId)(asked),
  );

  override render(): TemplateResult {
    const { known, locale } = this;
    if (known === null) return html``;
    const words = depositTexts[locale];
    const terms = this.#terms();
    const { busy } = this;
    const past = { history: this.#history, locale, states: words.states };
    const history = html`<h3>${words.history}</h3>${historyPart(past, (deposits) => depositHistory({ words, locale, busy, deposits }, this.#addProof))}`;
    if (!terms) return html`<p>${words.notOffered}</p>${history}`;
    const choose = (channel: string): void => this.#choose(channel);
    return html`${ways({ words, name: words.way, terms: known.depositTerms, chosen: terms.channel }, choose)}
      ${terms.refusal === null ? this.#way(terms) : html`<p class="bad">⚠ ${words.refusals[terms.refusal]("", "")}</p>`}
      ${history}`;
  }

  #way(terms: WireDepositTerms): TemplateResult {
    const { locale, busy, amount, address } = this;
    const words = depositTexts[locale];
    const begun = this.#begun();
    const rest =
      terms.withdrawableDays > 0 ? html`<p class="muted">${words.heldDays(terms.withdrawableDays)}</p>` : nothing;
    const head = html`${limits({ words, locale, terms })} ${rest}`;
    if (terms.kind === "transfer") return this.#transfer(terms, head, begun);
    if (terms.kind === "address")
      return html`${head} ${addressPanel({ words, locale, busy, address: this.#isOf(address, terms) }, this.#showAddress)}`;
    if (begun) return payPanel({ words, locale, begun }, () => this.#change({ begunId: null }));
    return html`${head} ${amountForm(
      { words, locale, terms, amount, busy },
      {
        setAmount: (typed) => this.#change({ amount: typed }),
        send: this.#send,
      },
    )}`;
  }

  /** Any amount with the account's reference; or one that the trader tells us of, with its own, and its receipt. */
  #transfer(terms: WireDepositTerms, head: TemplateResult, begun: WireDeposit | undefined): TemplateResult {
    const { locale, busy, amount, details } = this;
    const words = depositTexts[locale];
    if (begun) {
      const back = (): void => this.#change({ begunId: null });
      const take = (file: File): void => this.#addProof(begun, file);
      return html`${transferPanel({ words, locale, busy, deposit: begun }, { take, back })}
        ${bankPanel({ words, busy, details, reference: begun.reference }, this.#showBank)}`;
    }
    const bank = html`${head} ${bankPanel({ words, busy, details }, this.#showBank)}`;
    if (details === null || details.length === 0) return bank;
    const on = { setAmount: (typed: string) => this.#change({ amount: typed }), send: this.#send };
    return html`${bank}<h3>${words.announce}</h3><p class="muted">${words.announceHint}</p>
      ${amountForm({ words, locale, terms, amount, busy, begin: words.announce }, on)}`;
  }

  /** The chosen channel; else the first that takes something. */
  #terms(): WireDepositTerms | undefined {
    const all = this.known?.depositTerms ?? [];
    return all.find(({ channel }) => channel === this.chosen) ?? all.find(({ refusal }) => refusal === null) ?? all[0];
  }

  #begun(): WireDeposit | undefined {
    const open = (one: WireDeposit): boolean => one.state === "waiting" || one.state === "unknown";
    return this.known?.deposits.rows.find((one) => one.id === this.begunId && open(one));
  }

  #isOf = (address: WireDepositAddress | null, { channel }: WireDepositTerms): WireDepositAddress | null =>
    address?.channel === channel ? address : null;

  #choose(channel: string): void {
    this.chosen = channel;
    this.begunId = null;
    this.#requestId = newRequestId();
    this.forget();
  }

  /** Another amount is another request. */
  #change(changed: { readonly amount?: string; readonly begunId?: string | null }): void {
    this.#requestId = newRequestId();
    this.forget();
    if (changed.amount !== undefined) this.amount = changed.amount;
    if (changed.begunId !== undefined) this.begunId = changed.begunId;
  }

  #send = (event: Event): void => {
    event.preventDefault();
    const words = depositTexts[this.locale];
    const channel = askedChannels.find((one) => one === this.#terms()?.channel);
    if (channel === undefined) return;
    void this.run(async () => {
      const { accountId } = this;
      const begun = await deposit(this.ask, {
        requestId: this.#requestId,
        accountId,
        channel,
        amount: this.amount.trim(),
      });
      this.#change({ amount: "", begunId: begun.id });
      if (begun.state === "unknown") return { look: "bad", text: words.unknown };
      return { look: "ok", text: channel === "bank" ? words.announced : words.begun };
    }, words.refusals);
  };

  #addProof = (of: WireDeposit, file: File): void => {
    const words = depositTexts[this.locale];
    void this.run(async () => {
      await addProof(this.ask, of.id, file);
      return { look: "ok", text: words.proofAdded };
    }, words.refusals);
  };

  #showBank = (): void => {
    void this.run(async () => {
      this.details = await readBankDetails(this.ask, this.accountId);
      return null;
    }, depositTexts[this.locale].refusals);
  };

  #showAddress = (): void => {
    const channel: ChainChannel | undefined = chainChannels.find((one) => one === this.#terms()?.channel);
    if (channel === undefined) return;
    void this.run(async () => {
      this.address = await readAddress(this.ask, { accountId: this.accountId, channel });
      return null;
    }, depositTexts[this.locale].refusals);
  };
}

if (!customElements.get("truewick-cashier-deposit"))
  customElements.define("truewick-cashier-deposit", TruewickCashierDeposit);
