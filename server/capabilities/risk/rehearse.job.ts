import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import type { Instrument } from "#core/instrument.ts";
import { assert } from "#core/result.ts";
import { formatDecimal } from "#core/units.ts";
import { openWhatIf } from "#core/what-if.ts";
import type { Whose } from "#core/what-if-events.ts";
import type { Outcome, WhatIfResult } from "#core/what-if-tally.ts";
import { inSnapshot, type SnapshotReader } from "../../platform/db/copy-out.ts";
import { readInstruments, type TermsRow, toTerms } from "../market-data/index.ts";
import type { Cast } from "./recorded-events.store.ts";
import { playPeriod } from "./rehearsal-events.store.ts";
import { rehearsalTable } from "./rehearsal-table.store.ts";
import { type RehearsalRow, takeRehearsal, writeFailure, writePercent, writeResult } from "./rehearsals.store.ts";

export interface RehearsePorts {
  readonly db: Knex;
  /** Reads that take long. */
  readonly readDb: Knex;
  /** Awaited between pieces: whoever waits for an answer goes first. */
  readonly yield: () => Promise<void>;
  readonly announceChanged: (id: string) => void;
  readonly onError: (error: unknown, id: string) => void;
}

const attemptsMax = 3;
const tradersMost = 200;
/** Progress is told when it has grown by so many per cent. */
const tellPercent = 2;

/** Plays what was asked for, one after the other, from one snapshot each. Killed anywhere, the next begins it anew. Returns how many. */
export async function playRehearsals(ports: RehearsePorts): Promise<number> {
  for (let played = 0; ; played += 1) {
    const row = await takeRehearsal(ports.db);
    if (row === null) return played;
    try {
      if (row.attempts > attemptsMax) throw new Error("its player ended too often");
      await writeResult(ports.db, row, await playOne(ports, row));
    } catch (error) {
      ports.onError(error, row.id);
      await writeFailure(ports.db, row, "It could not be played; the server's log says why.");
    }
    ports.announceChanged(row.id);
  }
}

async function playOne(ports: RehearsePorts, row: RehearsalRow): Promise<unknown> {
  const { book, from_at: from, to_at: to, lines } = row;
  const instruments = await readInstruments(ports.readDb);
  let told = 0;
  const tell = async (at: number): Promise<void> => {
    await ports.yield();
    const percent = Math.floor(((at - from.getTime()) * 100) / (to.getTime() - from.getTime()));
    if (percent < told + tellPercent) return;
    told = percent;
    await writePercent(ports.db, row, percent);
    ports.announceChanged(row.id);
  };
  return inSnapshot(ports.readDb, async (reader) => {
    const whatIf = openWhatIf(await rehearsalTable(reader, { book, from, to, lines }));
    const cast = await loadCast(reader, book, instruments);
    await playPeriod(reader, { book, from, to }, { whatIf, cast, tell });
    return written(whatIf.result(new Map(), tradersMost), await scalesOf(reader));
  });
}

interface AccountRow {
  id: string;
  trader_id: string;
  tenant_id: number;
  currency: string;
}

/** Whose the accounts of a book are, and what was traded on which terms. */
export async function loadCast(reader: SnapshotReader, book: Book, instruments: readonly Instrument[]): Promise<Cast> {
  const accounts = await reader.rows<AccountRow>(
    "SELECT id, trader_id, tenant_id, currency FROM accounts WHERE book = $1",
    [book],
  );
  const people = new Map(
    accounts.map(({ id, trader_id: traderId, tenant_id: tenantId, currency }): [string, Whose] => [
      id,
      { accountId: id, traderId, tenantId, book, currency },
    ]),
  );
  const known = new Map(instruments.map((one) => [one.id, one]));
  const terms = await reader.rows<TermsRow>("SELECT * FROM instrument_terms");
  const versions = new Map<string, Map<number, Instrument>>();
  for (const row of terms) {
    const one = known.get(row.instrument_id);
    if (one === undefined) continue;
    const own = versions.get(one.id) ?? new Map<number, Instrument>();
    versions.set(one.id, own.set(row.terms_version, { ...one, terms: toTerms(row) }));
  }
  return {
    whose: (id) => {
      const whose = people.get(id);
      assert(whose !== undefined, `account ${id} has orders and is not of the book ${book}`);
      return whose;
    },
    instrument: (id, version) => {
      const found = versions.get(id)?.get(version);
      assert(found !== undefined, `instrument ${id} has no terms ${version}`);
      return found;
    },
  };
}

async function scalesOf(reader: SnapshotReader): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.rows<{ code: string; scale: number }>("SELECT code, scale FROM currencies");
  return new Map(rows.map(({ code, scale }) => [code, scale]));
}

/** As it is kept: money in major units, lots as texts. */
function written(result: WhatIfResult, scales: ReadonlyMap<string, number>): unknown {
  const outcome = (row: Outcome) => {
    const scale = scales.get(row.currency) ?? 2;
    return {
      ...{ ...row, lotsNotTraded: `${row.lotsNotTraded}` },
      ...{ lossAvoided: formatDecimal(row.lossAvoided, scale), feesForgone: formatDecimal(row.feesForgone, scale) },
    };
  };
  const { totals, byTrader, byInstrument, byPartner } = result;
  return {
    ...result,
    ...{ totals: totals.map(outcome), byTrader: byTrader.map(outcome) },
    ...{ byInstrument: byInstrument.map(outcome), byPartner: byPartner.map(outcome) },
  };
}
