import type { Knex } from "knex";
import type { TradeMode } from "#contracts/names.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { parseDecimal } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";

/** Fields of an instrument by name, decimals in major units; the same names as on the wire. */
type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with which field. */
export interface InstrumentRefusal {
  readonly code: "UNKNOWN_CURRENCY" | "AMOUNT_TOO_FINE" | "PRICES_EXIST";
  readonly field: string;
}

const ownColumns = {
  name: "name",
  assetClass: "asset_class",
  exchange: "exchange",
  calendarId: "calendar_id",
  barPrice: "bar_price",
  maxQuoteAgeMs: "max_quote_age_ms",
  settlementRule: "settlement_rule",
  dailySettlement: "daily_settlement",
} as const;

const termsColumns = {
  tickSize: "tick_size",
  priceDecimals: "price_decimals",
  multiplier: "multiplier",
  lotStep: "lot_step",
  minLots: "min_lots",
  maxLotsPerOrder: "max_lots_per_order",
} as const;

const moneyColumns = {
  tickValue: "tick_value_minor",
  initialMargin: "initial_margin_minor",
  maintenanceMargin: "maintenance_margin_minor",
  feePerSide: "fee_per_side_minor",
} as const;

const termsFields = ["currency", ...Object.keys(termsColumns), ...Object.keys(moneyColumns)];
/**
 * Quotes, bars, fills and open positions count in ticks of this size and worth: with another one all of them would mean other
 * prices or other money. A contract of another size is another instrument.
 */
const fieldsOfPrices = ["tickSize", "tickValue", "currency"];

/** Adds an instrument with the first version of its contract terms, in force at once. */
export async function createInstrument(
  work: Work,
  actor: Actor,
  input: Fields,
): Promise<Result<{ id: string }, InstrumentRefusal>> {
  const id = String(input.id);
  const terms = await termsRow(work.db, input);
  if (!terms.ok) return terms;
  await work.db("instruments").insert({ id, ...picked(input, ownColumns) });
  await work
    .db("instrument_terms")
    .insert({ ...terms.value, instrument_id: id, terms_version: 1, created_by: actor.name });
  work.audit({ action: "create", resource: "instruments", objectId: id, tenantId: null, after: input });
  return ok({ id });
}

/**
 * Changes an instrument whose row the caller has locked. Changed contract terms become a new version, in force from now on;
 * orders and positions keep the version they began with.
 */
export async function updateInstrument(
  work: Work,
  actor: Actor,
  update: { readonly id: string; readonly changes: Fields; readonly current: Fields },
): Promise<Result<null, InstrumentRefusal>> {
  const { id, changes, current } = update;
  const { db } = work;
  if (Object.keys(changes).some((field) => termsFields.includes(field))) {
    const priced = Object.keys(changes).find((field) => fieldsOfPrices.includes(field));
    if (priced !== undefined && (await hasPrices(db, id))) return refuse({ code: "PRICES_EXIST", field: priced });
    const terms = await termsRow(db, { ...current, ...changes });
    if (!terms.ok) return terms;
    const version = db("instrument_terms")
      .where({ instrument_id: id })
      .select(db.raw("coalesce(max(terms_version), 0) + 1"));
    await db("instrument_terms").insert({
      ...terms.value,
      instrument_id: id,
      terms_version: version,
      created_by: actor.name,
    });
  }
  await db("instruments")
    .where({ id })
    .update({ ...picked(changes, ownColumns), ...stamps(db) });
  const before = Object.fromEntries(Object.keys(changes).map((field) => [field, current[field]]));
  work.audit({ action: "update", resource: "instruments", objectId: id, tenantId: null, before, after: changes });
  return ok(null);
}

/** Opens, restricts or halts trading in an instrument, for everybody at once. */
export async function setTradeMode(
  work: Work,
  change: { readonly id: string; readonly from: TradeMode; readonly to: TradeMode; readonly reason: string },
): Promise<void> {
  const { id, from, to, reason } = change;
  await work
    .db("instruments")
    .where({ id })
    .update({ trade_mode: to, ...stamps(work.db) });
  const [before, after] = [{ tradeMode: from }, { tradeMode: to }];
  work.audit({
    action: "set-trade-mode",
    resource: "instruments",
    objectId: id,
    tenantId: null,
    before,
    after,
    reason,
  });
}

async function hasPrices(db: Knex, id: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { found: boolean }[] }>(
    `SELECT EXISTS (SELECT FROM quotes WHERE instrument_id = ?) OR EXISTS (SELECT FROM bars WHERE instrument_id = ?)
       OR EXISTS (SELECT FROM positions WHERE instrument_id = ?) AS found`,
    [id, id, id],
  );
  return rows[0]?.found === true;
}

/** The row of instrument_terms for complete fields: money in minor units of the currency, refused where it has finer digits. */
async function termsRow(db: Knex, fields: Fields): Promise<Result<Record<string, unknown>, InstrumentRefusal>> {
  const currency = await db("currencies").where({ code: fields.currency }).first("code", "scale");
  if (currency === undefined) return refuse({ code: "UNKNOWN_CURRENCY", field: "currency" });
  const money: Record<string, string> = {};
  for (const [field, column] of Object.entries(moneyColumns)) {
    const text = fields[field];
    assert(typeof text === "string", `contract terms without ${field}`);
    const minor = parseDecimal(text, currency.scale);
    if (minor === null) return refuse({ code: "AMOUNT_TOO_FINE", field });
    money[column] = minor.toString();
  }
  const scale = { currency: currency.code, currency_scale: currency.scale };
  return ok({ ...picked(fields, termsColumns), ...money, ...scale });
}

const picked = (fields: Fields, columns: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([field, column]) =>
      fields[field] === undefined ? [] : [[column, fields[field]]],
    ),
  );

const stamps = (db: Knex) => ({ updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") });
