import { html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { WireInstrument } from "#contracts/trading-api.ts";
import { grouped } from "../format/numbers.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { instrumentPickerStyles } from "./instrument-picker.styles.ts";

/**
 * Choice of the instrument: a searchable list with session state, newest known price and where it comes from.
 * @fires instrument-chosen - detail: the instrument's id
 */
export class TruewickInstrumentPicker extends LitElement {
  static override styles = [base, instrumentPickerStyles];
  @property({ attribute: false }) instruments: readonly WireInstrument[] = [];
  @property({ attribute: false }) selectedId: string | null = null;
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @state() private isOpen = false;
  @state() private search = "";
  @state() private at = 0;
  @query("input") private field: HTMLInputElement | null | undefined;
  @query(".open") private opener: HTMLButtonElement | null | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#onOutside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#onOutside);
    this.isOpen = false;
  }

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    const selected = this.instruments.find((one) => one.id === this.selectedId);
    return html`
      <button class="open plain" aria-haspopup="listbox" aria-expanded=${this.isOpen} @click=${this.#toggle}
        aria-label="${texts.header.chooseInstrument}: ${selected ? `${selected.id} ${selected.name}` : ""}">
        <b>${selected?.id ?? html`<span class="bone">MES</span>`}</b>
        <span class="name">${selected?.name ?? html`<span class="bone">Micro E-mini S&P</span>`}</span><span aria-hidden="true">▾</span>
      </button>
      ${this.isOpen ? this.#panel(texts) : nothing}`;
  }

  #panel(texts: Texts) {
    const found = this.#found();
    const active = found[this.at];
    return html`<div class="panel">
      <input type="search" role="combobox" aria-expanded="true" aria-controls="list" aria-autocomplete="list"
        aria-activedescendant=${active ? `option-${active.id}` : ""} aria-label=${texts.header.search}
        placeholder=${texts.header.search} .value=${this.search} @input=${this.#onSearch} @keydown=${this.#onKey} />
      ${
        found.length === 0
          ? html`<div class="none" role="status">${texts.header.noInstrument(this.search)}</div>`
          : html`<ul id="list" role="listbox" aria-label=${texts.header.chooseInstrument}>
              ${found.map((one, index) => this.#option(one, index === this.at, texts))}
            </ul>`
      }
    </div>`;
  }

  #option(one: WireInstrument, isActive: boolean, texts: Texts) {
    const source = one.quote ? texts.sources[one.quote.source] : null;
    return html`<li role="option" id="option-${one.id}" aria-selected=${isActive} @click=${() => this.#choose(one.id)}>
      <b>${one.id}</b><span class="name">${one.name}</span>
      <span class="end"><span class="figure">${one.quote ? grouped(one.quote.bid, this.locale) : "–"}</span>
        <span class="muted small">${stateOf(one, texts)}${source ? ` · ${source}` : ""}</span></span>
    </li>`;
  }

  #found(): readonly WireInstrument[] {
    const wanted = this.search.trim().toLowerCase();
    return this.instruments.filter((one) => `${one.id} ${one.name} ${one.exchange}`.toLowerCase().includes(wanted));
  }

  #toggle = (): void => {
    if (this.isOpen) this.#close();
    else void this.#open();
  };

  async #open(): Promise<void> {
    this.search = "";
    this.at = Math.max(
      0,
      this.instruments.findIndex((one) => one.id === this.selectedId),
    );
    this.isOpen = true;
    await this.updateComplete;
    this.field?.focus();
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #close(): void {
    this.isOpen = false;
  }

  #onSearch = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value;
    this.at = 0;
  };

  #onKey = (event: KeyboardEvent): void => {
    // Keys typed here are for the list; the ticket's shortcuts must not hear them.
    event.stopPropagation();
    const found = this.#found();
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      this.at = (this.at + step + found.length) % found.length;
    } else if (event.key === "Enter") {
      const active = found[this.at];
      if (active) this.#choose(active.id);
    } else if (event.key === "Escape") {
      this.#close();
      this.opener?.focus();
    }
  };

  #onOutside = (event: Event): void => {
    if (this.isOpen && !event.composedPath().includes(this)) this.#close();
  };

  #choose(id: string): void {
    this.#close();
    this.opener?.focus();
    this.dispatchEvent(new CustomEvent<string>("instrument-chosen", { detail: id }));
  }
}

function stateOf(one: WireInstrument, texts: Texts): string {
  if (one.tradeMode === "halted") return texts.header.halted;
  if (!one.session.open) return texts.header.closed;
  const { open, closeOnly, longOnly, shortOnly, halted } = texts.header;
  return { full: open, "close-only": closeOnly, "long-only": longOnly, "short-only": shortOnly, halted }[one.tradeMode];
}
