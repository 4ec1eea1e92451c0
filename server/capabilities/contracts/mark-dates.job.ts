import type { Knex } from "knex";
import { datesOver, lotsHeldSince, markPriceBy, type OverDate } from "#core/daily-mark.ts";
import type { Instrument } from "#core/instrument.ts";
import { tradeDateOf } from "#core/session-calendar.ts";
import { ticks } from "#core/units.ts";
import { addDays } from "#core/zone-time.ts";
import { systemActor, type Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { lockAccounts, type MarkPositions } from "../trading/index.ts";
import {
  accountsToMark,
  databaseNow,
  insertMark,
  insertPositionMarks,
  lastQuoteOf,
  type MarkingRow,
  markingRows,
  pathsSinceCut,
  type UnpaidMark,
  unpaidMarks,
  writePaid,
} from "./settlement-marks.store.ts";

export interface MarkPorts {
  readonly db: Knex;
  readonly transact: Transact;
  readonly instruments: () => readonly Instrument[];
  readonly mark: MarkPositions;
  readonly announce: (announcement: Announcement) => void;
  /** How long after the cut a date is marked: until then late-stored quotes of before arrive. */
  readonly graceMs?: number;
  /** The moment it is; absent: the database's clock. */
  readonly now?: () => Promise<Date>;
}

const usualGraceMs = 5_000;
/** Accounts marked in one transaction. */
const accountsMax = 200;
const beforeAll = "00000000-0000-0000-0000-000000000000";

/**
 * Marks every trade date that is over: one row an instrument and date, with the quote that gave the price. Where an instrument settles
 * daily in cash, open positions are then paid the difference, in batches. Dates missed while nothing ran are made up for, in
 * order. It may be killed anywhere, run twice, and run by two processes at once: a date and a position on a date have one
 * mark. Returns how many marks were made.
 */
export async function markDates(ports: MarkPorts): Promise<number> {
  const now = await (ports.now ?? (() => databaseNow(ports.db)))();
  const until = new Date(now.getTime() - (ports.graceMs ?? usualGraceMs));
  const byId = new Map(ports.instruments().map((instrument) => [instrument.id, instrument]));
  let made = 0;
  for (const row of await markingRows(ports.db)) {
    const instrument = byId.get(row.instrument_id);
    if (instrument === undefined) continue;
    for (const date of datesToMark(instrument, row, until)) if (await markDate(ports, row, date)) made += 1;
  }
  for (const mark of await unpaidMarks(ports.db)) await payMark(ports, mark);
  return made;
}

/** The dates after the last mark; an instrument without one begins with the date of its first quote. */
function datesToMark({ calendar }: Instrument, row: MarkingRow, until: Date): OverDate[] {
  if (row.last_date !== null) return datesOver(calendar, row.last_date, until);
  if (row.first_quote_at === null) return [];
  return datesOver(calendar, addDays(tradeDateOf(calendar, row.first_quote_at), -1), until);
}

async function markDate(ports: MarkPorts, row: MarkingRow, date: OverDate): Promise<boolean> {
  const quote = await lastQuoteOf(ports.db, row.instrument_id, date, row.settlement_rule);
  const price = quote === null ? null : markPriceBy(row.settlement_rule, quote);
  return ports.transact(systemActor, async (work) => {
    const isNew = await insertMark(work.db, row, date, quote === null || price === null ? null : { quote, price });
    work.afterCommit(() => ports.announce({ kind: "changed", resource: "settlement-marks", id: null }));
    return isNew;
  });
}

/** Pays a mark through, account by account in id order. An earlier date of the instrument comes first. */
async function payMark(ports: MarkPorts, mark: UnpaidMark): Promise<void> {
  for (let after = beforeAll; ; ) {
    const ids = await accountsToMark(ports.db, mark, after, accountsMax);
    const last = ids.at(-1);
    if (last === undefined) break;
    await payAccounts(ports, mark, ids);
    after = last;
  }
  await ports.transact(systemActor, async (work) => {
    if (await writePaid(work.db, mark.id))
      work.afterCommit(() => ports.announce({ kind: "changed", resource: "settlement-marks", id: mark.id.toString() }));
  });
}

function payAccounts(ports: MarkPorts, mark: UnpaidMark, accountIds: readonly string[]): Promise<void> {
  return ports.transact(systemActor, async (work) => {
    const accounts = await lockAccounts(work.db, accountIds);
    const paths = await pathsSinceCut(work.db, mark, accountIds);
    const lots = new Map(
      paths.map(({ accountId, lotsAtCut, lotsAfter }) => [accountId, lotsHeldSince(lotsAtCut, lotsAfter)]),
    );
    const held = new Map([...lots].filter(([, size]) => size !== 0n));
    const request = { instrumentId: mark.instrument_id, price: ticks(mark.price_ticks), lots: held };
    await insertPositionMarks(work.db, mark.id, await ports.mark(work, accounts, request));
  });
}
