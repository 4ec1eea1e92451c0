import { html, nothing, type TemplateResult } from "lit";
import type { WireWithdrawal, WireWithdrawalTerms } from "#contracts/cashier-api.ts";
import type { Locale } from "#contracts/names.ts";
import type { PayoutChannel } from "#contracts/payment-names.ts";
import type { CashierState } from "../client/cashier-client.ts";
import { grouped, money } from "../format/numbers.ts";
import { day, stamp, when } from "../format/time.ts";
import { costOf } from "../format/withdrawal.ts";
import type { CashierTexts, PlaceKind } from "../i18n/cashier.ts";
import { depositTexts } from "../i18n/cashier-deposit.ts";

/** What the page of a request is drawn from. */
export interface AskView {
  readonly words: CashierTexts;
  readonly locale: Locale;
  readonly state: CashierState;
  readonly terms: WireWithdrawalTerms;
  readonly amount: string;
  readonly targetId: string | null;
  readonly busy: boolean;
}

export interface AskActions {
  readonly setAmount: (amount: string) => void;
  readonly setTarget: (id: string) => void;
  readonly addPlace: () => void;
  readonly removePlace: () => void;
  readonly send: (event: Event) => void;
}

/** What a channel pays out to. */
export const placesOf = (channel: PayoutChannel | undefined): PlaceKind =>
  channel === undefined || channel === "bank" ? "bank" : "wallet";

/** The next days on which something becomes withdrawable; those after them show when their turn comes. */
const freshShown = 3;

/** How much may be withdrawn, and the limits it comes from. */
export function room({ words, locale, terms }: AskView): TemplateResult {
  const { currency, largest, dayLeft, monthLeft, requestsLeft, fresh, debts } = terms;
  const limits: readonly (readonly [name: string, left: string | null])[] = [
    [words.dayLeft, dayLeft && money(dayLeft, currency, locale)],
    [words.monthLeft, monthLeft && money(monthLeft, currency, locale)],
    [words.requestsLeft, requestsLeft === null ? null : grouped(`${requestsLeft}`, locale)],
    ...fresh
      .slice(0, freshShown)
      .map((one) => [words.freshFrom(day(one.withdrawableAt, locale)), money(one.amount, currency, locale)] as const),
    ...debts.map((debt) => [words.owed, money(debt.amount, debt.currency, locale)] as const),
  ];
  return html`<dl>
    <div><dt>${words.largest}</dt><dd class="figure"><b>${money(largest, currency, locale)}</b></dd></div>
    ${limits.map(([name, left]) => (left === null ? nothing : html`<div><dt>${name}</dt><dd class="figure">${left}</dd></div>`))}
  </dl>`;
}

export function askForm(view: AskView, on: AskActions): TemplateResult {
  const { words, state, terms, amount, targetId, busy } = view;
  const places = state.targets.filter(({ channel }) => channel === terms.channel);
  const kind = placesOf(terms.channel);
  const { none, add } = words.places[kind];
  const chosen = kind === "wallet" ? places.find(({ id }) => id === targetId) : undefined;
  return html`<form @submit=${on.send}>
    <div class="row">
      <label class="wide">${words.payTo}<select name="target" required @change=${(event: Event) => on.setTarget((event.target as HTMLSelectElement).value)}>
        ${places.map(({ id, name, address }) => html`<option value=${id} ?selected=${id === targetId}>${name} · ${printed({ channel: terms.channel, address })}</option>`)}
      </select></label>
      ${targetId === null ? nothing : html`<button type="button" class="remove" ?disabled=${busy} @click=${on.removePlace}>${words.remove}</button>`}
      <button type="button" class="place" @click=${on.addPlace}>${add}</button>
    </div>
    ${places.length === 0 ? html`<p class="muted">${none}</p>` : nothing}
    ${chosen === undefined ? nothing : html`<code class="whole">${chosen.address}</code>`}
    <div class="row">
      <label>${words.amount} (${terms.currency})<input name="amount" inputmode="decimal" autocomplete="off" required .value=${amount}
        @input=${(event: Event) => on.setAmount((event.target as HTMLInputElement).value)} /></label>
      <button type="button" class="all" @click=${() => on.setAmount(terms.largest)}>${words.all}</button>
    </div>
    ${cost(view)}
    <button class="primary send" ?disabled=${busy || targetId === null}>${words.ask}</button>
  </form>`;
}

