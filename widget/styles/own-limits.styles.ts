import { css } from "lit";

/** A form of few fields: two abreast where there is room, one below the other where there is not. */
export const ownLimitsStyles = css`
  :host {
    grid-template-columns: minmax(0, 1fr);
  }
  form {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(248px, 100%), 1fr));
    gap: 12px;
    max-width: 960px;
    align-items: end;
  }
  label {
    display: grid;
    gap: 4px;
    font-size: 13px;
    min-width: 0;
  }
  input,
  select {
    width: 100%;
    min-width: 0;
  }
  input[type="checkbox"] {
    flex: none;
  }
  fieldset {
    grid-column: 1 / -1;
    display: grid;
    gap: 8px;
    border: 1px solid var(--truewick-line);
    border-radius: var(--truewick-radius);
    margin: 0;
    padding: 8px 12px;
    min-width: 0;
  }
  legend {
    font-size: 13px;
    padding: 0 4px;
  }
  .day {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 32px;
  }
  form > p,
  form > button {
    grid-column: 1 / -1;
    justify-self: start;
  }
  .later {
    display: grid;
    gap: 8px;
    justify-items: start;
    border-inline-start: 3px solid var(--truewick-warn);
    padding-inline-start: 10px;
  }
  ul {
    margin: 0;
    padding-inline-start: 18px;
    font-size: 13px;
  }
  .bad {
    color: var(--truewick-danger);
  }
  p:empty {
    display: none;
  }
  @container (max-width: 480px) {
    button,
    select,
    .day {
      min-height: 44px;
    }
  }
`;
