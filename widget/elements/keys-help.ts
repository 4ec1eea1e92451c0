import { css, html, LitElement } from "lit";
import { property, query } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import { setSingleKeys, singleKeysOn } from "../controllers/one-click.ts";
import { keysTexts } from "../i18n/keys-help.ts";
import { base } from "../styles/base.styles.ts";

/** The list of shortcuts in a dialog, with the switch that turns single-letter keys off. */
export class TruewickKeysHelp extends LitElement {
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
        width: min(360px, calc(100vw - 32px));
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 40%);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 16px;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 8px 16px;
        margin: 0 0 16px;
      }
      dd {
        margin: 0;
      }
      kbd {
        font: inherit;
        padding: 1px 6px;
        border: 1px solid var(--truewick-line-strong);
        border-radius: 4px;
        white-space: nowrap;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-bottom: 16px;
      }
    `,
  ];
  @property({ attribute: false }) locale: Locale = "en";
  @query("dialog") private dialog: HTMLDialogElement | null | undefined;

  toggle(): void {
    if (this.dialog?.open) this.dialog.close();
    else this.dialog?.showModal();
  }

  override render() {
    const words = keysTexts[this.locale];
    return html`<dialog aria-labelledby="title" @keydown=${this.#onKey}>
      <h2 id="title">${words.title}</h2>
      <dl>${words.list.map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}</dl>
      <label><input type="checkbox" .checked=${singleKeysOn()} @change=${this.#onSwitch} />${words.singleKeys}</label>
      <button @click=${() => this.dialog?.close()}>${words.dismiss}</button>
    </dialog>`;
  }

  #onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "?") this.dialog?.close();
  };

  #onSwitch = (event: Event): void => {
    setSingleKeys((event.target as HTMLInputElement).checked);
  };
}
