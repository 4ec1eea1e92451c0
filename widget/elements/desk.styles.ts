import { css } from "lit";

export const deskStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, auto) minmax(0, 1fr);
    min-height: 0;
    min-width: 0;
    border-top: 1px solid var(--truewick-line);
  }
  .tabs {
    display: flex;
    overflow-x: auto;
    border-bottom: 1px solid var(--truewick-line);
    padding: 0 8px;
    scrollbar-width: none;
  }
  .tabs button {
    flex: none;
    border: 0;
    border-bottom: 2px solid transparent;
    border-radius: 0;
    background: none;
    color: var(--truewick-text-muted);
    min-height: 36px;
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: var(--truewick-accent);
    color: var(--truewick-text);
    font-weight: 600;
  }
  .note {
    display: grid;
    align-content: center;
    justify-content: end;
    padding: 0 40px 0 8px;
    font-size: 13px;
    line-height: 16px;
    border-bottom: 1px solid var(--truewick-line);
  }
  .note .ok {
    color: var(--truewick-ok);
  }
  .note .no,
  .gap {
    color: var(--truewick-danger);
  }
  .gap {
    display: block;
    font-size: 12px;
    line-height: 14px;
    color: var(--truewick-warn);
  }
  .page {
    grid-column: 1 / -1;
    overflow: auto;
    min-height: 120px;
  }
  .page:focus-visible {
    outline-offset: -2px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  th,
  td {
    padding: 4px 12px;
    height: 36px;
    text-align: end;
    white-space: nowrap;
    border-bottom: 1px solid var(--truewick-line);
  }
  th:first-child,
  td:first-child,
  .start {
    text-align: start !important;
  }
  th {
    position: sticky;
    top: 0;
    height: 28px;
    font-weight: 500;
    color: var(--truewick-text-muted);
    background: var(--truewick-surface-raised);
  }
  tr:focus-visible {
    outline-offset: -2px;
  }
  td button {
    min-width: 36px;
    padding: 0 8px;
  }
  .exits button + button {
    margin-inline-start: 2px;
  }
  th button {
    min-height: 24px;
    font-size: 12px;
  }
  .card-name {
    display: none;
  }
  td button[data-command="close"]:not(.sure) {
    min-width: 40px;
  }
  button.sure {
    min-width: 72px;
  }
  td button.sure,
  th button.sure {
    border-color: var(--truewick-danger);
    color: var(--truewick-danger);
    font-weight: 600;
  }
  .buy {
    color: var(--truewick-buy);
  }
  .sell {
    color: var(--truewick-sell);
  }
  .empty {
    padding: 24px 16px;
    color: var(--truewick-text-muted);
  }
  .more {
    margin: 8px 12px;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
    gap: 12px 24px;
    margin: 0;
    padding: 16px 12px;
  }
  dt {
    font-size: 12px;
    color: var(--truewick-text-muted);
  }
  dd {
    margin: 0;
    font-size: 16px;
  }
  .bones {
    display: grid;
    gap: 12px;
    padding: 16px 12px;
  }
  .bones .bone {
    height: 16px;
    width: 70%;
  }
  /* The ways out of a position stay in sight; its other figures are on the account's page and the chart. */
  @container (max-width: 1023px) {
    .wide {
      display: none;
    }
  }
  @container (max-width: 480px) {
    .page {
      overflow-x: auto;
    }
    th,
    td {
      padding: 4px 8px;
    }
    .wide {
      display: none;
    }
    .note:not(:empty) {
      grid-column: 1 / -1;
      padding: 4px 8px;
      justify-content: start;
    }
    /* A row becomes a card: nothing lies beyond the edge. */
    .cards,
    .cards tbody {
      display: block;
    }
    .cards thead tr {
      display: flex;
      justify-content: end;
      padding: 4px 8px;
    }
    .cards thead th:not(:last-child) {
      display: none;
    }
    .cards thead th {
      height: auto;
      border: 0;
    }
    .cards tbody tr {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      border-bottom: 1px solid var(--truewick-line);
    }
    .cards td {
      height: auto;
      border: 0;
    }
    .cards td.wide {
      display: none;
    }
    .cards .pnl,
    .cards .distance {
      margin-inline-start: auto;
    }
    .cards .exits {
      width: 100%;
    }
    .card-name {
      display: inline;
      font-size: 12px;
      color: var(--truewick-text-muted);
    }
  }
`;
