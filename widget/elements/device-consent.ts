import { html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { AskServer } from "../client/cashier-client.ts";
import { allow, type Consent, readConsent, refuse, tellDevice } from "../client/device.ts";
import { consentTexts } from "../i18n/device-consent.ts";
import { accountPartStyles } from "../styles/account-part.styles.ts";
import { base } from "../styles/base.styles.ts";

/** Asks whether this browser may be recognised, says what was answered, and takes another answer. */
export class TruewickDeviceConsent extends LitElement {
  static override styles = [base, accountPartStyles];
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  @state() private consent: Consent = readConsent();
  @state() private failed = false;

  override render(): TemplateResult {
    const words = consentTexts[this.locale];
    const { kind } = this.consent;
    return html`<h3>${kind === "not-asked" ? words.question : words.title}</h3>
      ${kind === "allowed" ? html`<p role="status">✓ ${words.allowed}</p>` : html`<p>${words.what} ${words.what2}</p>`}
      ${this.failed ? html`<p role="status">⚠ ${words.failed}</p>` : ""}
      ${kind === "refused" ? html`<p role="status">${words.refused}</p>` : ""}
      <div>
        ${kind === "allowed" ? "" : html`<button data-consent="allow" @click=${this.#allow}>${words.allow}</button>`}
        ${kind === "refused" ? "" : html`<button data-consent="refuse" @click=${this.#refuse}>${kind === "allowed" ? words.withdraw : words.refuse}</button>`}
      </div>`;
  }

  #allow = async (): Promise<void> => {
    this.consent = allow();
    try {
      await tellDevice(this.ask);
      this.failed = false;
    } catch (error) {
      console.error("truewick-trader: the device could not be told", error);
      this.failed = true;
    }
  };

  #refuse = (): void => {
    this.consent = refuse();
    this.failed = false;
  };
}

if (!customElements.get("truewick-device-consent"))
  customElements.define("truewick-device-consent", TruewickDeviceConsent);
