import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { SessionState } from "../controllers/session.ts";
import type { Texts } from "../i18n/texts.ts";
import { base } from "../styles/base.styles.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/**
 * Sign-in with email and password, for pages that give no partner token. Paste and password managers work.
 * @fires credentials-given - detail: email and password
 * @fires session-wanted - try the partner's token again
 */
export class TruewickLogin extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        align-content: start;
        padding: 12px;
        min-width: 0;
      }
      form {
        display: grid;
        gap: 12px;
        width: 100%;
        max-width: 420px;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        line-height: 28px;
        font-weight: 600;
      }
      @container (max-width: 480px) {
        form {
          max-width: none;
        }
      }
      label {
        display: grid;
        gap: 4px;
        font-size: 13px;
        color: var(--truewick-text-muted);
      }
      input {
        min-height: 44px;
        font-size: 16px;
        color: var(--truewick-text);
      }
      button {
        min-height: 44px;
      }
      p {
        margin: 0;
        color: var(--truewick-danger);
      }
    `,
  ];
  @property({ attribute: false }) texts: Texts | null = null;
  @property({ attribute: false }) session: SessionState = { kind: "signed-out", reason: null };
  /** The page signs its customer in: no form, only a way to try again. */
  @property({ attribute: false }) byPartner = false;

  override render() {
    const { texts, session } = this;
    if (!texts) return nothing;
    const busy = session.kind === "signing-in";
    return html`<form method="post" @submit=${this.#submit}>
      <h2>${texts.login.title}</h2>
      ${this.#notice(texts)}
      ${this.byPartner ? nothing : this.#fields(texts)}
      <button class="primary" ?disabled=${busy}>
        ${busy ? texts.login.busy : this.byPartner ? texts.login.retry : texts.login.submit}
      </button>
    </form>`;
  }

  #notice(texts: Texts) {
    const reason = this.session.kind === "signed-out" ? this.session.reason : null;
    if (reason === null) return nothing;
    const words = reason === "no-session" ? texts.problem.noSession : texts.login[reason];
    return html`<p role="alert">⚠ ${this.byPartner && reason === "wrong" ? texts.problem.noSession : words}</p>`;
  }

  #fields(texts: Texts) {
    return html`
      <label>${texts.login.email}
        <input name="email" type="email" autocomplete="username" inputmode="email" required maxlength="254" />
      </label>
      <label>${texts.login.password}
        <input name="password" type="password" autocomplete="current-password" required maxlength="128" />
      </label>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.byPartner) {
      this.dispatchEvent(new CustomEvent("session-wanted"));
      return;
    }
    const form = new FormData(event.target as HTMLFormElement);
    const detail = { email: String(form.get("email")).trim(), password: String(form.get("password")) };
    this.dispatchEvent(new CustomEvent<Credentials>("credentials-given", { detail }));
  }
}
