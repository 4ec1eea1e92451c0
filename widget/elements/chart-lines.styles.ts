import { css } from "lit";

export const chartLinesStyles = css`
  :host {
    position: absolute;
    inset: 0;
    overflow: hidden;
    pointer-events: none;
  }
  .rule {
    position: absolute;
    inset: -8px var(--plot-right) auto var(--plot-left);
    height: 16px;
    border: 0;
    color: var(--truewick-text-muted);
  }
  .rule::before {
    content: "";
    position: absolute;
    inset: 7px 0 auto;
    border-top: 1.5px solid currentColor;
  }
  .rule.average::before {
    border-top-style: dotted;
  }
  .rule.limit::before,
  .rule.stop::before {
    border-top-style: dashed;
  }
  .buy {
    --side: var(--truewick-buy);
  }
  .sell {
    --side: var(--truewick-sell);
  }
  .limit,
  .stop {
    color: var(--side);
  }
  .takeProfit {
    color: var(--truewick-ok);
  }
  .stopLoss {
    color: var(--truewick-danger);
  }
  .tag {
    position: absolute;
    inset: 0 calc(var(--plot-right) + 4px) auto auto;
    display: flex;
    align-items: stretch;
    height: 24px;
    max-width: calc(100% - var(--plot-right) - 8px);
    border: 1px solid currentColor;
    border-radius: 4px;
    background: var(--truewick-surface-raised);
    font-size: 12px;
    line-height: 22px;
    pointer-events: auto;
    z-index: 1;
  }
  .tag.average {
    color: var(--truewick-text-muted);
    border-color: var(--truewick-line-strong);
  }
  .tag.dragging,
  .tag.proposed,
  .tag.sending {
    border-width: 2px;
    line-height: 20px;
    z-index: 2;
  }
  .grip,
  .held {
    display: flex;
    gap: 6px;
    padding: 0 6px;
    min-width: 0;
    white-space: nowrap;
    overflow: hidden;
  }
  .grip {
    cursor: ns-resize;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }
  .grip b,
  .held b {
    color: var(--truewick-text);
  }
  .means:not(.up, .down) {
    color: var(--truewick-text-muted);
  }
  .tag button {
    min-width: 24px;
    min-height: 0;
    padding: 0 6px;
    border: 0;
    border-inline-start: 1px solid var(--truewick-line-strong);
    border-radius: 0;
    font-size: 12px;
    line-height: inherit;
    color: var(--truewick-text);
  }
  .tag button.primary {
    color: var(--truewick-accent-text);
  }
  .refused {
    position: absolute;
    inset: auto 8px 8px 8px;
  }
  .refused p {
    width: fit-content;
    margin: 0 auto;
    padding: 4px 10px;
    border: 1px solid currentColor;
    border-radius: var(--truewick-radius);
    background: var(--truewick-surface-raised);
    color: var(--truewick-danger);
    font-size: 13px;
    pointer-events: auto;
  }
  .tag button.add {
    cursor: ns-resize;
    touch-action: none;
  }
  .grip,
  .tag button {
    position: relative;
  }
  /* Labels stay low, so that more of them fit; what a finger meets reaches further. */
  @media (pointer: coarse) {
    .grip {
      overflow: visible;
    }
    .grip::after,
    .tag button::after {
      content: "";
      position: absolute;
      inset: -10px 0;
    }
  }
  @container (max-width: 480px) {
    .tag .what {
      max-width: 96px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .grip:not(:focus) .means {
      max-width: 84px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    /* While a line is moved its price and money are what counts; the colour and its name for readers say which it is. */
    .tag:is(.dragging, .proposed) .grip .means {
      max-width: none;
    }
    .tag:is(.dragging, .proposed) .what {
      max-width: 0;
      margin-inline-end: -6px;
    }
  }
`;
