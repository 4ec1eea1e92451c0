import { html, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";
import type { AskServer } from "../client/cashier-client.ts";
import { consentKey } from "../client/device-consent-key.ts";

interface ConsentHost {
  readonly locale: Locale;
  readonly ask: AskServer;
}

/** The question whether this browser may be recognised; loaded when the account's page is opened. */
export function consentPlace({ locale, ask }: ConsentHost): TemplateResult {
  void import("./device-consent.ts");
  return html`<truewick-device-consent .locale=${locale} .ask=${ask}></truewick-device-consent>`;
}

/** Tells of the browser at a login, where the trader has agreed before; who has not loads nothing. */
export async function tellKnownDevice(ask: AskServer): Promise<void> {
  try {
    if (localStorage.getItem(consentKey) === null) return;
  } catch {
    return; // storage is shut: nothing can have been agreed to
  }
  const { tellDevice } = await import("../client/device.ts");
  await tellDevice(ask);
}
