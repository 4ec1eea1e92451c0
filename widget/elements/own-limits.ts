import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { OwnLimits, OwnLimitsReply } from "#contracts/own-limits-api.ts";
import { ownLossActions } from "#contracts/own-names.ts";
import type { AskServer } from "../client/cashier-client.ts";
import { dayNames, draftOf, type OwnLimitsDraft, textOf, wantedOf } from "../format/own-limits.ts";
import { moment } from "../format/time.ts";
import { type FaultyField, ownLimitTexts } from "../i18n/own-limits.ts";
import { accountPartStyles } from "../styles/account-part.styles.ts";
import { base } from "../styles/base.styles.ts";
import { ownLimitsStyles } from "../styles/own-limits.styles.ts";

/** Limits that the trader sets for himself: stricter at once, looser later, as the server decides. */
export class TruewickOwnLimits extends LitElement {
  static override styles = [base, accountPartStyles, ownLimitsStyles];
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  /** Of the account that is shown: a loss is written in each account's own. */
  @property({ attribute: false }) currency = "";
  @state() private known: OwnLimitsReply | null = null;
  @state() private draft: OwnLimitsDraft | null = null;
  @state() private busy = false;
  @state() private note: { readonly isBad: boolean; readonly says: string } | null = null;

  /** Not sooner: what was set before the chunk came is known from here on. */
  override firstUpdated(): void {
    void this.#run("GET");
  }

  override render(): TemplateResult {
    const words = ownLimitTexts[this.locale];
    const { known, draft, note } = this;
    return html`<h3>${words.title}</h3>
      ${known === null || draft === null ? nothing : html`<p>${words.what(known.delayHours)}</p>${this.#later(known)}${this.#form(known, draft)}`}
      <p role="status" class=${note?.isBad === true ? "bad" : ""}>${note === null ? nothing : `${note.isBad ? "⚠" : "✓"} ${note.says}`}</p>
      ${known === null && note !== null ? html`<div><button data-own="again" @click=${() => void this.#run("GET")}>${words.again}</button></div>` : nothing}`;
  }

  #later({ inForce, later }: OwnLimitsReply) {
    if (later === null) return nothing;
    const words = ownLimitTexts[this.locale];
    const told = (name: FaultyField, limits: OwnLimits): string => textOf(name, limits, this) ?? words.none;
    const changed = (Object.keys(words.fields) as FaultyField[]).filter(
      (name) => JSON.stringify(inForce[name]) !== JSON.stringify(later.limits[name]),
    );
    return html`<div class="later" data-later>
      <p>${words.later(moment(later.from, this.locale))}</p>
      <ul>${changed.map((name) => html`<li>${words.laterLine(words.fields[name], told(name, inForce), told(name, later.limits))}</li>`)}</ul>
      <button data-own="keep" ?disabled=${this.busy} @click=${() => void this.#run("PUT", inForce)}>${words.keep}</button>
    </div>`;
  }

  #form(known: OwnLimitsReply, draft: OwnLimitsDraft): TemplateResult {
    const words = ownLimitTexts[this.locale];
    const { fields } = words;
    const limits = wanted(known);
    return html`<form @submit=${this.#save} @input=${this.#type}>
      ${this.#text("amount", `${fields.dailyLoss}${this.currency === "" ? "" : `, ${this.currency}`}`, draft.amount)}
      ${
        draft.amount.trim() === ""
          ? nothing
          : html`<label>${words.lossFrom(draft.lossZone)}<input type="time" name="resetTime" required .value=${draft.resetTime} /></label>
        <label>${words.lossAction}<select name="action">
          ${ownLossActions.map((action) => html`<option value=${action} ?selected=${action === draft.action}>${words.lossActions[action]}</option>`)}
        </select></label>`
      }
      ${this.#text("maxLotsPerOrder", fields.maxLotsPerOrder, draft.maxLotsPerOrder)}
      ${this.#text("maxPositionLots", fields.maxPositionLots, draft.maxPositionLots)}
      ${this.#text("maxOrdersPerMinute", fields.maxOrdersPerMinute, draft.maxOrdersPerMinute)}
      <fieldset>
        <legend>${fields.tradingWindows}</legend>
        <div>${dayNames.map((name, place) => html`<label class="day"><input type="checkbox" name="day" value=${name} .checked=${draft.days.includes(name)} />${words.days[place]}</label>`)}</div>
        <div ?hidden=${draft.days.length === 0}>
          <label>${words.from}<input type="time" name="from" ?required=${draft.days.length > 0} .value=${draft.from} /></label>
          <label>${words.to}<input type="time" name="to" ?required=${draft.days.length > 0} .value=${draft.to} /></label>
        </div>
        <p>${draft.otherHours === null ? words.hoursIn(draft.hoursZone) : words.otherHours(draft.otherHours.join("; "))}</p>
      </fieldset>
      ${limits.allowed === null ? nothing : html`<p>${words.onlyThese(limits.allowed.join(", "))}</p>`}
      <button class="primary" data-own="save" ?disabled=${this.busy}>${words.save}</button>
    </form>`;
  }

  #text(name: keyof OwnLimitsDraft, label: string, value: string): TemplateResult {
    return html`<label>${label}<input name=${name} inputmode="decimal" autocomplete="off" maxlength="20" placeholder=${ownLimitTexts[this.locale].none} .value=${value} /></label>`;
  }

  #type = (event: Event): void => {
    const { name, value } = event.target as HTMLInputElement;
    const { draft } = this;
    if (draft === null) return;
    this.note = null;
    if (name !== "day") this.draft = { ...draft, [name]: value };
    else {
      const { checked } = event.target as HTMLInputElement;
      const days = dayNames.filter((one) => (one === value ? checked : draft.days.includes(one)));
      this.draft = { ...draft, days };
    }
  };

  #save = (event: Event): void => {
    event.preventDefault();
    const { known, draft } = this;
    if (known !== null && draft !== null) void this.#run("PUT", wantedOf(draft, wanted(known)));
  };

  async #run(method: "GET" | "PUT", body?: unknown): Promise<void> {
    const words = ownLimitTexts[this.locale];
    this.busy = true;
    this.note = null;
    try {
      const reply = (await this.ask(method, "/api/trading/limits", body)) as OwnLimitsReply;
      this.known = reply;
      this.draft = draftOf(wanted(reply), zoneHere());
      if (method === "PUT") this.note = { isBad: false, says: words.saved };
    } catch (error) {
      this.note = { isBad: true, says: this.#failure(error as Failure) };
    } finally {
      this.busy = false;
    }
  }

  #failure({ code, errors = {} }: Failure): string {
    const words = ownLimitTexts[this.locale];
    const names = new Set(Object.keys(errors).map((field) => field.split(".")[0]));
    const faulty = Object.entries(words.fields).flatMap(([name, label]) => (names.has(name) ? [label] : []));
    if (faulty.length > 0) return words.wrong(faulty.join(", "));
    return code === "TOO_MANY_CHANGES" ? words.tooOften : words.failed;
  }
}

interface Failure {
  readonly code?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

/** What he asked for last, whether it holds yet or not. */
const wanted = ({ inForce, later }: OwnLimitsReply): OwnLimits => later?.limits ?? inForce;

const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

if (!customElements.get("truewick-own-limits")) customElements.define("truewick-own-limits", TruewickOwnLimits);
