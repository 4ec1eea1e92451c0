import { css } from "lit";

/** A part below the account's figures: a heading, words, and buttons in a row. */
export const accountPartStyles = css`
  :host {
    display: grid;
    gap: 8px;
    padding: 12px;
    border-top: 1px solid var(--truewick-line);
  }
  h3,
  p {
    margin: 0;
  }
  h3 {
    font-size: 13px;
    font-weight: 600;
  }
  p {
    max-width: 960px;
    font-size: 13px;
    color: var(--truewick-text-muted);
  }
  div {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button,
  select {
    min-height: 32px;
    font-size: 13px;
  }
`;
