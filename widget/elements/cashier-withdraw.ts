import { html, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { WireWithdrawalTerms } from "#contracts/cashier-api.ts";
import {
  addTarget,
  newRequestId,
  readWithdrawals,
  removeTarget,
  takeBack,
  withdraw,
} from "../client/cashier-client.ts";
import { HistoryRows } from "../controllers/history-rows.ts";
import { cashierTexts } from "../i18n/cashier.ts";
import { depositTexts } from "../i18n/cashier-deposit.ts";
import { ways } from "./cashier-deposit-view.ts";
import { historyPart } from "./cashier-history.ts";
import { CashierPage, type Note } from "./cashier-page.ts";
import { askForm, history, placeForm, placesOf, room } from "./cashier-view.ts";

/** Asks to be paid out, shows what became of it, and keeps the places to be paid to. */
export class TruewickCashierWithdraw extends CashierPage {
  @state() private isAddingPlace = false;
  @state() private amount = "";
  @state() private chosenId: string | null = null;
  @state() private chosenChannel: string | null = null;
  /** Of the request on screen: kept until it is answered, so a lost answer asks for nothing twice. */
  #requestId = newRequestId();
  #history = new HistoryRows(
    this,
    () => this.known?.withdrawals ?? null,
    (asked) => readWithdrawals(this.ask, this.accountId)(asked),
  );

  override render(): TemplateResult {
    const { locale, known, busy } = this;
    const words = cashierTexts[locale];
    if (known === null) return html``;
    const terms = this.#terms();
    if (terms && this.isAddingPlace)
      return placeForm({ words, locale, terms, busy }, { send: this.#add, back: () => this.#show(false) });
    const takeBack = (id: string): void => void this.#takeBack(id);
    const past = { history: this.#history, locale, states: words.states };
    return html`${terms ? this.#form(terms) : html`<p>${words.notOffered}</p>`}
      <h3>${words.history}</h3>${historyPart(past, (rows) => history({ words, locale, rows, busy }, takeBack))}`;
  }

  #form(terms: WireWithdrawalTerms) {
    const { locale, known, busy, amount } = this;
    if (known === null) return html``;
    const all = { words: cashierTexts[locale], locale, state: known, busy, terms, amount, targetId: this.#targetId() };
    const choice = { words: depositTexts[locale], name: all.words.way, terms: this.#offered(), chosen: terms.channel };
    return html`${ways(choice, (channel) => this.#change({ channel }))} ${room(all)} ${askForm(all, {
      setAmount: (typed) => this.#change({ amount: typed }),
      setTarget: (chosenId) => this.#change({ chosenId }),
      addPlace: () => this.#show(true),
      removePlace: () => void this.#remove(),
      send: this.#send,
    })}`;
  }

  #offered(): readonly WireWithdrawalTerms[] {
    return this.known?.terms.filter(({ enabled }) => enabled) ?? [];
  }

  /** The chosen channel while it is offered; else the first. */
  #terms(): WireWithdrawalTerms | undefined {
    const offered = this.#offered();
    return offered.find(({ channel }) => channel === this.chosenChannel) ?? offered[0];
  }

  #targetId(): string | null {
    const places = this.known?.targets.filter(({ channel }) => channel === this.#terms()?.channel) ?? [];
    return (places.find(({ id }) => id === this.chosenId) ?? places[0])?.id ?? null;
  }

  /** Another amount, place or channel is another request. */
  #change(changed: { readonly amount?: string; readonly chosenId?: string; readonly channel?: string }): void {
    this.#requestId = newRequestId();
    this.forget();
    if (changed.amount !== undefined) this.amount = changed.amount;
    if (changed.chosenId !== undefined) this.chosenId = changed.chosenId;
    if (changed.channel !== undefined) this.chosenChannel = changed.channel;
  }

  #show(isAddingPlace: boolean): void {
    this.isAddingPlace = isAddingPlace;
    this.forget();
  }

  #run(work: () => Promise<Note | null>): Promise<void> {
    const words = cashierTexts[this.locale];
    const ADDRESS_INVALID = (): string => words.places[placesOf(this.#terms()?.channel)].invalid;
    return this.run(work, { ...words.refusals, ADDRESS_INVALID });
  }

  #send = (event: Event): void => {
    event.preventDefault();
    const targetId = this.#targetId();
    if (targetId === null) return;
    void this.#run(async () => {
      const wanted = { requestId: this.#requestId, accountId: this.accountId, targetId, amount: this.amount.trim() };
      const { reviewsNeeded } = await withdraw(this.ask, wanted);
      this.#change({ amount: "" });
      return { look: "ok", text: cashierTexts[this.locale].asked(reviewsNeeded) };
    });
  };

  #add = (event: Event): void => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const channel = this.#terms()?.channel;
    if (channel === undefined) return;
    void this.#run(async () => {
      const target = { channel, name: String(given.get("name")), address: String(given.get("address")) };
      const added = await addTarget(this.ask, target);
      this.#change({ chosenId: added.id });
      this.isAddingPlace = false;
      return null;
    });
  };

  #remove(): Promise<void> {
    const id = this.#targetId();
    return this.#run(async () => {
      if (id !== null) await removeTarget(this.ask, id);
      return null;
    });
  }

  #takeBack(id: string): Promise<void> {
    return this.#run(async () => {
      await takeBack(this.ask, id);
      return null;
    });
  }
}

if (!customElements.get("truewick-cashier-withdraw"))
  customElements.define("truewick-cashier-withdraw", TruewickCashierWithdraw);
