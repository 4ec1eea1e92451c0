import { html, nothing, type TemplateResult } from "lit";
import type { AmendOrderRequest } from "#contracts/order-requests.ts";
import type { WireInstrument, WireOrder } from "#contracts/trading-api.ts";
import { isWaiting } from "../chart/trade-lines.ts";
import { stepsBetween } from "../format/decimal.ts";
import { grouped } from "../format/numbers.ts";
import { moneyOfTicks } from "../format/price-line.ts";
import { stamp, when, zoneName } from "../format/time.ts";
import { rejectionText } from "../i18n/refusal-text.ts";
import type { Texts } from "../i18n/texts.ts";
import type { TruewickDesk } from "./desk.ts";
import { exitButton } from "./positions-page.ts";

/** What waits, changed in place, and below it what there was. */
export function ordersPage(desk: TruewickDesk, texts: Texts, onMore: () => void): TemplateResult {
  const { orders } = desk;
  if (orders.rows.length === 0) return html`<p class="empty">${texts.desk.noOrders}</p>`;
  const waiting = orders.rows.filter(isWaiting);
  // A bracket's legs that still wait are shown with their position.
  const past = orders.rows.filter((order) => order.state !== "working");
  return html`${waiting.length > 0 ? workingTable(desk, waiting, texts) : nothing}
    ${past.length > 0 ? pastTable(desk, past, texts) : nothing}
    ${orders.next === null ? nothing : html`<button class="more" @click=${onMore}>${texts.desk.more}</button>`}`;
}

function workingTable(desk: TruewickDesk, waiting: readonly WireOrder[], texts: Texts): TemplateResult {
  const head = texts.desk;
  const { orders } = texts;
  return html`<table class="cards working" aria-label=${orders.working}>
    <thead><tr><th>${head.instrument}</th><th class="start">${head.side}</th><th class="start">${orders.type}</th><th>${head.lots}</th>
      <th>${orders.fields.stopPrice}</th><th>${orders.fields.limitPrice}</th><th>${orders.distance}</th>
      <th class="start wide">${orders.valid}</th><th>${exitButton(desk, texts, { kind: "cancel-all" }, orders.cancelAll, orders.cancelAll)}</th></tr></thead>
    <tbody>${waiting.map((order) => workingRow(order, desk, texts))}</tbody>
  </table>`;
}

function workingRow(order: WireOrder, desk: TruewickDesk, texts: Texts): TemplateResult {
  const { locale } = desk;
  const { orders } = texts;
  const instrument = desk.instruments.find((one) => one.id === order.instrument);
  const what = `${texts.sides[order.side]} ${order.lots} ${order.instrument}`;
  return html`<tr data-order=${order.id}>
    <td class="name"><b>${order.instrument}</b></td>
    <td class="start side ${order.side}">${texts.sides[order.side]}</td>
    <td class="start kind">${orders.types[order.type]}${order.reduceOnly ? html` <span class="muted">(${orders.reduceOnly})</span>` : nothing}</td>
    <td class="lots">${edit(order, "lots", order.lots, desk, texts, lotTerms(instrument))}</td>
    <td class="stopPrice">${order.stopPrice === null ? "–" : edit(order, "stopPrice", order.stopPrice, desk, texts, instrument)}</td>
    <td class="limitPrice">${order.limitPrice === null ? "–" : edit(order, "limitPrice", order.limitPrice, desk, texts, instrument)}</td>
    <td class="figure distance">${distance(order, desk, texts, instrument)}</td>
    <td class="start wide">${order.expiresAt === null ? orders.times[order.timeInForce] : when(order.expiresAt, locale)}</td>
    <td class="exits"><button data-command="cancel" aria-label=${orders.cancelOrder(what)} ?disabled=${desk.isPending(order.id)}
      @click=${() => desk.send({ kind: "cancel", order })}>${orders.cancel}</button></td>
  </tr>`;
}

/** Lots move in steps as prices move in ticks. */
const lotTerms = (instrument: WireInstrument | undefined) =>
  instrument && { ...instrument, tickSize: instrument.lotStep, priceDecimals: 0 };

function edit(
  order: WireOrder,
  field: keyof AmendOrderRequest,
  value: string,
  desk: TruewickDesk,
  texts: Texts,
  terms: WireInstrument | undefined,
): TemplateResult {
  const name = field === "lots" ? texts.desk.lots : texts.orders.fields[field];
  return html`<span class="card-name">${name}</span><truewick-price-edit .texts=${texts} .locale=${desk.locale} .value=${value} .label="${name} ${order.instrument}"
    .terms=${terms ?? null} .busy=${desk.isPending(order.id)}
    @price-set=${(event: CustomEvent<string | null>) =>
      event.detail !== null &&
      desk.send({ kind: "amend", order, change: { [field]: event.detail } })}></truewick-price-edit>`;
}

/** Ticks from the market's price to the order's, and what they are worth for its lots. */
function distance(order: WireOrder, desk: TruewickDesk, texts: Texts, instrument: WireInstrument | undefined): string {
  const market = desk.marketOf(order.instrument, order.side);
  const own = order.stopPrice ?? order.limitPrice;
  if (market === null || own === null || !instrument) return "–";
  const moved = stepsBetween({ from: market, to: own, step: instrument.tickSize });
  const ticks = moved < 0n ? -moved : moved;
  const worth = moneyOfTicks(ticks, BigInt(order.lots), instrument);
  return `${texts.ticket.ticks(grouped(ticks.toString(), desk.locale))} · ${grouped(worth, desk.locale)}\u00a0${instrument.currency}`;
}

function pastTable(desk: TruewickDesk, past: readonly WireOrder[], texts: Texts): TemplateResult {
  const head = texts.desk;
  return html`<table aria-label=${texts.orders.history}>
    <thead><tr><th>${texts.desk.time(zoneName(desk.locale, new Date()))}</th><th class="start">${head.instrument}</th><th class="start">${head.side}</th>
      <th class="start">${texts.orders.type}</th><th>${head.lots}</th><th>${head.price}</th><th class="start">${head.state}</th></tr></thead>
    <tbody>${past.map((order) => pastRow(order, desk, texts))}</tbody>
  </table>`;
}

function pastRow(order: WireOrder, desk: TruewickDesk, texts: Texts): TemplateResult {
  const { locale } = desk;
  const why = reasonOf(order, desk, texts);
  return html`<tr>
    <td class="figure">${stamp(order.acceptedAt, locale)}</td>
    <td class="start"><b>${order.instrument}</b></td>
    <td class="start ${order.side}">${texts.sides[order.side]}</td>
    <td class="start">${texts.orders.origins[order.origin] ?? texts.orders.types[order.type]}${
      order.reduceOnly && order.origin === "trader" ? html` <span class="muted">(${texts.desk.close})</span>` : nothing
    }</td>
    <td class="figure">${grouped(order.lots, locale)}</td>
    <td class="figure">${order.averageFillPrice === null ? "–" : grouped(order.averageFillPrice, locale)}</td>
    <td class="start">${texts.orderStates[order.state]}${why === null ? nothing : html`<span class="muted">: ${why}</span>`}</td>
  </tr>`;
}

/** Why it ended without (all of) its fill, in words. */
function reasonOf(order: WireOrder, { locale, account }: TruewickDesk, texts: Texts): string | null {
  if (order.cancelCode !== null) return texts.orders.cancels[order.cancelCode];
  if (order.rejectionCode === null) return null;
  const about = { instrumentId: order.instrument, instrument: undefined, currency: account?.currency ?? "" };
  return rejectionText({ code: order.rejectionCode, ...about }, locale);
}
