import { html, nothing, type TemplateResult } from "lit";
import type { BracketRequest } from "#contracts/order-requests.ts";
import type { WirePosition } from "#contracts/trading-api.ts";
import { type DeskCommand, keyOf, parts } from "../controllers/desk-commands.ts";
import { directionOf, grouped, money, signedMoney } from "../format/numbers.ts";
import { profitAt } from "../format/price-line.ts";
import type { Texts } from "../i18n/texts.ts";
import type { DeskRow, TruewickDesk } from "./desk.ts";

/** Open positions with live profit, their bracket, and the ways out: a part, all, to the other side, everything. */
export function positionsPage(desk: TruewickDesk, texts: Texts): TemplateResult {
  if (desk.rows.length === 0) return html`<p class="empty">${texts.desk.noPositions}</p>`;
  const head = texts.desk;
  const { fields } = texts.orders;
  return html`<table class="cards">
    <thead><tr><th>${head.instrument}</th><th class="start">${head.side}</th><th>${head.lots}</th>
      <th class="wide">${head.average}</th><th class="wide">${head.mark}</th><th>${head.profit}</th>
      <th class="wide">${head.margin}</th><th>${fields.takeProfit}</th><th>${fields.stopLoss}</th>
      <th>${exitButton(desk, texts, { kind: "flatten" }, texts.orders.flatten, texts.orders.flatten)}</th></tr></thead>
    <tbody>${desk.rows.map((row) => positionRow(row, desk, texts))}</tbody>
  </table>`;
}

function positionRow(row: DeskRow, desk: TruewickDesk, texts: Texts) {
  const { position, marked, currency } = row;
  const { locale } = desk;
  const { unrealizedPnl, markPrice } = marked;
  const { instrument } = position;
  return html`<tr tabindex="0" data-position=${position.id}>
    <td class="name"><b>${instrument}</b></td>
    <td class="start side ${position.side === "long" ? "buy" : "sell"}">${texts.positionSides[position.side]}</td>
    <td class="figure lots">${grouped(position.lots, locale)}</td>
    <td class="figure wide">${grouped(position.averagePrice, locale)}</td>
    <td class="figure wide">${markPrice === null ? "–" : grouped(markPrice, locale)}</td>
    <td class="figure pnl ${directionOf(unrealizedPnl)}">${unrealizedPnl === null ? "–" : signedMoney(unrealizedPnl, currency, locale)}</td>
    <td class="figure wide">${money(position.marginHeld, currency, locale)}</td>
    ${legCell(row, "takeProfitPrice", desk, texts)}${legCell(row, "stopLossPrice", desk, texts)}
    <td class="exits">
      ${parts(position.lots).map(({ share, lots }) =>
        exitButton(desk, texts, { kind: "close", position, lots }, share, texts.orders.part(share, instrument)),
      )}
      ${exitButton(desk, texts, { kind: "close", position, lots: position.lots }, texts.desk.close, texts.desk.closePosition(instrument))}
      ${exitButton(desk, texts, { kind: "reverse", position }, texts.orders.reverse, texts.orders.reversePosition(instrument))}
    </td>
  </tr>`;
}

function legCell(row: DeskRow, field: "takeProfitPrice" | "stopLossPrice", desk: TruewickDesk, texts: Texts) {
  const { position, marked } = row;
  const { locale } = desk;
  const terms = desk.instruments.find((one) => one.id === position.instrument) ?? null;
  const kind = field === "takeProfitPrice" ? "takeProfit" : "stopLoss";
  const name = texts.orders.fields[kind];
  const meaning = (price: string): string | null =>
    terms === null ? null : signedMoney(profitAt(position, price, terms), row.currency, locale);
  return html`<td class="${kind}"><span class="card-name">${name}</span><truewick-price-edit .texts=${texts} .locale=${locale} .value=${position[field]}
    .from=${marked.markPrice ?? position.averagePrice} .label="${name} ${position.instrument}" .terms=${terms} .removable=${true}
    .busy=${desk.isPending(position.id)} .meaning=${meaning}
    @price-set=${(event: CustomEvent<string | null>) => desk.send(bracket(position, { [field]: event.detail }))}></truewick-price-edit></td>`;
}

const bracket = (position: WirePosition, change: BracketRequest): DeskCommand => ({
  kind: "bracket",
  position,
  change,
});

/** A button that asks once more before it trades, unless one click is on. */
export function exitButton(desk: TruewickDesk, texts: Texts, command: DeskCommand, words: string, name: string) {
  const { prepared } = desk;
  const isSure = prepared?.kind === "exit" && prepared.key === keyOf(command);
  return html`<button class=${isSure ? "sure" : nothing} data-command=${command.kind}
    aria-label=${isSure ? texts.orders.sureOf(name) : name} ?disabled=${desk.busy || desk.isPending("all")}
    @click=${() => desk.send(command)}>${isSure ? texts.desk.confirmClose : words}</button>`;
}
