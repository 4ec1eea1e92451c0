import { css } from "lit";

export const instrumentPickerStyles = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
  }
  .open {
    display: flex;
    align-items: center;
    gap: 8px;
    max-width: 100%;
    padding: 4px 8px;
    text-align: start;
  }
  .open b {
    font-size: 16px;
    font-weight: 650;
  }
  .open .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    max-width: 220px;
    color: var(--truewick-text-muted);
  }
  .panel {
    position: absolute;
    inset-inline-start: 0;
    top: calc(100% + 4px);
    z-index: 20;
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    width: min(380px, calc(100cqw - 16px));
    max-height: 420px;
    border: 1px solid var(--truewick-line-strong);
    border-radius: var(--truewick-radius-card);
    background: var(--truewick-surface-raised);
    box-shadow: 0 8px 24px rgb(0 0 0 / 18%);
    overflow: hidden;
  }
  .panel input {
    margin: 8px;
    min-height: 36px;
  }
  ul {
    margin: 0;
    padding: 0 4px 4px;
    list-style: none;
    overflow-y: auto;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 12px;
    align-items: center;
    padding: 6px 8px;
    min-height: 44px;
    border-radius: var(--truewick-radius);
    cursor: pointer;
  }
  li[aria-selected="true"],
  li:hover {
    background: var(--truewick-surface-sunken);
  }
  li .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 12px;
    color: var(--truewick-text-muted);
  }
  li .end {
    grid-row: 1 / span 2;
    grid-column: 2;
    display: grid;
    justify-items: end;
    gap: 2px;
  }
  .small {
    font-size: 12px;
  }
  .none {
    padding: 12px;
    color: var(--truewick-text-muted);
  }
  @container (max-width: 720px) {
    .open .name {
      display: none;
    }
  }
`;
