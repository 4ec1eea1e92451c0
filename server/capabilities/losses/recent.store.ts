import type { Knex } from "knex";
import { ticks } from "#core/units.ts";

interface Row {
  instrument_id: string;
  seq: bigint;
  bid_ticks: bigint;
  ask_ticks: bigint;
  received_at: Date;
}

/**
 * The last unflagged quotes of all instruments up to the place from which the stream is followed, oldest first, at most `most`. A peak that
 * another process saw and had not written down is found in them again.
 */
export async function readRecent(db: Knex, most: number) {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `SELECT * FROM (
       SELECT q.* FROM instruments i LEFT JOIN trigger_cursors c ON c.instrument_id = i.id
       CROSS JOIN LATERAL (
         SELECT q.instrument_id, q.seq, q.bid_ticks, q.ask_ticks, q.received_at FROM quotes q
         WHERE q.instrument_id = i.id AND q.flag IS NULL AND (c.seq IS NULL OR q.seq <= c.seq) ORDER BY q.seq DESC LIMIT ?) q
       ORDER BY q.received_at DESC, q.seq DESC LIMIT ?) q
     ORDER BY q.received_at, q.seq`,
    [most, most],
  );
  return rows.map((row) => ({
    instrumentId: row.instrument_id,
    seq: row.seq,
    bid: ticks(row.bid_ticks),
    ask: ticks(row.ask_ticks),
    receivedAt: row.received_at,
  }));
}
