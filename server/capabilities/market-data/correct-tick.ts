import { type Interval, intervals, type TickCorrectionKind } from "#contracts/names.ts";
import { type Bar, barPriceOf, barStart, intervalMs } from "#core/bar.ts";
import type { Instrument } from "#core/instrument.ts";
import type { Quote } from "#core/quote.ts";
import { readPrice } from "#core/quote-gate.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { tradeDateOf } from "#core/session-calendar.ts";
import {
  type BarValues,
  foldMinutes,
  minuteOf,
  revised,
  sameValues,
  type TickCorrection,
} from "#core/tick-correction.ts";
import type { Ticks } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { readBars, saveBars } from "./bars.store.ts";
import { readInstruments } from "./instruments.store.ts";
import {
  isUnbroken,
  lockBars,
  lockCorrections,
  readCorrections,
  readMinuteQuotes,
  readQuote,
} from "./tick-corrections.store.ts";
import { toBarEvent } from "./wire.ts";

export interface NewTickCorrection {
  readonly instrumentId: string;
  /** Number of the quote. */
  readonly seq: string;
  readonly kind: TickCorrectionKind;
  /** What bars take instead, a decimal; only for the kind `price`. */
  readonly price?: string;
  readonly reason: string;
}

export interface CorrectionRefusal {
  readonly code:
    | "UNKNOWN_INSTRUMENT"
    | "UNKNOWN_TICK"
    | "TICK_PRICES_NOTHING"
    | "PRICE_MISSING"
    | "PRICE_NOT_ALONE"
    | "PRICE_OFF_TICK"
    | "ONLY_TICK"
    | "TICKS_INCOMPLETE";
  readonly field: keyof NewTickCorrection;
}

/** What is corrected: a quote that is in its bars, and what it gives to them. */
interface Corrected {
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly was: Ticks;
  readonly correction: TickCorrection;
}

/**
 * Takes a stored tick back, gives it another price, or puts it back. Its minute is made anew of the stored ticks, the other intervals are folded
 * from their minutes; `rev` rises, `final` stays, and watchers are told. The quote itself is sealed and stays, and so does every fill at it.
 * Refused, with nothing written, where the stored ticks and minutes do not give the stored bars: they were swept, or the bars came from elsewhere.
 */
export async function correctTick(
  work: Work,
  publish: Bus["publish"],
  actor: Actor,
  wanted: NewTickCorrection,
): Promise<Result<{ id: string }, CorrectionRefusal>> {
  await lockCorrections(work.db, wanted.instrumentId);
  const found = await findCorrected(work, wanted);
  if (!found.ok) return found;
  const { instrument, quote, was, correction } = found.value;
  const recomputed = await recompute(work, found.value);
  if (!recomputed.ok) return recomputed;
  const [row]: { id: bigint }[] = await work
    .db("tick_corrections")
    .insert({
      ...{
        instrument_id: instrument.id,
        seq: wanted.seq,
        kind: wanted.kind,
        price_ticks: correction.price,
        was_ticks: was,
      },
      ...{ minute_at: new Date(minuteStart(quote)), bars_changed: recomputed.value.length, reason: wanted.reason },
      ...{ corrected_by_id: actor.id, corrected_by: actor.name },
    })
    .returning("id");
  const id = row?.id ?? 0n;
  const bars = recomputed.value.map(({ after }) => after);
  const entries = bars.map((bar) => ({ instrumentId: instrument.id, source: quote.source, bar }));
  await saveBars(work.db, entries, new Map([[instrument.id, id]]));
  const told = ({ open, high, low, close, volume, rev }: Bar) => [open, high, low, close, volume, rev].map(String);
  work.audit({
    ...{ action: wanted.kind, resource: "tick-corrections", objectId: `${id}`, reason: wanted.reason },
    before: Object.fromEntries(recomputed.value.map(({ before }) => [before.interval, told(before)])),
    after: { ...wanted, bars: Object.fromEntries(bars.map((bar) => [bar.interval, told(bar)])) },
  });
  const events = bars.map((bar) => toBarEvent(instrument.id, bar, instrument.terms.price));
  work.afterCommit(() => publish({ kind: "bars", bars: events }));
  return ok({ id: `${id}` });
}

async function findCorrected({ db }: Work, wanted: NewTickCorrection): Promise<Result<Corrected, CorrectionRefusal>> {
  const instrument = (await readInstruments(db)).find(({ id }) => id === wanted.instrumentId);
  if (instrument === undefined) return refuse({ code: "UNKNOWN_INSTRUMENT", field: "instrumentId" });
  const price = priceOf(wanted, instrument);
  if (!price.ok) return price;
  const quote = await readQuote(db, instrument.id, BigInt(wanted.seq));
  if (quote === null) return refuse({ code: "UNKNOWN_TICK", field: "seq" });
  const was = barPriceOf(quote, instrument.barPrice);
  if (was === null) return refuse({ code: "TICK_PRICES_NOTHING", field: "seq" });
  return ok({ instrument, quote, was, correction: { kind: wanted.kind, price: price.value } });
}

