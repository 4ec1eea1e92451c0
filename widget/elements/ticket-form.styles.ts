import { css } from "lit";

export const ticketFormStyles = css`
  .types {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, auto));
    margin: 0;
    padding: 2px;
    border: 0;
    border-radius: var(--truewick-radius);
    background: var(--truewick-surface-sunken);
  }
  .types label {
    position: relative;
    display: grid;
  }
  .types input {
    position: absolute;
    inset: 0;
    width: auto;
    height: auto;
    opacity: 0;
    margin: 0;
    cursor: pointer;
  }
  .types span {
    display: grid;
    place-content: center;
    min-height: 28px;
    padding: 0 4px;
    border-radius: 4px;
    font-size: 13px;
    white-space: nowrap;
    color: var(--truewick-text-muted);
  }
  .types input:checked + span {
    background: var(--truewick-surface-raised);
    color: var(--truewick-text);
    font-weight: 600;
    box-shadow: 0 0 0 1px var(--truewick-line-strong);
  }
  .types input:focus-visible + span {
    outline: 2px solid var(--truewick-accent);
  }
  .row.price > label,
  .row.leg > label {
    min-width: 84px;
  }
  input[aria-invalid="true"] {
    border-color: var(--truewick-danger);
  }
  .fault {
    margin: 0;
    font-size: 12px;
    color: var(--truewick-danger);
  }
  .stepper.wide {
    flex: 1;
  }
  .stepper.wide input {
    flex: 1;
    width: 0;
  }
  .legs {
    gap: 4px 14px;
  }
  .legs .box {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    min-height: 24px;
    font-size: 13px;
    color: var(--truewick-text);
  }
  .leg {
    flex-wrap: nowrap;
  }
  .leg input {
    width: 84px;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .leg select {
    width: 72px;
    padding: 0 2px;
  }
  .leg small {
    flex: 1;
    min-width: 0;
    font-size: 12px;
    line-height: 14px;
    text-align: end;
    white-space: normal;
  }
  @container (max-width: 480px) {
    .chips button {
      min-width: 44px;
    }
    .types span,
    .legs .box {
      min-height: 44px;
    }
  }
`;
