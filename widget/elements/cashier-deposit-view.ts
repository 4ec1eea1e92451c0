import { html, nothing, type TemplateResult } from "lit";
import { attachmentTypes } from "#contracts/attachment-names.ts";
import type { WireDeposit, WireDepositTerms } from "#contracts/cashier-api.ts";
import type { Locale } from "#contracts/names.ts";
import type { PaymentChannel } from "#contracts/payment-names.ts";
import { money } from "../format/numbers.ts";
import { stamp } from "../format/time.ts";
import { costOf } from "../format/withdrawal.ts";
import type { DepositTexts } from "../i18n/cashier-deposit.ts";

interface Read {
  readonly words: DepositTexts;
  readonly locale: Locale;
}

/** The channels as one switch, named by what the choice is of; one alone needs no choice. */
export function ways(
  {
    words,
    name,
    terms,
    chosen,
  }: Pick<Read, "words"> & {
    readonly name: string;
    readonly terms: readonly { readonly channel: PaymentChannel }[];
    readonly chosen: string;
  },
  choose: (channel: string) => void,
): TemplateResult | typeof nothing {
  if (terms.length < 2) return nothing;
  return html`<label class="way">${name}<select name="channel" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${terms.map(({ channel }) => html`<option value=${channel} ?selected=${channel === chosen}>${words.channels[channel]}</option>`)}
  </select></label>`;
}

/** What the channel takes now. */
export function limits({ words, locale, terms }: Read & { readonly terms: WireDepositTerms }): TemplateResult {
  const { currency, min, largest, dayLeft, monthLeft } = terms;
  const figures: readonly (readonly [name: string, amount: string | null])[] = [
    [words.min, min],
    [words.largest, largest],
    [words.dayLeft, dayLeft],
    [words.monthLeft, monthLeft],
  ];
  return html`<dl>${figures.map(([name, amount]) =>
    amount === null
      ? nothing
      : html`<div><dt>${name}</dt><dd class="figure">${money(amount, currency, locale)}</dd></div>`,
  )}</dl>`;
}

/** The amount, its fee and what is credited, before anything is sent. */
export function amountForm(
  {
    words,
    locale,
    terms,
    amount,
    busy,
    begin = words.begin,
  }: Read & {
    readonly terms: WireDepositTerms;
    readonly amount: string;
    readonly busy: boolean;
    /** What the button says. */
    readonly begin?: string;
  },
  on: { readonly setAmount: (amount: string) => void; readonly send: (event: Event) => void },
): TemplateResult {
  const known = costOf(amount, terms);
  const told = (value: string | undefined): string =>
    value === undefined ? "–" : money(value, terms.currency, locale);
  return html`<form @submit=${on.send}>
    <label>${words.amount} (${terms.currency})<input name="amount" inputmode="decimal" autocomplete="off" required .value=${amount}
      @input=${(event: Event) => on.setAmount((event.target as HTMLInputElement).value)} /></label>
    <p class="sum"><span>${words.fee} <b class="figure">${told(known?.fee)}</b></span>
      <span>${words.arrives} <b class="figure arrives">${told(known?.arrives)}</b></span></p>
    <button class="primary send" ?disabled=${busy}>${begin}</button>
  </form>`;
}

/** A file of the bank, for a transfer that waits. Staff see it; it credits nothing. */
export function proofButton(
  { words, busy, deposit }: Pick<Read, "words"> & { readonly busy: boolean; readonly deposit: WireDeposit },
  take: (file: File) => void,
): TemplateResult | typeof nothing {
  if (!deposit.takesProof) return nothing;
  const chosen = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    const [file] = input.files ?? [];
    // Emptied, so that the same file chosen again is a choice too.
    input.value = "";
    if (file !== undefined) take(file);
  };
  const choose = ({ currentTarget }: Event): void =>
    (currentTarget as HTMLElement).parentElement?.querySelector<HTMLInputElement>("input")?.click();
  return html`<span class="proof"><button type="button" ?disabled=${busy} title=${words.proofKinds} @click=${choose}>${words.addProof}</button>
    <input type="file" hidden accept=${attachmentTypes.join(",")} aria-label=${words.addProof} @change=${chosen} /></span>`;
}

/** A transfer that was told of: what exactly is transferred, and the receipt for it. */
export function transferPanel(
  { words, locale, busy, deposit }: Read & { readonly busy: boolean; readonly deposit: WireDeposit },
  on: { readonly take: (file: File) => void; readonly back: () => void },
): TemplateResult {
  return html`<p class="sum"><span>${words.exactly} <b class="figure">${money(deposit.asked ?? "0", deposit.currency, locale)}</b></span>
      <span class="state">${deposit.proofs > 0 ? words.proofs(deposit.proofs) : words.states[deposit.state]}</span></p>
    <div class="row">${proofButton({ words, busy, deposit }, on.take)}
      <button type="button" class="another" @click=${on.back}>${words.another}</button></div>
    <p class="muted">${words.proofKinds}</p>`;
}

/** What was begun, with the way to where it is paid. */
export function payPanel(
  { words, locale, begun }: Read & { readonly begun: WireDeposit },
  back: () => void,
): TemplateResult {
  return html`<p class="sum"><b class="figure">${money(begun.asked ?? "0", begun.currency, locale)}</b>
      <span>${begun.reference}</span><span class="state">${words.states[begun.state]}</span></p>
    <div class="row">${begun.payUrl === null ? nothing : payLink(begun.payUrl, words, "pay")}
      <button type="button" class="another" @click=${back}>${words.another}</button></div>`;
}

const payLink = (url: string, words: DepositTexts, look: string): TemplateResult =>
  html`<a class=${look} href=${url} target="_blank" rel="noopener noreferrer">${words.toPage} ↗</a>`;

/** Past deposits with where each stands; one that waits leads to where it is paid. */
export function depositHistory(
  { words, locale, busy, deposits }: Read & { readonly busy: boolean; readonly deposits: readonly WireDeposit[] },
  take: (deposit: WireDeposit, file: File) => void,
): TemplateResult {
  if (deposits.length === 0) return html`<p class="muted">${words.none}</p>`;
  return html`<ul>${deposits.map(
    (one) => html`<li data-deposit=${one.id}>
      <span><b class="figure">${money(one.received ?? one.asked ?? "0", one.currency, locale)}</b> <small>${words.channels[one.channel]}${one.reference === null ? "" : ` · ${one.reference}`}</small></span>
      <b class="end state">${words.states[one.state]}</b>
      <small>${stamp(one.createdAt, locale)}${credited(one, words, locale)}${one.proofs > 0 ? ` · ${words.proofs(one.proofs)}` : ""}</small>
      <span class="end">${one.payUrl === null ? proofButton({ words, busy, deposit: one }, (file) => take(one, file)) : payLink(one.payUrl, words, "pay small")}</span>
    </li>`,
  )}</ul>`;
}

function credited({ creditedAt, withdrawableAt }: WireDeposit, words: DepositTexts, locale: Locale): string {
  if (creditedAt === null) return "";
  const isHeld = withdrawableAt !== null && Date.parse(withdrawableAt) > Date.now();
  const held = isHeld ? ` · ${words.withdrawableFrom(stamp(withdrawableAt, locale))}` : "";
  return ` · ${words.credited} ${stamp(creditedAt, locale)}${held}`;
}
