import { html, LitElement, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import { type AskServer, type CashierState, readCashier } from "../client/cashier-client.ts";
import type { RestProblem } from "../client/rest.ts";
import { cashierTexts } from "../i18n/cashier.ts";
import { base } from "../styles/base.styles.ts";
import { cashierStyles } from "./cashier.styles.ts";
import "./cashier-deposit.ts";
import type { Note, RefusalWords, RunInCashier } from "./cashier-page.ts";
import "./cashier-withdraw.ts";

/** What staff decide, and what channels tell, shows while the dialog is open. */
const lookAgainMs = 5_000;
const pages = ["deposit", "withdraw", "statements"] as const;
type Page = (typeof pages)[number];

/** The cashier of one account: pays in, asks to be paid out, shows what became of it and the daily statements. Removes itself when closed. */
export class TruewickCashier extends LitElement {
  static override styles = [base, cashierStyles];
  @property({ attribute: false }) accountId = "";
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  @state() private known: CashierState | null = null;
  @state() private page: Page = "deposit";
  @state() private busy = false;
  @state() private note: Note | null = null;
  @query("dialog") private dialog: HTMLDialogElement | null | undefined;
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
      <header><h2 id="title">${words.title}</h2>
        <button @click=${() => this.dialog?.close()}>${words.dismiss}</button></header>
      <div role="tablist" aria-labelledby="title" @keydown=${this.#onTabKey}>${pages.map((page) => this.#tab(page))}</div>
      <div role="status">${this.note && html`<p class=${this.note.look}>${this.note.look === "ok" ? "✓" : "⚠"} ${this.note.text}</p>`}</div>
      <div role="tabpanel" id="panel" aria-labelledby=${this.page}>${this.#content()}</div>
    </dialog>`;
  }

  #tab(page: Page): TemplateResult {
    const isOpen = page === this.page;
    return html`<button role="tab" id=${page} aria-controls="panel" aria-selected=${isOpen} tabindex=${isOpen ? 0 : -1}
      @click=${() => this.#open(page)}>${cashierTexts[this.locale].pages[page]}</button>`;
  }

  #content(): TemplateResult {
    const { known, locale, busy, accountId, ask } = this;
    const words = cashierTexts[locale];
    if (known === null)
      return this.note === null
        ? html`<p>${words.loading}</p>`
        : html`<button @click=${() => void this.#read()}>${words.again}</button>`;
    if (this.page === "statements")
      return html`<truewick-cashier-statements .accountId=${accountId} .locale=${locale} .ask=${ask} .busy=${busy} .run=${this.#run}
        .forget=${this.#forget}></truewick-cashier-statements>`;
    return this.page === "deposit"
      ? html`<truewick-cashier-deposit .accountId=${accountId} .locale=${locale} .ask=${ask} .known=${known} .busy=${busy}
          .run=${this.#run} .forget=${this.#forget}></truewick-cashier-deposit>`
      : html`<truewick-cashier-withdraw .accountId=${accountId} .locale=${locale} .ask=${ask} .known=${known} .busy=${busy}
          .run=${this.#run} .forget=${this.#forget}></truewick-cashier-withdraw>`;
  }

  #open(page: Page): void {
    this.page = page;
    if (page === "statements") void import("./cashier-statements.ts");
    this.#forget();
  }

  #onTabKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const step = event.key === "ArrowRight" ? 1 : pages.length - 1;
    const other = pages[(pages.indexOf(this.page) + step) % pages.length];
    if (other === undefined) return;
    this.#open(other);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${other}`)?.focus());
  };

  #forget = (): void => {
    this.note = null;
  };

  async #read(): Promise<void> {
    try {
      this.known = await readCashier(this.ask, this.accountId);
      if (this.note?.text === cashierTexts[this.locale].unreachable) this.note = null;
    } catch {
      this.note = { look: "bad", text: cashierTexts[this.locale].unreachable };
    }
  }

  #run: RunInCashier = async (work, refusals) => {
    if (this.busy) return;
    this.busy = true;
    try {
      this.note = await work();
      await this.#read();
    } catch (error) {
      this.note = this.#problem(error, refusals);
    } finally {
      this.busy = false;
    }
  };

  #problem(error: unknown, refusals: RefusalWords): Note {
    const { code = "", checks = [] } = error as Partial<RestProblem>;
    const failed = checks.find((check) => check.code === code && !check.passed);
    const text = refusals[code]?.(failed?.value ?? "", failed?.limit ?? "");
    return { look: "bad", text: text ?? cashierTexts[this.locale].noAnswer };
  }
}

/** Keys pressed in the dialog are not shortcuts of the ticket behind it. */
const keepKeys = (event: KeyboardEvent): void => event.stopPropagation();

if (!customElements.get("truewick-cashier")) customElements.define("truewick-cashier", TruewickCashier);

/** Opens the cashier over `root`. */
export function openCashier(root: ParentNode, given: Pick<TruewickCashier, "accountId" | "locale" | "ask">): void {
  root.append(Object.assign(document.createElement("truewick-cashier"), given));
}
