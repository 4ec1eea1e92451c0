import { html, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";

const words: Readonly<Record<Locale, string>> = { en: "Verify", "zh-CN": "核验" };

/** What a fill's row needs to prove it. */
export interface ProofHost {
  readonly locale: Locale;
  readonly receiptOf: (fillId: string) => Promise<string>;
  readonly renderRoot: ParentNode;
}

/** A button that loads the proof of a fill and opens it: the checks come only when somebody asks for them. */
export function fillProofButton(host: ProofHost, fillId: string): TemplateResult {
  const open = async (): Promise<void> => {
    const { openFillProof } = await import("./fill-proof.ts");
    openFillProof(host.renderRoot, { fillId, locale: host.locale, receiptOf: host.receiptOf });
  };
  return html`<button class="plain" data-verify=${fillId} aria-label="${words[host.locale]} ${fillId}" @click=${open}>
    ${words[host.locale]}</button>`;
}
