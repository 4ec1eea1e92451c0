import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";
import type { HistoryRows } from "../controllers/history-rows.ts";
import { cashierTexts } from "../i18n/cashier.ts";
import { historyTexts } from "../i18n/cashier-history.ts";

/** Past deposits or withdrawals, of one state where the trader chose one, and the way to earlier ones. */
export function historyPart<Row extends { readonly id: string }>(
  { history, locale, states }: Of<Row>,
  list: (rows: readonly Row[]) => TemplateResult,
): TemplateResult {
  const words = historyTexts[locale];
  const { rows, next, isReading, isBroken } = history;
  const more = (name: string): TemplateResult =>
    html`<button type="button" class="more" ?disabled=${isReading} @click=${() => (rows === null ? history.choose(history.states) : void history.more())}>${name}</button>`;
  const filter = html`<label class="way">${words.state}<select name="state" @change=${(event: Event) => history.choose((event.target as HTMLSelectElement).value)}>
    <option value="">${words.every}</option>
    ${choicesOf(states).map(([label, codes]) => html`<option value=${codes} ?selected=${codes === history.states}>${label}</option>`)}
  </select></label>`;
  return html`${history.states === "" && rows?.length === 0 ? nothing : filter}
    ${rows !== null ? list(rows) : isBroken ? nothing : html`<p>${cashierTexts[locale].loading}</p>`}
    ${isBroken ? more(cashierTexts[locale].again) : next === null ? nothing : more(words.more)}`;
}

interface Of<Row extends { readonly id: string }> {
  readonly history: HistoryRows<Row>;
  readonly locale: Locale;
  /** The words of each state. */
  readonly states: Readonly<Record<string, string>>;
}

/** States that a trader reads by the same words are one choice. */
function choicesOf(states: Of<{ id: string }>["states"]): readonly (readonly [label: string, codes: string])[] {
  const labels = [...new Set(Object.values(states))];
  return labels.map((label) => [
    label,
    Object.keys(states)
      .filter((code) => states[code] === label)
      .join(","),
  ]);
}
