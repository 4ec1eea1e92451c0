import type { DeviceRequest } from "#contracts/device-api.ts";
import { consentVersion } from "#contracts/link-names.ts";
import { type AskServer, newRequestId } from "./cashier-client.ts";
import { consentKey } from "./device-consent-key.ts";

/** What the trader said on this browser; `version`: of the text he agreed to. */
export type Consent =
  | { readonly kind: "allowed"; readonly version: number; readonly deviceId: string }
  | { readonly kind: "refused" }
  | { readonly kind: "not-asked" };

/** Where nothing can be kept, an answer holds for this visit. */
let ofThisVisit: Consent = { kind: "not-asked" };

/** What was said; an answer to another text than today's is none. */
export function readConsent(): Consent {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(consentKey) ?? "null");
    if (kept !== null) ofThisVisit = kept as Consent;
  } catch {
    // Storage is shut, or holds what is not ours.
  }
  const isOld = ofThisVisit.kind === "allowed" && ofThisVisit.version !== consentVersion;
  return isOld ? { kind: "not-asked" } : ofThisVisit;
}

export function allow(): Consent {
  return keep({ kind: "allowed", version: consentVersion, deviceId: newRequestId() });
}

/** The id goes with the consent. */
export const refuse = (): Consent => keep({ kind: "refused" });

function keep(consent: Consent): Consent {
  ofThisVisit = consent;
  try {
    localStorage.setItem(consentKey, JSON.stringify(consent));
  } catch {
    // It holds for this visit.
  }
  return consent;
}

/** Tells the server of the browser, where the trader has agreed; the library comes only then, and tells nobody else. */
export async function tellDevice(ask: AskServer): Promise<void> {
  const consent = readConsent();
  if (consent.kind !== "allowed") return;
  const { load } = await import("@fingerprintjs/fingerprintjs");
  const agent = await load({ monitoring: false });
  const { visitorId } = await agent.get();
  const request: DeviceRequest = { deviceId: consent.deviceId, fingerprint: visitorId, consentVersion };
  await ask("POST", "/api/trading/device", request);
}
