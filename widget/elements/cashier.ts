import { html, LitElement, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { WireWithdrawalTerms } from "#contracts/cashier-api.ts";
import type { Locale } from "#contracts/names.ts";
import {
  type AskServer,
  addTarget,
  type CashierState,
  newRequestId,
  readCashier,
  removeTarget,
  takeBack,
  withdraw,
} from "../client/cashier-client.ts";
import type { RestProblem } from "../client/rest.ts";
import { type CashierTexts, cashierTexts } from "../i18n/cashier.ts";
import { base } from "../styles/base.styles.ts";
import { cashierStyles } from "./cashier.styles.ts";
import { askForm, history, placeForm, room } from "./cashier-view.ts";

interface Note {
  readonly look: "ok" | "bad";
  readonly text: string;
}

/** What staff decide shows while the dialog is open. */
const lookAgainMs = 5_000;

/** The cashier of one account: asks to be paid out, shows what became of it. Removes itself when closed. */
export class TruewickCashier extends LitElement {
  static override styles = [base, cashierStyles];
  @property({ attribute: false }) accountId = "";
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  @state() private known: CashierState | null = null;
  @state() private isAddingPlace = false;
  @state() private amount = "";
  @state() private chosenId: string | null = null;
  @state() private busy = false;
  @state() private note: Note | null = null;
  @query("dialog") private dialog: HTMLDialogElement | null | undefined;
  /** Of the request on screen: kept until it is answered, so a lost answer asks for nothing twice. */
  #requestId = newRequestId();
  #timer: ReturnType<typeof setInterval> | undefined;

  override firstUpdated(): void {
    this.dialog?.showModal();
    void this.#read();
    this.#timer = setInterval(() => void (this.busy ? null : this.#read()), lookAgainMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    const words = cashierTexts[this.locale];
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()} @keydown=${keepKeys}>
      <header><h2 id="title">${this.isAddingPlace ? words.addPlace : words.title}</h2>
        <button @click=${() => this.dialog?.close()}>${words.dismiss}</button></header>
      <div role="status">${this.note && html`<p class=${this.note.look}>${this.note.look === "ok" ? "✓" : "⚠"} ${this.note.text}</p>`}</div>
      ${this.#content(words)}
    </dialog>`;
  }

  #content(words: CashierTexts): TemplateResult {
    const { known, locale, busy } = this;
    if (known === null)
      return this.note === null
        ? html`<p>${words.loading}</p>`
        : html`<button @click=${() => void this.#read()}>${words.again}</button>`;
    const terms = this.#terms();
    if (terms && this.isAddingPlace)
      return placeForm({ words, terms, busy }, { send: this.#add, back: () => this.#show(false) });
    const view = { words, locale, state: known, busy };
    return html`${terms ? this.#form({ ...view, terms }) : html`<p>${words.notOffered}</p>`}
      <h3>${words.history}</h3>${history(view, (id) => void this.#takeBack(id))}`;
  }

  #form(view: { words: CashierTexts; locale: Locale; state: CashierState; busy: boolean; terms: WireWithdrawalTerms }) {
    const all = { ...view, amount: this.amount, targetId: this.#targetId() };
    return html`${room(all)} ${askForm(all, {
      setAmount: (amount) => this.#change({ amount }),
      setTarget: (chosenId) => this.#change({ chosenId }),
      addPlace: () => this.#show(true),
      removePlace: () => void this.#remove(),
      send: this.#send,
    })}`;
  }

  #terms(): WireWithdrawalTerms | undefined {
    return this.known?.terms.find(({ enabled }) => enabled);
  }

  #targetId(): string | null {
    const places = this.known?.targets.filter(({ channel }) => channel === this.#terms()?.channel) ?? [];
    return (places.find(({ id }) => id === this.chosenId) ?? places[0])?.id ?? null;
  }

  /** Another amount or place is another request. */
  #change(changed: { readonly amount?: string; readonly chosenId?: string }): void {
    this.#requestId = newRequestId();
    this.note = null;
    if (changed.amount !== undefined) this.amount = changed.amount;
    if (changed.chosenId !== undefined) this.chosenId = changed.chosenId;
  }

  #show(isAddingPlace: boolean): void {
    this.isAddingPlace = isAddingPlace;
    this.note = null;
  }

  async #read(): Promise<void> {
    try {
      this.known = await readCashier(this.ask, this.accountId);
      if (this.note?.text === cashierTexts[this.locale].unreachable) this.note = null;
    } catch {
      this.note = { look: "bad", text: cashierTexts[this.locale].unreachable };
    }
  }

  /** One thing at a time, then everything is read anew. */
  async #run(work: () => Promise<Note | null>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      this.note = await work();
      await this.#read();
    } catch (error) {
      this.note = this.#problem(error);
    } finally {
      this.busy = false;
    }
  }

  #problem(error: unknown): Note {
    const words = cashierTexts[this.locale];
    const { code = "", checks = [] } = error as Partial<RestProblem>;
    const failed = checks.find((check) => check.code === code && !check.passed);
    return { look: "bad", text: words.refusals[code]?.(failed?.value ?? "", failed?.limit ?? "") ?? words.noAnswer };
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

/** Keys pressed in the dialog are not shortcuts of the ticket behind it. */
const keepKeys = (event: KeyboardEvent): void => event.stopPropagation();

if (!customElements.get("truewick-cashier")) customElements.define("truewick-cashier", TruewickCashier);

/** Opens the cashier over `root`. */
export function openCashier(root: ParentNode, given: Pick<TruewickCashier, "accountId" | "locale" | "ask">): void {
  root.append(Object.assign(document.createElement("truewick-cashier"), given));
}
