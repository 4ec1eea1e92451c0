import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { SelfExclusionReply } from "#contracts/self-exclusion-api.ts";
import type { AccountView } from "#contracts/trading-api.ts";
import type { AskServer } from "../client/cashier-client.ts";
import { moment } from "../format/time.ts";
import { type ExclusionDays, exclusionDays, limitTexts } from "../i18n/account-limits.ts";
import { accountPartStyles } from "../styles/account-part.styles.ts";
import { base } from "../styles/base.styles.ts";

const dayMs = 86_400_000;
/** What is asked for a day must be a day also when the answer is slow. */
const patienceMs = 300_000;

/** Tells which limits an account came to and until when they hold, and lets the trader shut himself out. */
export class TruewickAccountLimits extends LitElement {
  static override styles = [base, accountPartStyles];
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  @property({ attribute: false }) account: AccountView | undefined;
  @state() private days: ExclusionDays = 30;
  /** What he was asked whether he is sure of; null: nothing yet. */
  @state() private asked: Date | null = null;
  @state() private busy = false;
  @state() private note: "onlyLonger" | "failed" | null = null;
  /** Told by the answer, before the account's own news. */
  @state() private excludedUntil: string | null = null;

  override render(): TemplateResult {
    const words = limitTexts[this.locale];
    const until = this.#excludedUntil();
    return html`${this.#breaches()}
      <h3>${words.own}</h3>
      <p role="status">${until === null ? words.what : `✕ ${words.excluded(this.#time(until))}`}</p>
      ${this.note === null ? nothing : html`<p role="status">⚠ ${words[this.note]}</p>`}
      ${this.asked === null ? this.#form() : this.#question(this.asked)}`;
  }

  /** The later of what the account and the answer say: it only ever grows. */
  #excludedUntil(): string | null {
    const told = this.account?.excludedUntil ?? null;
    if (told === null || this.excludedUntil === null) return told ?? this.excludedUntil;
    return told > this.excludedUntil ? told : this.excludedUntil;
  }

  #breaches() {
    const words = limitTexts[this.locale];
    const { breaches = [] } = this.account ?? {};
    if (breaches.length === 0) return nothing;
    return html`<h3>${words.title}</h3>
      ${breaches.map(({ slot, action, endsAt, isTogether }) => {
        const end = endsAt === null ? words.untilLifted : words.until(this.#time(endsAt));
        return html`<p data-slot=${slot} role="status">⚠ ${words.slots[slot]}: ${words.did[action]}${action === "alert" ? "" : `, ${end}`}.${isTogether ? ` ${words.together}` : ""}</p>`;
      })}`;
  }

  #form(): TemplateResult {
    const words = limitTexts[this.locale];
    return html`<div>
      <select aria-label=${words.period} @change=${this.#choose}>
        ${exclusionDays.map((days) => html`<option value=${days} ?selected=${days === this.days}>${words.periods[days]}</option>`)}
      </select>
      <button data-exclude="ask" @click=${this.#askFirst}>${words.exclude}</button>
    </div>`;
  }

  #question(until: Date): TemplateResult {
    const words = limitTexts[this.locale];
    return html`<p role="alert">${words.sure(this.#time(until.toISOString()))}</p>
      <div>
        <button data-exclude="yes" ?disabled=${this.busy} @click=${() => void this.#exclude(until)}>${words.yes}</button>
        <button data-exclude="no" ?disabled=${this.busy} @click=${this.#forget}>${words.no}</button>
      </div>`;
  }

  #time(instant: string): string {
    return moment(instant, this.locale);
  }

  #choose = (event: Event): void => {
    const chosen = (event.target as HTMLSelectElement).value;
    this.days = exclusionDays.find((days) => `${days}` === chosen) ?? this.days;
  };

  #askFirst = (): void => {
    this.note = null;
    this.asked = new Date(Date.now() + this.days * dayMs + patienceMs);
  };

  #forget = (): void => {
    this.asked = null;
  };

  async #exclude(until: Date): Promise<void> {
    this.busy = true;
    try {
      const reply = await this.ask("POST", "/api/trading/self-exclusion", { until: until.toISOString() });
      this.excludedUntil = (reply as SelfExclusionReply).excludedUntil;
    } catch (error) {
      this.note = (error as { code?: string }).code === "EXCLUSION_ONLY_LONGER" ? "onlyLonger" : "failed";
    } finally {
      this.busy = false;
      this.asked = null;
    }
  }
}

if (!customElements.get("truewick-account-limits"))
  customElements.define("truewick-account-limits", TruewickAccountLimits);
