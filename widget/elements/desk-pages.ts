import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";
import type { WireFill } from "#contracts/trading-api.ts";
import { directionOf, grouped, money, signedMoney } from "../format/numbers.ts";
import { available } from "../format/ticket.ts";
import { stamp, zoneName } from "../format/time.ts";
import type { Texts } from "../i18n/texts.ts";
import { limitsPlace } from "./account-limits-place.ts";
import type { TruewickDesk } from "./desk.ts";
import { consentPlace } from "./device-consent-place.ts";
import { fillProofButton } from "./fill-proof-button.ts";

/** Every fill with its price, what it realised, and the button that proves it. */
export function fillsPage(desk: TruewickDesk, texts: Texts, onMore: () => void): TemplateResult {
  const { fills, locale } = desk;
  if (fills.rows.length === 0) return html`<p class="empty">${texts.desk.noFills}</p>`;
  const head = texts.desk;
  return html`<table>
    <thead><tr><th>${timeHead(texts, locale)}</th><th class="start">${head.instrument}</th><th class="start">${head.side}</th>
      <th>${head.lots}</th><th>${head.price}</th><th>${head.realized}</th><th>${head.fee}</th>
      <th></th></tr></thead>
    <tbody>${fills.rows.map((fill) => fillRow(fill, desk, texts))}</tbody>
  </table>${fills.next === null ? nothing : html`<button class="more" @click=${onMore}>${texts.desk.more}</button>`}`;
}

const fillRow = (fill: WireFill, desk: TruewickDesk, texts: Texts, { locale } = desk) => html`<tr>
  <td class="figure">${stamp(fill.filledAt, locale)}</td>
  <td class="start"><b>${fill.instrument}</b></td>
  <td class="start ${fill.side}">${texts.sides[fill.side]}${origin(fill, texts)}</td>
  <td class="figure">${grouped(fill.lots, locale)}</td>
  <td class="figure">${grouped(fill.price, locale)}${fill.gappedFrom === null ? nothing : gap(fill, texts, locale)}</td>
  <td class="figure ${directionOf(fill.realizedPnl)}">${signedMoney(fill.realizedPnl, fill.currency, locale)}</td>
  <td class="figure">${money(fill.fee, fill.currency, locale)}</td>
  <td>${fillProofButton(desk, fill.id)}</td>
</tr>`;

/** The market jumped over the order's price: both are told. */
const gap = (fill: WireFill, texts: Texts, locale: Locale) => {
  const type = texts.orders.origins[fill.origin] ?? texts.orders.types.stop;
  const words = texts.orders.gap(type, grouped(fill.gappedFrom ?? fill.price, locale), grouped(fill.price, locale));
  return html`<span class="gap">⚠ ${words}</span>`;
};

/** Who gave the order, where it was not the trader. */
function origin(fill: WireFill, texts: Texts) {
  const words = texts.orders.origins[fill.origin];
  if (words === null) return nothing;
  return html` <span class="chip ${fill.origin === "stop-out" ? "danger" : ""}">${words}</span>`;
}

/** The account's figures; equity and available follow the live profit of the open positions. */
export function accountPage(desk: TruewickDesk, texts: Texts): TemplateResult {
  const { account, locale, unrealized } = desk;
  if (!account) return html`<p class="empty">${texts.desk.failed}</p>`;
  const figure = (name: string, words: string, look = "") =>
    html`<div><dt>${name}</dt><dd class="figure ${look}">${words}</dd></div>`;
  const written = (amount: string) => money(amount, account.currency, locale);
  return html`<dl>
    ${figure(texts.desk.balance, written(account.balance))}
    ${figure(texts.desk.equity, written(account.equity))}
    ${unrealized === null ? nothing : figure(texts.desk.unrealized, signedMoney(unrealized, account.currency, locale), directionOf(unrealized))}
    ${figure(texts.desk.held, written(account.held))}
    ${figure(texts.desk.available, written(available(account)))}
    ${account.marginLevel === null ? nothing : figure(texts.orders.marginLevel, `${grouped(account.marginLevel, locale)} % · ${texts.orders.stages[account.marginStage]}`)}
    ${figure(texts.desk.accountState, `${texts.books[account.book]} · ${texts.accountStates[account.state]}`)}
  </dl>${limitsPlace(desk, account)}${consentPlace(desk)}`;
}

const timeHead = (texts: Texts, locale: Locale): string => texts.desk.time(zoneName(locale, new Date()));
