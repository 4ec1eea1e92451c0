import { css } from "lit";

/** What every part shares: box model, figures, buttons, fields, focus, and the text that only a screen reader meets. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
    margin: 0;
  }
  button {
    cursor: pointer;
    border: 1px solid var(--truewick-line-strong);
    border-radius: var(--truewick-radius);
    background: var(--truewick-surface-raised);
    padding: 0 12px;
    min-height: 32px;
    transition: background-color var(--truewick-motion) ease-out;
  }
  button:hover:not(:disabled, [aria-disabled="true"]) {
    background: var(--truewick-surface-sunken);
  }
  button:disabled,
  button[aria-disabled="true"] {
    cursor: not-allowed;
    color: var(--truewick-text-faint);
  }
  button.plain {
    border-color: transparent;
    background: none;
    padding: 0 8px;
  }
  button.primary {
    border-color: var(--truewick-accent);
    background: var(--truewick-accent);
    color: var(--truewick-accent-text);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--truewick-accent) 88%, var(--truewick-text));
  }
  input,
  select {
    border: 1px solid var(--truewick-line-strong);
    border-radius: var(--truewick-radius);
    background: var(--truewick-surface-raised);
    min-height: 32px;
    padding: 0 8px;
  }
  input[type="checkbox"] {
    min-height: 0;
    width: 16px;
    height: 16px;
    accent-color: var(--truewick-accent);
  }
  :focus-visible {
    outline: 2px solid var(--truewick-accent);
    outline-offset: 1px;
  }
  .figure {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  /* As text the directions are mixed with the text colour: alone, the light green is below 4.5:1. */
  .up {
    color: color-mix(in srgb, var(--up) 84%, var(--truewick-text));
  }
  .down {
    color: color-mix(in srgb, var(--down) 84%, var(--truewick-text));
  }
  .muted {
    color: var(--truewick-text-muted);
  }
  .chip {
    display: inline-flex;
    align-items: center;
    border-radius: 999px;
    padding: 1px 8px;
    font-size: 12px;
    line-height: 18px;
    white-space: nowrap;
    border: 1px solid var(--truewick-line-strong);
    color: var(--truewick-text-muted);
  }
  .chip.warn {
    border-color: currentColor;
    color: var(--truewick-warn);
  }
  .chip.danger {
    border-color: currentColor;
    color: var(--truewick-danger);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .bone {
    display: inline-block;
    border-radius: 4px;
    background: var(--truewick-line);
    color: transparent;
    user-select: none;
  }
  @media (pointer: coarse) {
    button,
    input:not([type="checkbox"]),
    select {
      min-height: 44px;
      min-width: 44px;
    }
  }
  @container (max-width: 480px) {
    button,
    input:not([type="checkbox"]),
    select {
      min-height: 44px;
      min-width: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;
