import { html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { WireStatement } from "#contracts/statements-api.ts";
import { readStatement, readStatements } from "../client/cashier-client.ts";
import { grouped, money, signedMoney } from "../format/numbers.ts";
import { cashierTexts } from "../i18n/cashier.ts";
import { statementTexts } from "../i18n/cashier-statements.ts";
import { CashierPage } from "./cashier-page.ts";
import { fillSheet, type Sheet } from "./statement-sheet.ts";

const minus = "\u2212";
/** So long a browser may take to begin with a file that it is given. */
const fileKeptMs = 60_000;

/** A month as a heading: "2026-11" -> "November 2026". */
const monthOf = (month: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-01`));

/** The account's daily statements, newest first, by month; one at a time is open. */
export class TruewickCashierStatements extends CashierPage {
  @state() private rows: readonly WireStatement[] | null = null;
  @state() private next: string | null = null;
  @state() private openId: string | null = null;
  @state() private isBroken = false;
  @state() private isReading = false;

  override firstUpdated(): void {
    void this.#read(null);
  }

  override render(): TemplateResult {
    const { rows, locale, next, isBroken } = this;
    const words = statementTexts[locale];
    const again = html`<button @click=${() => void this.#read(next)}>${cashierTexts[locale].again}</button>`;
    if (rows === null) return isBroken ? again : html`<p>${cashierTexts[locale].loading}</p>`;
    if (rows.length === 0) return html`<p class="muted">${words.none}</p>`;
    const months = [...new Set(rows.map(({ bookDate }) => bookDate.slice(0, 7)))];
    return html`<p class="muted">${words.about}</p>
      ${months.map(
        (month) => html`<h3>${monthOf(month, locale)}</h3>
          <ul>${rows.filter(({ bookDate }) => bookDate.startsWith(month)).map((row) => this.#row(row))}</ul>`,
      )}
      ${isBroken ? again : nothing}
      ${next === null || isBroken ? nothing : html`<button class="more" ?disabled=${this.isReading} @click=${() => void this.#read(next)}>${words.more}</button>`}`;
  }

  #row(one: WireStatement): TemplateResult {
    const words = statementTexts[this.locale];
    const isOpen = one.id === this.openId;
    return html`<li data-statement=${one.bookDate}>
      <button class="fold" aria-expanded=${isOpen} @click=${() => {
        this.openId = isOpen ? null : one.id;
      }}>${one.bookDate}</button>
      <b class="end figure">${money(one.closing, one.currency, this.locale)}</b>
      <small>${words.movements(one.movements)}</small>
      <small class="end figure">${signedMoney(one.moved, one.currency, this.locale)}</small>
      ${isOpen ? this.#details(one) : nothing}
    </li>`;
  }

  #details(one: WireStatement): TemplateResult {
    const words = statementTexts[this.locale];
    const told = (amount: string): string => money(amount, one.currency, this.locale);
    const line = (name: string, value: string | TemplateResult) =>
      html`<div><dt>${name}</dt><dd class="figure">${value}</dd></div>`;
    return html`<div class="details">
      <dl class="lines">${line(words.opening, told(one.opening))}
        ${Object.entries(one.totals).map(([kind, amount]) =>
          line(words.kinds[kind] ?? kind, signedMoney(amount, one.currency, this.locale)),
        )}
        ${line(words.closing, html`<b>${told(one.closing)}</b>`)} ${line(words.held, told(one.held))}
        ${line(words.openPnl, one.openPnl === null ? words.noPrice : told(one.openPnl))}</dl>
      ${one.positions.length === 0 ? nothing : this.#positions(one)}
      <div class="row"><button class="csv" ?disabled=${this.busy} @click=${() => void this.#save(one)}>${words.csv}</button>
        <button class="print" ?disabled=${this.busy} @click=${() => void this.#print(one)}>${words.print}</button></div>
      <small>${words.proof}</small><code class="whole">${one.hash}</code></div>`;
  }

  #positions({ positions }: WireStatement): TemplateResult {
    const words = statementTexts[this.locale];
    return html`<h3>${words.positions}</h3><dl class="lines">${positions.map(
      ({ instrument, lots, averagePrice, settlementPrice }) => html`<div>
        <dt>${instrument} <span class="figure">${lots.startsWith("-") ? lots.replace("-", minus) : `+${lots}`}</span>
          ${words.at(grouped(averagePrice, this.locale))}</dt>
        <dd class="figure">${settlementPrice === null ? words.noPrice : grouped(settlementPrice, this.locale)}</dd></div>`,
    )}</dl>`;
  }

  /** What is there stays when the next page can't be read. */
  async #read(after: string | null): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      const page = await readStatements(this.ask, this.accountId, after);
      this.rows = after === null ? page.statements : [...(this.rows ?? []), ...page.statements];
      this.next = page.next;
      this.isBroken = false;
    } catch {
      this.isBroken = true;
    } finally {
      this.isReading = false;
    }
  }

  async #save(one: WireStatement): Promise<void> {
    await this.run(async () => {
      const text = await readStatement(this.ask, one.id, "csv");
      const href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
      Object.assign(document.createElement("a"), { href, download: `statement-${one.bookDate}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(href), fileKeptMs);
      return null;
    }, {});
  }

  /**
   * The window opens with the press itself: one that opens later is a pop-up, which browsers refuse. It is filled from here, since a link to
   * the server could not name who asks; where there is nothing to show it closes again. While the cashier does something else there is none.
   */
  async #print(one: WireStatement): Promise<void> {
    if (this.busy) return;
    const sheet = window.open("", "_blank") as Sheet | null;
    await this.run(async () => {
      if (sheet === null) return { look: "bad", text: statementTexts[this.locale].noWindow };
      try {
        fillSheet(sheet, await readStatement(this.ask, one.id, "page"));
      } catch (error) {
        sheet.close();
        throw error;
      }
      return null;
    }, {});
  }
}

if (!customElements.get("truewick-cashier-statements"))
  customElements.define("truewick-cashier-statements", TruewickCashierStatements);
