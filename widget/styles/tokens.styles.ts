import { css } from "lit";

/**
 * Design tokens of the widget. Set on the host, so a page may override any of them by name; `light-dark()` follows the
 * colour scheme that the `theme` attribute chooses. The rest of the styles uses only these.
 */
export const tokens = css`
  :host {
    --truewick-surface: light-dark(#ffffff, #0f1216);
    --truewick-surface-raised: light-dark(#ffffff, #171b21);
    --truewick-surface-sunken: light-dark(#f5f6f8, #0b0d10);
    --truewick-line: light-dark(#e4e7ec, #262b33);
    --truewick-line-strong: light-dark(#c9ced6, #3a414c);
    --truewick-text: light-dark(#12161c, #e8ebef);
    --truewick-text-muted: light-dark(#4b5563, #a3abb8);
    --truewick-text-faint: light-dark(#696f7d, #7e8794);
    --truewick-accent: light-dark(#2456e6, #5b8cff);
    --truewick-accent-text: light-dark(#ffffff, #0b0d10);
    --truewick-up: light-dark(#0a8058, #2ec28c);
    --truewick-down: light-dark(#d1363f, #ff6b6b);
    --truewick-buy: light-dark(#1668dc, #4c8dff);
    --truewick-sell: light-dark(#b84a14, #ff8f5a);
    --truewick-side-text: light-dark(#ffffff, #0b0d10);
    --truewick-warn: light-dark(#9a6700, #e0a93b);
    --truewick-danger: light-dark(#b42318, #ff7a70);
    --truewick-ok: light-dark(#0b7a55, #3ecf9a);
    --truewick-font:
      ui-sans-serif, system-ui, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
    --truewick-radius: 6px;
    --truewick-radius-card: 10px;
    --truewick-motion: 140ms;
  }
`;
