import type { Knex } from "knex";
import { prepared } from "../../platform/db/prepared.ts";

/** Another process leads the triggers now; this one may mark nothing more. */
export class LeadLost extends Error {}

/** Begins to lead: engines of earlier epochs can mark nothing from here on. Waits for what the last one is about to commit. */
export async function beginEpoch(db: Knex): Promise<bigint> {
  const { rows } = await db.raw<{ rows: { epoch: bigint }[] }>(
    "UPDATE trigger_engine SET epoch = epoch + 1 RETURNING epoch",
  );
  return rows[0]?.epoch ?? 0n;
}

/** Keeps a new leader from beginning until this transaction ends; throws `LeadLost` when one has begun. */
export async function holdEpoch(db: Knex, epoch: bigint): Promise<void> {
  const rows = await prepared(db, "SELECT 1 FROM trigger_engine WHERE epoch = ? FOR SHARE", [epoch.toString()]);
  if (rows.length === 0) throw new LeadLost(`the epoch ${epoch} of the triggers is over`);
}

/** Instrument id -> the quote up to which the known orders were tried. */
export async function loadCursors(db: Knex): Promise<Map<string, bigint>> {
  const { rows } = await db.raw<{ rows: { instrument_id: string; seq: bigint }[] }>(
    "SELECT instrument_id, seq FROM trigger_cursors",
  );
  return new Map(rows.map((row) => [row.instrument_id, row.seq]));
}

/**
 * Writes how far the engine is: orders as `snapshot` shows them were tried against the quotes up to `seqs`, and all they triggered
 * is committed.
 */
export async function saveCursors(
  db: Knex,
  epoch: bigint,
  snapshot: string,
  seqs: ReadonlyMap<string, bigint>,
): Promise<void> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `WITH mine AS (UPDATE trigger_engine SET known_xid = pg_snapshot_xmin(?::pg_snapshot) WHERE epoch = ? RETURNING 1),
     moved AS (
       INSERT INTO trigger_cursors AS c (instrument_id, seq)
       SELECT n.* FROM unnest(?::text[], ?::bigint[]) AS n, mine
       ON CONFLICT (instrument_id) DO UPDATE SET seq = excluded.seq WHERE c.seq <> excluded.seq)
     SELECT 1 FROM mine`,
    [snapshot, epoch.toString(), [...seqs.keys()], [...seqs.values()].map(String)],
  );
  if (rows.length === 0) throw new LeadLost(`the epoch ${epoch} of the triggers is over`);
}
