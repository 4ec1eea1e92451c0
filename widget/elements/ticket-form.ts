import { html, nothing, type TemplateResult } from "lit";
import { orderTypes, type Side } from "#contracts/names.ts";
import { type Leg, type LegKind, type LegUnit, legFigures, legUnits } from "../format/bracket-leg.ts";
import { grouped, signedMoney } from "../format/numbers.ts";
import { entryOf, needsLimit, needsStop, type OrderDraft, timesOf } from "../format/order-draft.ts";
import { stepped } from "../format/price-line.ts";
import type { Texts } from "../i18n/texts.ts";
import type { TruewickTicket } from "./ticket.ts";

export const invalid = (ticket: TruewickTicket, field: string): "true" | "false" =>
  field in ticket.faults ? "true" : "false";

/** Below a field that the last order was refused for: why. */
export const fault = (ticket: TruewickTicket, field: string): TemplateResult | typeof nothing =>
  ticket.faults[field] === undefined ? nothing : html`<p class="fault" id="${field}-fault">${ticket.faults[field]}</p>`;

/** The four types as one switch of radio buttons. */
export function typeSwitch(ticket: TruewickTicket, texts: Texts): TemplateResult {
  return html`<fieldset class="types"><legend class="unseen">${texts.orders.type}</legend>
    ${orderTypes.map(
      (type) => html`<label><input type="radio" name="type" value=${type} .checked=${type === ticket.draft.type}
        ?disabled=${!ticket.quote} @change=${() => ticket.send("type-chosen", type)} /><span>${texts.orders.types[type]}</span></label>`,
    )}</fieldset>`;
}

/** Prices that the type needs, each with a stepper of one tick. */
export function priceRows(ticket: TruewickTicket, texts: Texts): TemplateResult {
  const { type } = ticket.draft;
  return html`${needsStop(type) ? priceRow(ticket, "stopPrice", texts) : nothing}
    ${needsLimit(type) ? priceRow(ticket, "limitPrice", texts) : nothing}`;
}

function priceRow(ticket: TruewickTicket, field: "limitPrice" | "stopPrice", texts: Texts): TemplateResult {
  const name = texts.orders.fields[field];
  const step = (ticks: bigint): void => {
    const { instrument, quote, draft } = ticket;
    if (!instrument || !quote) return;
    const isPrice = /^\d+(\.\d+)?$/.test(draft[field]);
    change(ticket, { [field]: stepped(isPrice ? draft[field] : quote.bid, ticks, instrument) });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    event.stopPropagation();
    step((event.key === "ArrowUp" ? 1n : -1n) * (event.shiftKey ? 10n : 1n));
  };
  return html`<div class="row price">
    <label for=${field}>${name}</label>
    <div class="stepper wide">
      <button aria-label=${texts.orders.lower(name)} @click=${() => step(-1n)}>−</button>
      <input id=${field} inputmode="decimal" autocomplete="off" maxlength="20" .value=${ticket.draft[field]}
        aria-invalid=${invalid(ticket, field)} aria-describedby="${field}-fault"
        @input=${(event: Event) => change(ticket, { [field]: (event.target as HTMLInputElement).value })} @keydown=${onKey} />
      <button aria-label=${texts.orders.higher(name)} @click=${() => step(1n)}>+</button>
    </div>
  </div>${fault(ticket, field)}`;
}

/** How long an order may wait, in the place where a market order has its slippage. */
export function timeRow(ticket: TruewickTicket, texts: Texts): TemplateResult {
  const { draft } = ticket;
  const onTime = (event: Event): void => {
    const value = (event.target as HTMLSelectElement).value;
    const timeInForce = timesOf(draft.type).find((one) => one === value);
    if (timeInForce) change(ticket, { timeInForce });
  };
  return html`<div class="row">
    <label for="time">${texts.orders.valid}</label>
    <select id="time" @change=${onTime}>${timesOf(draft.type).map(
      (time) =>
        html`<option value=${time} ?selected=${time === draft.timeInForce}>${texts.orders.times[time]}</option>`,
    )}</select>
    ${
      draft.timeInForce === "gtd"
        ? html`<input type="datetime-local" aria-label=${texts.orders.fields.expiresAt} .value=${draft.expiresAt}
          aria-invalid=${invalid(ticket, "expiresAt")} aria-describedby="expiresAt-fault"
          @input=${(event: Event) => change(ticket, { expiresAt: (event.target as HTMLInputElement).value })} />`
        : nothing
    }
  </div>${fault(ticket, "expiresAt")}`;
}