/** Fee and what arrives, before anything is sent. */
function cost({ words, locale, terms, amount }: AskView): TemplateResult {
  const known = costOf(amount, terms);
  const told = (value: string | undefined): string =>
    value === undefined ? "–" : money(value, terms.currency, locale);
  return html`<p class="sum"><span>${words.fee} <b class="figure">${told(known?.fee)}</b></span>
    <span>${words.arrives} <b class="figure arrives">${told(known?.arrives)}</b></span></p>`;
}

/** An IBAN as banks print it, in groups of four; an address on a chain as it is. */
const printed = ({ channel, address }: { readonly channel: PayoutChannel; readonly address: string }): string =>
  channel === "bank" ? address.replace(/(.{4})(?=.)/g, "$1 ") : address;

const mayTakeBack = ({ state }: WireWithdrawal): boolean => state === "in-review" || state === "approved";

/** Past withdrawals with where each stands; one that was not sent can be taken back. */
export function history(
  {
    words,
    locale,
    rows,
    busy,
  }: Pick<AskView, "words" | "locale" | "busy"> & { readonly rows: readonly WireWithdrawal[] },
  takeBack: (id: string) => void,
): TemplateResult {
  if (rows.length === 0) return html`<p class="muted">${words.none}</p>`;
  return html`<ul>${rows.map(
    (one) => html`<li data-withdrawal=${one.id}>
      <span><b class="figure">${money(one.amount, one.currency, locale)}</b> <small>${one.target.name} · ${printed({ channel: one.channel, address: one.target.address })}</small></span>
      <b class="end state">${words.states[one.state]}</b>
      <small>${stamp(one.requestedAt, locale)}${waits(one, words, locale)}${one.reference === null ? "" : ` · ${one.reference}`}${one.note === null ? "" : ` · ${one.note}`}</small>
      <span class="end">${mayTakeBack(one) ? html`<button class="back" ?disabled=${busy} @click=${() => takeBack(one.id)}>${words.takeBack}</button>` : nothing}</span>
    </li>`,
  )}</ul>`;
}

const waits = (one: WireWithdrawal, words: CashierTexts, locale: Locale): string =>
  mayTakeBack(one) && Date.parse(one.notBefore) > Date.now()
    ? ` · ${words.heldUntil(when(one.notBefore, locale))}`
    : "";

/** The form of a new bank account, or of an address on a chain with the chain that it must be on. */
export function placeForm(
  { words, locale, terms, busy }: Pick<AskView, "words" | "locale" | "terms" | "busy">,
  on: { readonly send: (event: Event) => void; readonly back: () => void },
): TemplateResult {
  const kind = placesOf(terms.channel);
  const { holder, address, cooling } = words.places[kind];
  const network = depositTexts[locale].channels[terms.channel];
  return html`<form @submit=${on.send}>
    ${kind === "wallet" ? html`<p class="warning">⚠ ${words.network(network)}</p>` : nothing}
    <label>${holder}<input name="name" autocomplete="name" required maxlength="70" /></label>
    <label>${address}<input name="address" autocomplete="off" autocapitalize="off" spellcheck="false" required maxlength="60" /></label>
    ${terms.coolingHours > 0 ? html`<p class="muted">${cooling(terms.coolingHours)}</p>` : nothing}
    <div class="row"><button class="primary" ?disabled=${busy}>${words.add}</button>
      <button type="button" @click=${on.back}>${words.back}</button></div>
  </form>`;
}
