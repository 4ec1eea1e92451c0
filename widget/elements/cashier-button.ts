import { html, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";
import type { AskServer } from "../client/cashier-client.ts";

const words: Readonly<Record<Locale, string>> = { en: "Cashier", "zh-CN": "出纳" };

/** What the cashier needs of its account. */
export interface CashierHost {
  readonly locale: Locale;
  readonly ask: AskServer;
  readonly renderRoot: ParentNode;
}

/** A button that loads the cashier and opens it: most visits need none. */
export function cashierButton(host: CashierHost, accountId: string): TemplateResult {
  const open = async (): Promise<void> => {
    const { openCashier } = await import("./cashier.ts");
    openCashier(host.renderRoot, { accountId, locale: host.locale, ask: host.ask });
  };
  return html`<button class="cashier" @click=${open}>${words[host.locale]}</button>`;
}
