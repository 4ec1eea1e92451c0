import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { encode } from "uqr";
import { base } from "../styles/base.styles.ts";

/** Blank modules around it that readers need (ISO/IEC 18004). */
const quietZone = 4;

/** A text as a QR code, dark on light in every theme: readers need it so. */
export class TruewickQr extends LitElement {
  // The entry has the base styles, and so this chunk takes Lit from there, too.
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: min(176px, 100%);
        border-radius: var(--truewick-radius);
      }
    `,
  ];
  @property({ attribute: false }) text = "";
  /** What it is, for those who do not see it. */
  @property({ attribute: false }) label = "";

  override render() {
    const { data, size } = encode(this.text, { ecc: "M", border: quietZone });
    const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
    return html`<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label=${this.label}>
      <rect width=${size} height=${size} fill="#fff" /><path d=${dark.join("")} fill="#000" /></svg>`;
  }
}

if (!customElements.get("truewick-qr")) customElements.define("truewick-qr", TruewickQr);
