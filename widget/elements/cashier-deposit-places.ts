import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { WireBankDetails } from "#contracts/bank-api.ts";
import type { WireDepositAddress } from "#contracts/cashier-api.ts";
import type { Locale } from "#contracts/names.ts";
import { money } from "../format/numbers.ts";
import { stamp } from "../format/time.ts";
import type { DepositTexts } from "../i18n/cashier-deposit.ts";
import { chainNames } from "../i18n/channel-names.ts";

interface Bank {
  readonly words: DepositTexts;
  readonly busy: boolean;
  readonly details: readonly WireBankDetails[] | null;
  /** Of a transfer that was told of; absent: the account's standing one, for any amount. */
  readonly reference?: string | null;
}

/** Where a transfer goes: asked for by a press, as it makes the account's reference. */
export function bankPanel({ words, busy, details, reference }: Bank, show: () => void): TemplateResult {
  if (details === null)
    return html`<button class="primary show" ?disabled=${busy} @click=${show}>${words.transferTo} …</button>`;
  const [first] = details;
  if (first === undefined) return html`<p>${words.noBank}</p>`;
  return html`${line(words.reference, reference ?? first.reference, words, "reference")}
    ${details.map(
      ({ holder, iban, bic, bankName }) => html`<h3>${reference ? words.transferAccount : words.transferTo}</h3>
        ${line(words.holder, holder, words)} ${line(words.iban, iban, words, "iban")}
        ${bic === null ? nothing : line(words.bic, bic, words)} ${bankName === null ? nothing : line(words.bank, bankName, words)}`,
    )}
    <p class="muted">${words.transferHint}</p>`;
}

/** The account's own address on a chain, with what must not be sent there. */
export function addressPanel(
  {
    words,
    locale,
    busy,
    address,
  }: { words: DepositTexts; locale: Locale; busy: boolean; address: WireDepositAddress | null },
  show: () => void,
): TemplateResult {
  if (address === null)
    return html`<button class="primary show" ?disabled=${busy} @click=${show}>${words.showAddress}</button>`;
  const { currency, contract, min, confirmations, pending } = address;
  const chain = chainNames[locale][address.channel];
  return html`<p class="warning">⚠ ${words.chainHint(currency, chain)}</p>
    ${line(words.address, address.address, words, "address")} ${qr(address.address, words)} ${line(words.network, chain, words)}
    ${line(words.contract, contract, words)}
    <p class="muted">${words.confirmations(confirmations)} ${words.chainMin(money(min, currency, locale))}</p>
    ${pending.length === 0 ? nothing : html`<h3>${words.pending}</h3>`}
    ${pending.map(
      (one) => html`<p class="sum"><b class="figure">${money(one.amount, currency, locale)}</b>
        <span>${words.confirmed(one.confirmations)}</span><small>${stamp(one.seenAt, locale)}</small></p>`,
    )}`;
}

/** For a wallet on a telephone: the address and nothing else, which every wallet reads. Its code is loaded when it is first shown. */
function qr(address: string, words: DepositTexts): TemplateResult {
  void import("./qr.ts");
  return html`<truewick-qr .text=${address} .label=${words.qr}></truewick-qr>`;
}

/**
 * A value to be typed elsewhere, with a button that copies it where the browser allows it; where it does not, the value is selected. What was
 * copied is said beside this value only: another value is another line.
 */
function line(name: string, value: string, words: DepositTexts, mark = ""): TemplateResult {
  const copy = async ({ currentTarget }: Event): Promise<void> => {
    const place = (currentTarget as HTMLElement).parentElement;
    const code = place?.querySelector("code");
    const said = place?.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(value);
      if (said) said.textContent = words.copied;
    } catch {
      if (code) getSelection()?.selectAllChildren(code);
    }
  };
  return html`${keyed(
    value,
    html`<dl><div><dt>${name}</dt><dd class="copied"><code data-copy=${mark}>${value}</code>
      ${navigator.clipboard === undefined ? nothing : html`<button type="button" aria-label="${words.copy}: ${name}" @click=${copy}>${words.copy}</button>`}
      <small role="status"></small></dd></div></dl>`,
  )}`;
}