function priceOf({ kind, price }: NewTickCorrection, { terms }: Instrument): Result<Ticks | null, CorrectionRefusal> {
  if (kind !== "price") return price === undefined ? ok(null) : refuse({ code: "PRICE_NOT_ALONE", field: "price" });
  if (price === undefined) return refuse({ code: "PRICE_MISSING", field: "price" });
  const read = readPrice(price, terms.price);
  if (read === null || read.isOffTick || read.price <= 0n) return refuse({ code: "PRICE_OFF_TICK", field: "price" });
  return ok(read.price);
}

const minuteStart = (quote: Quote): number => Math.floor(quote.venueAt.getTime() / 60_000) * 60_000;

interface Change {
  readonly before: Bar;
  readonly after: Bar;
}

/** The bars of all intervals that the correction changes, locked. Empty when it changes none. */
async function recompute(
  { db }: Work,
  { instrument, quote, correction }: Corrected,
): Promise<Result<Change[], CorrectionRefusal>> {
  const dateOf = (atMs: number): string => tradeDateOf(instrument.calendar, new Date(atMs));
  const atMs = quote.venueAt.getTime();
  const starts = new Map(intervals.map((interval) => [interval, barStart(interval, atMs, dateOf)]));
  const stored = await lockBars(db, instrument.id, quote.source, starts);
  const incomplete = refuse<CorrectionRefusal>({ code: "TICKS_INCOMPLETE", field: "seq" });
  const minute = stored.find(({ interval }) => interval === "1m");
  if (minute === undefined || stored.length !== intervals.length || minute.lastSeq < quote.seq) return incomplete;

  const quotes = await readMinuteQuotes(db, instrument.id, quote.source, minute);
  const seqs = { from: quotes[0]?.seq ?? 0n, to: minute.lastSeq };
  if (!(await isUnbroken(db, instrument.id, seqs))) return incomplete;
  const held = await readCorrections(db, instrument.id, seqs);
  const before = minuteOf(quotes, held, instrument.barPrice);
  if (before === null || !sameValues(before, minute)) return incomplete;
  const after = minuteOf(quotes, new Map(held).set(quote.seq, correction), instrument.barPrice);
  if (after === null) return refuse({ code: "ONLY_TICK", field: "kind" });

  const changes: Change[] = sameValues(before, after) ? [] : [{ before: minute, after: revised(minute, after) }];
  for (const bar of stored) {
    if (bar.interval === "1m") continue;
    const minutes = await minutesOf(db, instrument, quote, bar);
    const folded = foldMinutes(minutes);
    if (folded === null || !sameValues(folded, bar)) return incomplete;
    const values = foldMinutes(
      minutes.map((one) => (one.openedAtMs === minute.openedAtMs ? { ...one, ...partsOf(after) } : one)),
    );
    if (values !== null && !sameValues(values, bar)) changes.push({ before: bar, after: revised(bar, values) });
  }
  return ok(changes);
}

const partsOf = ({ open, high, low, close, volume }: BarValues): BarValues => ({ open, high, low, close, volume });

/** All minutes of the four days around a trade date. */
const minutesMax = 6_000;

/** The minutes that a bar is folded from, by time. */
async function minutesOf(
  db: Work["db"],
  { id, calendar }: Instrument,
  { source, venueAt }: Quote,
  bar: Bar,
): Promise<Bar[]> {
  const [fromMs, toMs] = spanOf(bar.interval, bar.openedAtMs);
  const span = { from: new Date(fromMs), to: new Date(toMs), limit: minutesMax };
  const minutes = await readBars(db, { instrumentId: id, interval: "1m", source, ...span });
  if (bar.interval !== "1d") return minutes;
  const date = tradeDateOf(calendar, venueAt);
  return minutes.filter(({ openedAtMs }) => tradeDateOf(calendar, new Date(openedAtMs)) === date);
}

/** A trade date lies within two days of its own midnight in UTC, whatever zone and cut. */
function spanOf(interval: Interval, openedAtMs: number): [fromMs: number, toMs: number] {
  if (interval !== "1d") return [openedAtMs, openedAtMs + intervalMs[interval]];
  return [openedAtMs - 2 * 86_400_000, openedAtMs + 2 * 86_400_000];
}
