import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { VerifiedReceipt } from "#core/verify-receipt.ts";
import { verifyInBrowser } from "../client/verify-receipt.ts";
import { type ProofTexts, proofTexts } from "../i18n/fill-proof.ts";
import { base } from "../styles/base.styles.ts";

type Step =
  | { readonly kind: "checking" | "unsealed" | "failed" }
  | { readonly kind: "unsupported"; readonly text: string }
  | { readonly kind: "checked"; readonly text: string; readonly verified: VerifiedReceipt };

/** Fetches a fill's receipt, checks it in the browser and tells in words what is proved and what is not. Removes itself when closed. */
export class TruewickFillProof extends LitElement {
  static override styles = [
    base,
    css`
      dialog {
        border: 1px solid var(--truewick-line-strong);
        border-radius: var(--truewick-radius-card);
        background: var(--truewick-surface-raised);
        color: var(--truewick-text);
        padding: 20px 24px;
        font: inherit;
        font-size: 14px;
        width: min(520px, calc(100vw - 32px));
        max-height: calc(100vh - 32px);
        overflow: auto;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 40%);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 16px;
      }
      p {
        margin: 0 0 12px;
      }
      .sum {
        font-weight: 600;
      }
      .sum.ok,
      .proved b {
        color: var(--truewick-ok);
      }
      .sum.bad,
      .broken b {
        color: var(--truewick-danger);
      }
      ul {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
        display: grid;
        gap: 8px;
      }
      li {
        display: grid;
        grid-template-columns: 108px 1fr;
        gap: 8px;
        overflow-wrap: anywhere;
      }
      li b {
        font-weight: 600;
      }
      .open {
        color: var(--truewick-text-muted);
      }
      .actions {
        display: flex;
        gap: 8px;
        justify-content: flex-end;
      }
    `,
  ];
  @property({ attribute: false }) fillId = "";
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) receiptOf: (fillId: string) => Promise<string> = () => Promise.reject(new Error());
  @state() private step: Step = { kind: "checking" };
  @query("dialog") private dialog: HTMLDialogElement | null | undefined;

  override firstUpdated(): void {
    this.dialog?.showModal();
    void this.#check();
  }

  override render() {
    const words = proofTexts[this.locale];
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()} @keydown=${keepKeys}>
      <h2 id="title">${words.title}</h2>
      <div role="status">${this.#told(words)}</div>
      <div class="actions">${this.#actions(words)}
        <button @click=${() => this.dialog?.close()}>${words.dismiss}</button></div>
    </dialog>`;
  }

  #told(words: ProofTexts): TemplateResult {
    const { step } = this;
    if (step.kind !== "checked") return html`<p>${words[step.kind]}</p>`;
    const { receipt, findings, holds } = step.verified;
    if (receipt === null) return html`<p class="sum bad">✕ ${words.noReceipt}</p>`;
    return html`<p class="sum ${holds ? "ok" : "bad"}">${holds ? `✓ ${words.genuine}` : `✕ ${words.wrong}`}</p>
      <ul>
        ${findings.map((found) => line(found.holds ? "proved" : "broken", words.checks[found.check](receipt), words))}
        ${words.never(receipt).map((says) => line("open", says, words))}
      </ul>`;
  }

  #actions(words: ProofTexts) {
    const { step } = this;
    if (step.kind === "unsealed" || step.kind === "failed")
      return html`<button @click=${() => void this.#check()}>${words.again}</button>`;
    return "text" in step
      ? html`<button class="download" @click=${() => this.#download(step.text)}>${words.download}</button>`
      : nothing;
  }

  async #check(): Promise<void> {
    this.step = { kind: "checking" };
    try {
      const text = await this.receiptOf(this.fillId);
      const verified = await verifyInBrowser(text);
      this.step = verified === null ? { kind: "unsupported", text } : { kind: "checked", text, verified };
    } catch (error) {
      // By its code alone: a page may carry the script twice, and then its classes too.
      const isEarly = (error as { code?: string }).code === "NOT_SEALED_YET";
      this.step = { kind: isEarly ? "unsealed" : "failed" };
    }
  }

  /** The exact text that was checked: a receipt that is written anew is no receipt. */
  #download(text: string): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `truewick-receipt-${this.fillId}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

const line = (is: "proved" | "broken" | "open", says: string, words: ProofTexts) =>
  html`<li class=${is}><b>${is === "proved" ? "✓" : is === "broken" ? "✕" : "○"} ${words[is]}</b><span>${says}</span></li>`;

/** Keys pressed in the dialog are not shortcuts of the ticket behind it. */
const keepKeys = (event: KeyboardEvent): void => event.stopPropagation();

if (!customElements.get("truewick-fill-proof")) customElements.define("truewick-fill-proof", TruewickFillProof);

/** Opens the proof of a fill over `root`. */
export function openFillProof(
  root: ParentNode,
  given: Pick<TruewickFillProof, "fillId" | "locale" | "receiptOf">,
): void {
  root.append(Object.assign(document.createElement("truewick-fill-proof"), given));
}
