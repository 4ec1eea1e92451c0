import { css, html, LitElement, nothing } from "lit";
import { property, query } from "lit/decorators.js";
import { setSingleKeys, singleKeysOn } from "../controllers/one-click.ts";
import type { Texts } from "../i18n/texts.ts";
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
  @property({ attribute: false }) texts: Texts | null = null;
  @query("dialog") private dialog: HTMLDialogElement | null | undefined;

  toggle(): void {
    if (this.dialog?.open) this.dialog.close();
    else this.dialog?.showModal();
  }

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    return html`<dialog aria-labelledby="title" @keydown=${this.#onKey}>
      <h2 id="title">${texts.keys.title}</h2>
      <dl>${texts.keys.list.map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}</dl>
      <label><input type="checkbox" .checked=${singleKeysOn()} @change=${this.#onSwitch} />${texts.keys.singleKeys}</label>
      <button @click=${() => this.dialog?.close()}>${texts.keys.dismiss}</button>
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
