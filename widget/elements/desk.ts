import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale, Side } from "#contracts/names.ts";
import type { AccountView, WireFill, WireInstrument, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { isWaiting } from "../chart/trade-lines.ts";
import type { AskServer } from "../client/cashier-client.ts";
import type { Page } from "../client/rest.ts";
import type { CommandNote, Refused } from "../controllers/commands.ts";
import type { DeskCommand } from "../controllers/desk-commands.ts";
import type { Prepared } from "../controllers/ticket.ts";
import { grouped } from "../format/numbers.ts";
import type { MarkedPosition } from "../format/position.ts";
import { refusalText } from "../i18n/refusal-text.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";
import { deskStyles } from "./desk.styles.ts";
import { accountPage, fillsPage } from "./desk-pages.ts";
import { tellKnownDevice } from "./device-consent-place.ts";
import { ordersPage } from "./orders-page.ts";
import { positionsPage } from "./positions-page.ts";

export const deskTabs = ["positions", "orders", "fills", "account"] as const;
type DeskTab = (typeof deskTabs)[number];

export interface DeskRow {
  readonly position: WirePosition;
  readonly marked: MarkedPosition;
  /** Currency of its profit; the account's where the instrument is not known. */
  readonly currency: string;
}

/**
 * Positions with live profit and close, orders, fills, and the figures of the account.
 * @fires command-given - detail: DeskCommand
 * @fires more-wanted - detail: "orders" | "fills"
 */
export class TruewickDesk extends LitElement {
  static override styles = [base, deskStyles];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) load: "signed-out" | "loading" | "ready" | "failed" = "loading";
  @property({ attribute: false }) rows: readonly DeskRow[] = [];
  @property({ attribute: false }) instruments: readonly WireInstrument[] = [];
  @property({ attribute: false }) orders: Page<WireOrder> = { rows: [], next: null };
  @property({ attribute: false }) fills: Page<WireFill> = { rows: [], next: null };
  @property({ attribute: false }) account: AccountView | undefined;
  @property({ attribute: false }) unrealized: string | null = null;
  @property({ attribute: false }) prepared: Prepared | null = null;
  @property({ attribute: false }) busy = false;
  @property({ attribute: false }) note: CommandNote | null = null;
  /** Whether an answer about an order or a position, by id, is awaited. */
  @property({ attribute: false }) isPending: (id: string) => boolean = () => false;
  /** The price that an order of a side meets now. */
  @property({ attribute: false }) marketOf: (instrumentId: string, side: Side) => string | null = () => null;
  /** Fetches the receipt of a fill. */
  @property({ attribute: false }) receiptOf: (fillId: string) => Promise<string> = () => Promise.reject(new Error());
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  #isTold = false;
  @state() tab: DeskTab = "positions";

  /** Once a login. */
  override updated(): void {
    if (this.load === "signed-out") this.#isTold = false;
    if (this.load !== "ready" || this.#isTold) return;
    this.#isTold = true;
    tellKnownDevice(this.ask).catch((error: unknown) =>
      console.error("truewick-trader: the device could not be told", error),
    );
  }

  override render() {
    const { texts } = this;
    if (!texts) return nothing;
    return html`
      <div class="tabs" role="tablist" aria-label=${texts.desk.label} @keydown=${this.#onTabKey}>
        ${deskTabs.map((tab) => this.#tabButton(tab, texts))}
      </div>
      <div class="note" role="status">${this.#note(texts)}</div>
      <div class="page" role="tabpanel" id="page" tabindex="0" aria-labelledby="tab-${this.tab}">${this.#page(texts)}</div>`;
  }

  #tabButton(tab: DeskTab, texts: Texts) {
    const counted =
      tab === "positions" ? this.rows.length : tab === "orders" ? this.orders.rows.filter(isWaiting).length : 0;
    const count = counted > 0 ? ` ${counted}` : "";
    return html`<button role="tab" id="tab-${tab}" aria-selected=${tab === this.tab} aria-controls="page"
      tabindex=${tab === this.tab ? 0 : -1} @click=${() => this.#choose(tab)}>${texts.desk[tab]}${count}</button>`;
  }

  #page(texts: Texts): TemplateResult {
    if (this.load === "signed-out") return html`<p class="empty">${texts.desk.signedOut}</p>`;
    if (this.load === "loading")
      return html`<div class="bones" aria-hidden="true"><span class="bone"></span><span class="bone"></span></div>`;
    if (this.load === "failed") return html`<p class="empty" role="status">⚠ ${texts.desk.failed}</p>`;
    switch (this.tab) {
      case "positions":
        return positionsPage(this, texts);
      case "orders":
        return ordersPage(this, texts, () => this.#send("more-wanted", "orders"));
      case "fills":
        return fillsPage(this, texts, () => this.#send("more-wanted", "fills"));
      case "account":
        return accountPage(this, texts);
    }
  }

  /** What became of the last change. */
  #note(texts: Texts) {
    const { note, locale } = this;
    if (note === null) return nothing;
    if (note.kind === "done")
      return html`<span class="ok">✓ ${texts.orders.done(grouped(String(note.closed), locale), grouped(String(note.cancelled), locale))}</span>`;
    if (note.kind === "unknown") return html`<span class="no">⚠ ${texts.life.unknown}</span>`;
    if (note.kind === "vetoed") return html`<span class="no">⚠ ${texts.life.vetoed}</span>`;
    return html`<span class="no">✕ ${this.#refusal(note.answer, note.instrumentId)}</span>`;
  }

  #refusal(answer: Refused, instrumentId: string): string {
    const instrument = this.instruments.find((one) => one.id === instrumentId);
    return refusalText({ ...answer, instrumentId, instrument, currency: this.account?.currency ?? "" }, this.locale);
  }

  #choose(tab: DeskTab): void {
    this.tab = tab;
  }

  #onTabKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = deskTabs[(deskTabs.indexOf(this.tab) + step + deskTabs.length) % deskTabs.length];
    if (!next) return;
    this.tab = next;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  };

  /** @internal hands a command of one of the lists on */
  send(command: DeskCommand): void {
    this.#send("command-given", command);
  }

  #send<Detail>(name: string, detail: Detail): void {
    this.dispatchEvent(new CustomEvent<Detail>(name, { detail }));
  }
}