/** Take profit, stop loss and reduce-only; what is on has its own row. */
export function legRows(ticket: TruewickTicket, texts: Texts): TemplateResult {
  const { draft } = ticket;
  const box = (on: boolean, name: string, toggle: () => void, off = false) =>
    html`<label class="box"><input type="checkbox" .checked=${on} ?disabled=${off} @change=${toggle} />${name}</label>`;
  const { fields } = texts.orders;
  return html`<div class="row legs">
      ${box(draft.takeProfit.on, fields.takeProfit, () => ticket.send("leg-toggled", "takeProfit"), draft.reduceOnly)}
      ${box(draft.stopLoss.on, fields.stopLoss, () => ticket.send("leg-toggled", "stopLoss"), draft.reduceOnly)}
      ${box(draft.reduceOnly, texts.orders.reduceOnly, () => change(ticket, { reduceOnly: !draft.reduceOnly }))}
    </div>
    ${(["takeProfit", "stopLoss"] as const).map((kind) => (draft[kind].on && !draft.reduceOnly ? legRow(ticket, kind, texts) : nothing))}`;
}

function legRow(ticket: TruewickTicket, kind: LegKind, texts: Texts): TemplateResult {
  const leg = ticket.draft[kind];
  const name = texts.orders.fields[kind];
  const set = (to: Partial<Leg>): void => change(ticket, { [kind]: { ...leg, ...to } });
  const onUnit = (event: Event): void => {
    const value = (event.target as HTMLSelectElement).value;
    const unit = legUnits.find((one) => one === value);
    if (unit) set({ unit, value: converted(ticket, kind, unit) ?? leg.value });
  };
  return html`<div class="row leg">
    <label for=${kind}>${name}</label>
    <input id=${kind} inputmode="decimal" autocomplete="off" maxlength="16" .value=${leg.value} aria-describedby="${kind}-means"
      @input=${(event: Event) => set({ value: (event.target as HTMLInputElement).value.trim() })} />
    <select aria-label="${name}: ${legUnits.map((unit) => texts.orders.units[unit]).join(", ")}" @change=${onUnit}>
      ${legUnits.map((unit) => html`<option value=${unit} ?selected=${unit === leg.unit}>${texts.orders.units[unit]}</option>`)}
    </select>
    <small id="${kind}-means" class="figure">${meaning(ticket, kind, texts)}</small>
  </div>`;
}

/** The leg of a buy, or of a sell where only that makes sense of the price. */
function figuresOf(ticket: TruewickTicket, kind: LegKind, side: Side) {
  const { draft, quote, instrument, lots } = ticket;
  const entry = quote && instrument ? entryOf(draft, { side, quote, instrument }) : null;
  return entry === null || !instrument ? null : legFigures(draft[kind], { kind, side, entry, lots }, instrument);
}

/** The side that the ticket's leg is read for: that of a price is told by where it lies. */
function readFor(ticket: TruewickTicket, kind: LegKind): Side {
  if (ticket.draft[kind].unit !== "price") return "buy";
  return (figuresOf(ticket, kind, "buy")?.ticks ?? 0n) > 0n ? "buy" : "sell";
}

function meaning(ticket: TruewickTicket, kind: LegKind, texts: Texts): string {
  const { instrument, locale, draft } = ticket;
  const figures = figuresOf(ticket, kind, readFor(ticket, kind));
  if (!instrument || figures === null || figures.ticks < 1n) return "–";
  const worth = signedMoney(figures.money, instrument.currency, locale);
  const distance = texts.ticket.ticks(grouped(figures.ticks.toString(), locale));
  return draft[kind].unit === "ticks" ? worth : draft[kind].unit === "money" ? distance : `${worth} · ${distance}`;
}

/** The same leg in another unit. A price can't be told before the side is, so it is that of a buy. */
function converted(ticket: TruewickTicket, kind: LegKind, unit: LegUnit): string | null {
  const figures = figuresOf(ticket, kind, readFor(ticket, kind));
  if (figures === null) return null;
  return unit === "ticks"
    ? figures.ticks.toString()
    : unit === "price"
      ? figures.price
      : figures.money.replace("-", "");
}

const change = (ticket: TruewickTicket, to: Partial<OrderDraft>): void => ticket.send("draft-changed", to);
