import { css } from "lit";

export const chartStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-height: 0;
    min-width: 0;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 4px 8px;
    border-bottom: 1px solid var(--truewick-line);
    overflow-x: auto;
    scrollbar-width: none;
  }
  .bar button {
    border-color: transparent;
    background: none;
    padding: 0 8px;
    color: var(--truewick-text-muted);
    flex: none;
  }
  .bar button[aria-pressed="true"] {
    color: var(--truewick-accent);
    font-weight: 600;
    background: var(--truewick-surface-sunken);
  }
  .left {
    margin-inline-start: auto;
    padding-inline-start: 12px;
    font-size: 12px;
    color: var(--truewick-text-muted);
    min-width: 118px;
    text-align: end;
  }
  .plot {
    position: relative;
    min-height: 0;
    overflow: hidden;
  }
  .canvas {
    position: absolute;
    inset: 0;
  }
  .cover {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    padding: 16px;
    text-align: center;
    color: var(--truewick-text-muted);
    background: var(--truewick-surface);
  }
  .bones {
    display: flex;
    align-items: end;
    gap: 8px;
    height: 120px;
  }
  .bones span {
    width: 10px;
    border-radius: 2px;
    background: var(--truewick-line);
  }
  .bones span:nth-child(3n + 1) {
    height: 40%;
    margin-bottom: 22px;
  }
  .bones span:nth-child(3n + 2) {
    height: 62%;
    margin-bottom: 8px;
  }
  .bones span:nth-child(3n) {
    height: 50%;
    margin-bottom: 34px;
  }
  @container (max-width: 480px) {
    .bar button {
      padding: 0 4px;
    }
    .left,
    .zoom {
      display: none;
    }
  }
`;
