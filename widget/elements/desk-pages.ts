import { html, nothing, type TemplateResult } from "lit";
import type { Locale } from "#contracts/names.ts";
import type { WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { directionOf, grouped, money, signedMoney } from "../format/numbers.ts";
import { available } from "../format/ticket.ts";
import { stamp, zoneName } from "../format/time.ts";
import { rejectionText } from "../i18n/refusal-text.ts";
import type { Texts } from "../i18n/texts.ts";
import type { DeskRow, TruewickDesk } from "./desk.ts";
import { fillProofButton } from "./fill-proof-button.ts";

/** Open positions, each with its live profit and a close button that asks once more. */
export function positionsPage(
  desk: TruewickDesk,
  texts: Texts,
  onClose: (position: WirePosition) => void,
): TemplateResult {
  if (desk.rows.length === 0) return html`<p class="empty">${texts.desk.noPositions}</p>`;
  const head = texts.desk;
  return html`<table>
    <thead><tr><th>${head.instrument}</th><th class="start">${head.side}</th><th>${head.lots}</th>
      <th class="wide">${head.average}</th><th class="wide">${head.mark}</th><th>${head.profit}</th>
      <th class="wide">${head.margin}</th><th><span class="unseen">${head.close}</span></th></tr></thead>
    <tbody>${desk.rows.map((row) => positionRow(row, desk, texts, onClose))}</tbody>
  </table>`;
}

function positionRow(row: DeskRow, desk: TruewickDesk, texts: Texts, onClose: (position: WirePosition) => void) {
  const { position, marked, currency } = row;
  const { locale, prepared } = desk;
  const isSure = prepared?.kind === "close" && prepared.positionId === position.id;
  const { unrealizedPnl, markPrice } = marked;
  return html`<tr tabindex="0" data-position=${position.id}>
    <td><b>${position.instrument}</b></td>
    <td class="start ${position.side === "long" ? "buy" : "sell"}">${texts.positionSides[position.side]}</td>
    <td class="figure">${grouped(position.lots, locale)}</td>
    <td class="figure wide">${grouped(position.averagePrice, locale)}</td>
    <td class="figure wide">${markPrice === null ? "–" : grouped(markPrice, locale)}</td>
    <td class="figure ${directionOf(unrealizedPnl)}">${unrealizedPnl === null ? "–" : signedMoney(unrealizedPnl, currency, locale)}</td>
    <td class="figure wide">${money(position.marginHeld, currency, locale)}</td>
    <td><button class=${isSure ? "sure" : ""} aria-label="${isSure ? `${texts.desk.confirmClose}: ` : ""}${texts.desk.closePosition(position.instrument)}"
      ?disabled=${desk.busy} @click=${() => onClose(position)}>${isSure ? texts.desk.confirmClose : texts.desk.close}</button></td>
  </tr>`;
}

export function ordersPage(desk: TruewickDesk, texts: Texts, onMore: () => void): TemplateResult {
  const { orders, locale } = desk;
  if (orders.rows.length === 0) return html`<p class="empty">${texts.desk.noOrders}</p>`;
  const head = texts.desk;
  return html`<table>
    <thead><tr><th>${timeHead(texts, locale)}</th><th class="start">${head.instrument}</th><th class="start">${head.side}</th>
      <th>${head.lots}</th><th>${head.price}</th><th class="start">${head.state}</th></tr></thead>
    <tbody>${orders.rows.map((order) => orderRow(order, desk, texts))}</tbody>
  </table>${orders.next === null ? nothing : html`<button class="more" @click=${onMore}>${texts.desk.more}</button>`}`;
}

function orderRow(order: WireOrder, { locale, account }: TruewickDesk, texts: Texts) {
  const why =
    order.rejectionCode === null
      ? undefined
      : rejectionText(
          {
            code: order.rejectionCode,
            instrumentId: order.instrument,
            instrument: undefined,
            currency: account?.currency ?? "",
          },
          locale,
        );
  return html`<tr title=${why ?? nothing}>
    <td class="figure">${stamp(order.acceptedAt, locale)}</td>
    <td class="start"><b>${order.instrument}</b></td>
    <td class="start ${order.side}">${texts.sides[order.side]}${order.reduceOnly ? html` <span class="muted">(${texts.desk.close})</span>` : nothing}</td>
    <td class="figure">${grouped(order.lots, locale)}</td>
    <td class="figure">${order.averageFillPrice === null ? "–" : grouped(order.averageFillPrice, locale)}</td>
    <td class="start">${texts.orderStates[order.state]}</td>
  </tr>`;
}

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
  <td class="start ${fill.side}">${texts.sides[fill.side]}</td>
  <td class="figure">${grouped(fill.lots, locale)}</td>
  <td class="figure">${grouped(fill.price, locale)}</td>
  <td class="figure ${directionOf(fill.realizedPnl)}">${signedMoney(fill.realizedPnl, fill.currency, locale)}</td>
  <td class="figure">${money(fill.fee, fill.currency, locale)}</td>
  <td>${fillProofButton(desk, fill.id)}</td>
</tr>`;

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
    ${figure(texts.desk.accountState, `${texts.books[account.book]} · ${texts.accountStates[account.state]}`)}
  </dl>`;
}

const timeHead = (texts: Texts, locale: Locale): string => texts.desk.time(zoneName(locale, new Date()));
