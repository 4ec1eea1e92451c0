import { css } from "lit";

export const tradeButtonsStyles = css`
  :host {
    display: grid;
    align-content: end;
    gap: 8px;
    padding: 12px;
    min-width: 0;
    background: var(--truewick-surface);
  }
  .status {
    display: flex;
    align-items: end;
    min-height: 40px;
    font-size: 13px;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  .status p {
    margin: 0;
  }
  .ok {
    color: var(--truewick-ok);
  }
  .no {
    color: var(--truewick-danger);
  }
  .wait {
    color: var(--truewick-warn);
  }
  .again {
    margin-inline-start: 4px;
    color: var(--truewick-text);
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px;
  }
  .pair button {
    min-height: 56px;
    padding: 4px 8px;
    border-color: transparent;
    font-weight: 600;
    line-height: 20px;
    touch-action: manipulation;
    user-select: none;
    -webkit-user-select: none;
  }
  .pair .price {
    display: block;
    font-size: 16px;
  }
  .pair button.sell,
  .pair button.sell:hover:not(:disabled, [aria-disabled="true"]) {
    background: var(--truewick-sell);
    color: var(--truewick-side-text);
  }
  .pair button.buy,
  .pair button.buy:hover:not(:disabled, [aria-disabled="true"]) {
    background: var(--truewick-buy);
    color: var(--truewick-side-text);
  }
  .pair button:hover:not([aria-disabled="true"]) {
    filter: brightness(1.07);
  }
  .pair button[aria-disabled="true"] {
    background: var(--truewick-surface-sunken);
    border-color: var(--truewick-line-strong);
    color: var(--truewick-text-muted);
  }
  .pair button.cancel {
    background: var(--truewick-surface-raised);
    border-color: var(--truewick-line-strong);
    color: var(--truewick-text);
  }
  .pair button.confirm {
    outline: 2px solid var(--truewick-text);
    outline-offset: 1px;
  }
  @container (max-width: 480px) {
    :host {
      gap: 4px;
      padding: 4px 8px calc(8px + env(safe-area-inset-bottom));
      border-top: 1px solid var(--truewick-line);
      background: var(--truewick-surface-raised);
    }
    .pair .price {
      font-size: 20px;
      line-height: 26px;
    }
  }
`;
