import { css } from "lit";

export const ticketStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  .ticket {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    padding: 10px 12px;
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: end;
    gap: 8px;
  }
  .pair div:last-child {
    text-align: end;
  }
  .pair small {
    display: block;
    font-size: 12px;
    color: var(--truewick-text-muted);
  }
  .pair b {
    font-size: 28px;
    line-height: 32px;
    font-weight: 600;
  }
  .pair b.long {
    font-size: 20px;
  }
  .pair b.longer {
    font-size: 16px;
  }
  @container (min-width: 720px) and (max-width: 1023px) {
    .pair b {
      font-size: 20px;
    }
    .pair b.long {
      font-size: 16px;
    }
  }
  .sell small {
    color: var(--truewick-sell);
  }
  .buy small {
    color: var(--truewick-buy);
  }
  .spread {
    padding: 1px 6px;
    margin-bottom: 6px;
    border: 1px solid var(--truewick-line);
    border-radius: 999px;
    font-size: 12px;
    color: var(--truewick-text-muted);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    flex-wrap: wrap;
  }
  .row > label,
  .row > .name {
    min-width: 64px;
    color: var(--truewick-text-muted);
  }
  .stepper {
    display: flex;
    align-items: stretch;
  }
  .stepper button {
    width: 36px;
    min-height: 32px;
    padding: 0;
    font-size: 16px;
  }
  .stepper button:first-child {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  .stepper button:last-child {
    border-start-start-radius: 0;
    border-end-start-radius: 0;
  }
  .stepper input {
    width: 56px;
    border-inline-width: 0;
    border-radius: 0;
    text-align: center;
    font-size: 16px;
    font-variant-numeric: tabular-nums;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 3px;
  }
  .chips button {
    border-radius: 999px;
    min-width: 30px;
    padding: 0 4px;
    font-size: 13px;
  }
  .chips button[aria-pressed="true"] {
    border-color: var(--truewick-accent);
    color: var(--truewick-accent);
    font-weight: 600;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr auto 1fr;
    gap: 2px 10px;
    margin: 0;
    font-size: 13px;
    line-height: 20px;
  }
  dt {
    color: var(--truewick-text-muted);
  }
  dd {
    margin: 0;
    text-align: end;
  }
  .most {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 6px;
    font-size: 13px;
    line-height: 18px;
    color: var(--truewick-text-muted);
    min-height: 48px;
    align-content: start;
  }
  .most button {
    min-height: 26px;
    padding: 0 8px;
    border-radius: 999px;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .most .bound {
    width: 100%;
  }
  /* Lies over the cost lines: were it in the flow, the buttons below would move. */
  .consent {
    position: absolute;
    inset: auto 8px 4px;
    z-index: 1;
    background: var(--truewick-surface-raised);
    box-shadow: 0 4px 16px rgb(0 0 0 / 16%);
    display: grid;
    gap: 8px;
    padding: 12px;
    border: 1px solid var(--truewick-warn);
    border-radius: var(--truewick-radius);
    font-size: 13px;
    line-height: 20px;
  }
  .consent p {
    margin: 0;
  }
  .switch {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }
  @container (max-width: 480px) {
    .switch {
      min-height: 44px;
    }
    .ticket {
      gap: 8px;
    }
    .pair {
      display: none;
    }
  }
`;
