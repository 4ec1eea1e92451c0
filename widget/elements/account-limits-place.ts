import { html, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";
import type { AccountView } from "#contracts/trading-api.ts";
import type { AskServer } from "../client/cashier-client.ts";

interface LimitsHost {
  readonly locale: Locale;
  readonly ask: AskServer;
}

/** Limits that were reached, those the trader sets for himself, and his exclusion; loaded when the account's page is opened. */
export function limitsPlace({ locale, ask }: LimitsHost, account: AccountView): TemplateResult {
  void import("./account-limits.ts");
  void import("./own-limits.ts");
  return html`<truewick-account-limits .locale=${locale} .ask=${ask} .account=${account}></truewick-account-limits>
    <truewick-own-limits .locale=${locale} .ask=${ask} .currency=${account.currency}></truewick-own-limits>`;
}
