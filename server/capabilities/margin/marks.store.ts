import type { Knex } from "knex";
import { ticks } from "#core/units.ts";
import type { MarkQuote } from "./ladder.store.ts";

interface Row {
  instrument_id: string;
  seq: bigint;
  bid_ticks: bigint;
  ask_ticks: bigint;
  venue_at: Date;
  received_at: Date;
}

/**
 * The last unflagged quote of each instrument at the place from which the stream is followed: its cursor, or its end where
 * there is none yet. So what happened while nobody watched is seen in order.
 */
export async function loadMarks(db: Knex): Promise<Map<string, MarkQuote>> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `SELECT q.* FROM instruments i LEFT JOIN trigger_cursors c ON c.instrument_id = i.id
     CROSS JOIN LATERAL (
       SELECT q.instrument_id, q.seq, q.bid_ticks, q.ask_ticks, q.venue_at, q.received_at FROM quotes q
       WHERE q.instrument_id = i.id AND q.flag IS NULL AND (c.seq IS NULL OR q.seq <= c.seq) ORDER BY q.seq DESC LIMIT 1) q`,
  );
  return new Map(rows.map((row) => [row.instrument_id, toMark(row)]));
}

const toMark = (row: Row): MarkQuote => ({
  seq: row.seq,
  bid: ticks(row.bid_ticks),
  ask: ticks(row.ask_ticks),
  venueAt: row.venue_at,
  receivedAt: row.received_at,
});
