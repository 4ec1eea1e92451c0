import type { Knex } from "knex";
import type { Actor } from "../../server/platform/db/unit-of-work.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import { newId } from "../../server/platform/ids.ts";
import { calendars, type SeedCalendar } from "./calendars.ts";
import { defaultLimits, instruments, type SeedInstrument } from "./instruments.ts";

/**
 * Session calendars, instruments with their first terms, default risk limits, and the bank as the way out. Adds what is missing and leaves what is
 * there as the operator has made it. Returns what it added, a line each; none when nothing was missing.
 */
export async function seedReference(db: Knex, actor: Actor): Promise<string[]> {
  return transactor(db)(actor, async (work) => {
    const added = {
      "session calendars": await addCalendars(work.db),
      instruments: await addInstruments(work.db, actor),
      "default risk limits": await addLimits(work.db, actor),
      "payment channels": await addPaymentChannels(work.db),
    };
    const told: string[] = [];
    for (const [what, ids] of Object.entries(added)) {
      if (ids.length === 0) continue;
      told.push(`${what}: ${ids.join(", ")}`);
      work.audit({ action: "seed", resource: what.replaceAll(" ", "-"), objectId: null, after: { added: ids } });
    }
    return told;
  });
}

async function addCalendars(db: Knex): Promise<string[]> {
  const rows = calendars.map((calendar: SeedCalendar) => ({
    id: calendar.id,
    name: calendar.name,
    zone: calendar.zone,
    trade_date_cut: calendar.tradeDateCut,
    sessions: JSON.stringify(calendar.sessions),
    holidays: JSON.stringify(calendar.holidays),
  }));
  return idsOf(await db("session_calendars").insert(rows).onConflict("id").ignore().returning("id"));
}

async function addInstruments(db: Knex, actor: Actor): Promise<string[]> {
  const added = idsOf(
    await db("instruments")
      .insert(
        instruments.map((instrument: SeedInstrument) => ({
          id: instrument.id,
          name: instrument.name,
          asset_class: instrument.assetClass,
          exchange: instrument.exchange,
          calendar_id: instrument.calendar,
          bar_price: instrument.barPrice,
          max_quote_age_ms: instrument.maxQuoteAgeMs,
        })),
      )
      .onConflict("id")
      .ignore()
      .returning("id"),
  );
  const terms = instruments
    .filter((instrument) => added.includes(instrument.id))
    .map((instrument) => ({
      instrument_id: instrument.id,
      terms_version: 1,
      currency: "USD",
      currency_scale: 2,
      tick_size: instrument.tickSize,
      price_decimals: instrument.decimals,
      multiplier: instrument.multiplier,
      tick_value_minor: instrument.tickValue,
      max_lots_per_order: instrument.maxLotsPerOrder,
      initial_margin_minor: instrument.initialMargin,
      maintenance_margin_minor: instrument.maintenanceMargin,
      fee_per_side_minor: instrument.feePerSide,
      created_by: actor.name,
    }));
  if (terms.length > 0) await db("instrument_terms").insert(terms);
  return added;
}

async function addLimits(db: Knex, actor: Actor): Promise<string[]> {
  const { length } = await db("risk_limits").where({ scope: "default" }).limit(1);
  if (length > 0) return [];
  const lines = defaultLimits.map(({ instrument, maxLotsPerOrder, maxPositionLots }) => ({
    limit_id: newId(),
    instrument,
    settings: { maxLotsPerOrder: maxLotsPerOrder.toString(), maxPositionLots: maxPositionLots.toString() },
  }));
  await db("risk_limits").insert(
    lines.map(({ limit_id: id, instrument }) => ({ id, scope: "default", instrument_id: instrument })),
  );
  await db("risk_limit_versions").insert(
    lines.map(({ limit_id, settings }) => ({
      ...{ limit_id, version: 1, settings: JSON.stringify(settings) },
      ...{ author: actor.name, reason: "careful where an operator has not yet said otherwise" },
    })),
  );
  return defaultLimits.map((limit) => limit.instrument ?? "all instruments");
}

/** Careful where an operator has not yet said otherwise: a person looks at every withdrawal, two at larger ones. Minor units. */
const bankInDollars = { min_minor: 2_000, max_minor: 5_000_000, auto_up_to_minor: 0, four_eyes_above_minor: 100_000 };

async function addPaymentChannels(db: Knex): Promise<string[]> {
  const { length } = await db("payment_channels").limit(1);
  if (length > 0) return [];
  await db("payment_channels").insert({ channel: "bank", currency: "USD", cooling_hours: 24, ...bankInDollars });
  return ["bank USD"];
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id);
