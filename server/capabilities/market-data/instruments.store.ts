import type { Knex } from "knex";
import type { AssetClass, BarPrice, TradeMode } from "#contracts/names.ts";
import type { Instrument } from "#core/instrument.ts";
import { assert } from "#core/result.ts";
import type { Holiday, SessionCalendar, SessionRule } from "#core/session-calendar.ts";
import { type TermsRow, toTerms } from "./terms-row.ts";

interface CalendarRow {
  id: string;
  zone: string;
  trade_date_cut: string;
  sessions: SessionRule[];
  holidays: Holiday[];
}

interface InstrumentRow extends TermsRow {
  id: string;
  name: string;
  asset_class: AssetClass;
  exchange: string;
  calendar_id: string;
  bar_price: BarPrice;
  trade_mode: TradeMode;
  max_quote_age_ms: number;
}

/** Every instrument that has terms in force, with its calendar, in order of id. */
export async function readInstruments(db: Knex): Promise<Instrument[]> {
  const calendarRows: CalendarRow[] = await db("session_calendars").select(
    "id",
    "zone",
    "trade_date_cut",
    "sessions",
    "holidays",
  );
  const calendars = new Map(calendarRows.map((row) => [row.id, toCalendar(row)]));
  const rows: InstrumentRow[] = await db("instruments as i")
    .join("current_instrument_terms as t", "t.instrument_id", "i.id")
    .select("i.*", "t.*", "i.id as id")
    .orderBy("i.id");
  return rows.map((row) => {
    const calendar = calendars.get(row.calendar_id);
    assert(calendar !== undefined, `instrument ${row.id} names calendar ${row.calendar_id}, which is not there`);
    return toInstrument(row, calendar);
  });
}

/** When the next version of any terms comes into force; null when none is waiting. */
export async function nextTermsChange(db: Knex): Promise<Date | null> {
  const { rows }: { rows: { at: Date | null }[] } = await db.raw(
    "SELECT min(effective_from) AS at FROM instrument_terms WHERE effective_from > clock_timestamp()",
  );
  return rows[0]?.at ?? null;
}

const toCalendar = (row: CalendarRow): SessionCalendar => ({
  id: row.id,
  zone: row.zone,
  tradeDateCut: row.trade_date_cut.slice(0, 5),
  sessions: row.sessions,
  holidays: row.holidays,
});

const toInstrument = (row: InstrumentRow, calendar: SessionCalendar): Instrument => ({
  id: row.id,
  name: row.name,
  assetClass: row.asset_class,
  exchange: row.exchange,
  calendar,
  barPrice: row.bar_price,
  tradeMode: row.trade_mode,
  maxQuoteAgeMs: row.max_quote_age_ms,
  terms: toTerms(row),
});
