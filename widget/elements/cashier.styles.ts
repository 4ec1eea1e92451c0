import { css } from "lit";

export const cashierStyles = css`
  dialog {
    border: 1px solid var(--truewick-line-strong);
    border-radius: var(--truewick-radius-card);
    background: var(--truewick-surface-raised);
    color: var(--truewick-text);
    padding: 20px 24px;
    font: inherit;
    font-size: 14px;
    width: min(560px, calc(100vw - 24px));
    max-height: calc(100vh - 24px);
    overflow: auto;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 40%);
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    margin-bottom: 12px;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 16px;
  }
  h3 {
    font-size: 14px;
    margin: 20px 0 8px;
  }
  [role="tablist"] {
    display: flex;
    gap: 4px;
    margin-bottom: 16px;
    border-bottom: 1px solid var(--truewick-line);
  }
  [role="tab"] {
    min-height: 40px;
    border: 0;
    border-bottom: 2px solid transparent;
    border-radius: 0;
    background: none;
    color: var(--truewick-text-muted);
  }
  [role="tab"][aria-selected="true"] {
    border-bottom-color: var(--truewick-accent);
    color: var(--truewick-text);
    font-weight: 600;
  }
  p {
    margin: 0 0 12px;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: 8px 16px;
    margin: 0 0 16px;
  }
  dt {
    color: var(--truewick-text-muted);
    font-size: 12px;
  }
  dd {
    margin: 0;
  }
  form {
    display: grid;
    gap: 12px;
  }
  label {
    display: grid;
    gap: 4px;
    font-size: 13px;
    color: var(--truewick-text-muted);
  }
  input,
  select {
    min-height: 40px;
    font-size: 16px;
    color: var(--truewick-text);
    width: 100%;
    min-width: 0;
  }
  .row {
    display: flex;
    gap: 8px;
    align-items: end;
    flex-wrap: wrap;
  }
  .row label {
    flex: 1 1 200px;
    min-width: 0;
  }
  .row .wide {
    flex-basis: 100%;
  }
  .row button {
    min-height: 40px;
  }
  .row + p {
    margin-top: 8px;
  }
  .sum {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 24px;
    margin: 0;
  }
  .ok {
    color: var(--truewick-ok);
  }
  .bad {
    color: var(--truewick-danger);
  }
  .warning {
    color: var(--truewick-warn);
  }
  .copied {
    display: flex;
    gap: 8px;
    align-items: baseline;
    justify-content: space-between;
  }
  .copied button {
    flex: none;
  }
  .way {
    margin-bottom: 16px;
  }
  .copied code,
  .whole {
    overflow-wrap: anywhere;
    font-size: 14px;
  }
  a.pay {
    display: inline-grid;
    place-content: center;
    min-height: 40px;
    padding: 0 16px;
    border-radius: var(--truewick-radius);
    background: var(--truewick-accent);
    color: var(--truewick-accent-text);
    font-weight: 600;
    text-decoration: none;
  }
  a.pay.small {
    min-height: 32px;
    padding: 0 12px;
    font-size: 13px;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  li {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px 16px;
    padding: 8px 0;
    border-top: 1px solid var(--truewick-line);
    overflow-wrap: anywhere;
  }
  li .end {
    text-align: end;
  }
  li small {
    color: var(--truewick-text-muted);
    font-size: 12px;
  }
  .fold {
    justify-self: start;
    min-height: 32px;
    padding: 0 8px;
    margin-inline-start: -8px;
    border: 0;
    background: none;
    font-weight: 600;
  }
  .fold::before {
    content: "▸ ";
  }
  .fold[aria-expanded="true"]::before {
    content: "▾ ";
  }
  .details {
    grid-column: 1 / -1;
    display: grid;
    gap: 8px;
    padding: 8px 0;
  }
  .lines {
    grid-template-columns: 1fr;
    gap: 4px;
    margin: 0;
  }
  .lines div {
    display: flex;
    justify-content: space-between;
    gap: 16px;
  }
  .lines dt {
    font-size: 13px;
  }
  .more {
    margin-top: 8px;
  }
`;
