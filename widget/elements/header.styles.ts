import { css } from "lit";

export const headerStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    padding: 6px 8px;
    border-bottom: 1px solid var(--truewick-line);
    min-width: 0;
  }
  .price {
    display: flex;
    align-items: baseline;
    gap: 8px;
  }
  .price b {
    font-size: 20px;
    font-weight: 600;
    min-width: 5ch;
  }
  .light {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
  }
  .light i {
    width: 8px;
    height: 8px;
    border-radius: 999px;
    background: var(--truewick-ok);
  }
  .light.stale i,
  .light.closed i {
    background: var(--truewick-warn);
    border-radius: 1px;
  }
  .light.lost i {
    background: none;
    border: 2px solid var(--truewick-danger);
  }
  .light.stale,
  .light.closed {
    color: var(--truewick-warn);
  }
  .light.lost {
    color: var(--truewick-danger);
  }
  .end {
    margin-inline-start: auto;
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .end select {
    max-width: 260px;
    min-width: 0;
    text-overflow: ellipsis;
  }
  .ghost {
    visibility: hidden;
  }
  .enter {
    display: none;
  }
  .book {
    font-weight: 600;
  }
  .book.live {
    color: var(--truewick-danger);
    border-color: currentColor;
  }
  /* No second row for what is well; the account's page tells it too. */
  @container (min-width: 481px) and (max-width: 1023px) {
    .margin:not(.danger) {
      display: none;
    }
  }
  @container (max-width: 480px) {
    :host {
      gap: 2px 8px;
    }
    .break {
      width: 100%;
    }
    .book,
    .end.ghost {
      display: none;
    }
    .enter {
      display: block;
      width: 100%;
    }
    select.live {
      border-color: var(--truewick-danger);
    }
    .end {
      width: 100%;
      margin: 0;
    }
    .end select {
      flex: 1;
      max-width: none;
    }
    .end button {
      padding: 0 8px;
    }
  }
`;
