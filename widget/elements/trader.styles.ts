import { css } from "lit";

/**
 * The frame of the widget. The few `!important` ones hold against a page that resets every element (`* { all: unset }`);
 * all else is inside the shadow root, out of its reach.
 */
export const traderStyles = css`
  :host {
    display: block !important;
    color-scheme: light dark !important;
    min-width: 0;
  }
  :host([hidden]) {
    display: none !important;
  }
  :host([theme="light"]) {
    color-scheme: light !important;
  }
  :host([theme="dark"]) {
    color-scheme: dark !important;
  }
  .size {
    --up: var(--truewick-up);
    --down: var(--truewick-down);
    position: relative;
    container-type: inline-size;
    height: 100%;
    min-height: 480px;
    direction: ltr;
    text-align: start;
    font-family: var(--truewick-font);
    font-size: 14px;
    font-weight: 400;
    font-style: normal;
    line-height: 20px;
    letter-spacing: normal;
    word-spacing: normal;
    text-transform: none;
    text-indent: 0;
    white-space: normal;
    cursor: default;
    visibility: visible;
    color: var(--truewick-text);
    -webkit-text-size-adjust: 100%;
  }
  .size.red-up {
    --up: var(--truewick-down);
    --down: var(--truewick-up);
  }
  .size.red-blue {
    --up: var(--truewick-down);
    --down: var(--truewick-buy);
  }
  .frame {
    display: grid;
    grid-template: "head head" auto "chart ticket" minmax(0, auto) "chart buttons" 1fr "desk desk" 232px / minmax(0, 1fr) 372px;
    height: 100%;
    min-height: 760px;
    border: 1px solid var(--truewick-line);
    border-radius: var(--truewick-radius-card);
    background: var(--truewick-surface);
    overflow: hidden;
  }
  truewick-header {
    grid-area: head;
    position: relative;
    z-index: 5;
  }
  truewick-chart {
    grid-area: chart;
  }
  .sheet {
    display: contents;
  }
  .handle {
    display: none;
  }
  truewick-ticket,
  truewick-login {
    grid-area: ticket;
    border-inline-start: 1px solid var(--truewick-line);
  }
  /* Lies under the sign-in and keeps the ticket's room, so that nothing moves when the trader is in. */
  .guest truewick-ticket {
    visibility: hidden;
  }
  /* What does not fit between the head and the buttons scrolls; the buttons keep their place. */
  truewick-ticket {
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  truewick-trade-buttons {
    grid-area: buttons;
    border-inline-start: 1px solid var(--truewick-line);
  }
  truewick-desk {
    grid-area: desk;
  }
  .help {
    position: absolute;
    inset: auto 8px 6px auto;
    z-index: 3;
    border: 0;
    min-height: 24px;
    min-width: 24px;
    padding: 0 6px;
    border-radius: 999px;
    color: var(--truewick-text-muted);
    background: var(--truewick-surface-sunken);
  }
  @container (min-width: 720px) and (max-width: 1023px) {
    .frame {
      grid-template-columns: minmax(0, 1fr) 304px;
    }
  }
  @container (min-width: 481px) and (max-width: 719px) {
    /* The frame scrolls here, not the ticket within it. */
    truewick-ticket {
      min-height: max-content;
      overflow: visible;
    }
    /* The way to trade stays in sight. */
    truewick-trade-buttons {
      position: sticky;
      bottom: 0;
      z-index: 2;
      background: var(--truewick-surface);
    }
    .frame {
      overflow-y: auto;
      grid-template: "head" auto "chart" 300px "ticket" max-content "buttons" auto "desk" minmax(200px, 1fr) / minmax(0, 1fr);
    }
    truewick-ticket,
    truewick-login,
    truewick-trade-buttons {
      border-inline-start: 0;
      border-top: 1px solid var(--truewick-line);
    }
  }
  @container (max-width: 480px) {
    .frame {
      grid-template: "head" auto "chart" 40% "sheet" minmax(0, 1fr) "buttons" auto / minmax(0, 1fr);
      min-height: 600px;
      border-radius: 0;
    }
    .sheet {
      display: block;
      grid-area: sheet;
      overflow-y: auto;
      overscroll-behavior: contain;
      min-height: 0;
      border-top: 1px solid var(--truewick-line);
      background: var(--truewick-surface);
    }
    .sheet.tall {
      grid-row: chart-start / sheet-end;
      z-index: 4;
      box-shadow: 0 -6px 20px rgb(0 0 0 / 16%);
    }
    .handle {
      position: sticky;
      top: 0;
      z-index: 2;
      display: block;
      width: 100%;
      border: 0;
      border-radius: 0;
      background: var(--truewick-surface);
      color: var(--truewick-text-muted);
      font-size: 13px;
    }
    truewick-ticket,
    truewick-login,
    truewick-trade-buttons {
      border-inline-start: 0;
    }
    .guest truewick-ticket,
    .guest truewick-desk {
      display: none;
    }
    .help {
      display: none;
    }
  }
`;
