import type { Knex } from "knex";
import type { ExportProfile, ExportReport, ExportSeparator, ExportState } from "#contracts/export-names.ts";
import type { Book } from "#contracts/names.ts";

/** What was asked for. */
export interface ExportRow {
  readonly id: string;
  readonly tenant_id: number;
  readonly report: ExportReport;
  readonly book: Book;
  readonly from_date: string;
  readonly to_date: string;
  readonly profile: ExportProfile;
  readonly separator: ExportSeparator;
  readonly time_zone: string;
  readonly state: ExportState;
  readonly attempts: number;
  readonly requested_by: string;
  readonly sha256: string | null;
}

/** One try at making a file; what a later try has begun, this one no longer writes. */
export interface Attempt {
  readonly id: string;
  readonly attempts: number;
}

/**
 * Takes the oldest that waits. One that still says `running` was left by a process that died: there is one maker at a time.
 * null: nothing waits.
 */
export async function takeNext(db: Knex): Promise<ExportRow | null> {
  const { rows } = await db.raw(
    `UPDATE exports SET state = 'running', attempts = attempts + 1, rows_done = 0, started_at = clock_timestamp()
     WHERE id = (SELECT id FROM exports WHERE state IN ('queued', 'running') ORDER BY requested_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING *`,
  );
  return rows[0] ?? null;
}

/** Tells how far it is. False: it was cancelled, or another try has begun; there is nothing more to do. */
export async function writeProgress(
  db: Knex,
  { id, attempts }: Attempt,
  rows: { readonly done: bigint; readonly total: bigint },
): Promise<boolean> {
  const changed = await db("exports")
    .where({ id, attempts, state: "running" })
    .update({ rows_done: rows.done.toString(), rows_total: rows.total.toString() });
  return changed === 1;
}

/** Ends it well; the file is kept for `keptDays`. False: it was cancelled meanwhile. */
export async function writeSucceeded(
  db: Knex,
  { id, attempts }: Attempt,
  file: { readonly rows: bigint; readonly bytes: bigint; readonly sha256: string },
  keptDays: number,
): Promise<boolean> {
  const rows = file.rows.toString();
  const changed = await db("exports")
    .where({ id, attempts, state: "running" })
    .update({
      ...{ state: "succeeded", rows_done: rows, rows_total: rows, bytes: file.bytes.toString(), sha256: file.sha256 },
      finished_at: db.raw("clock_timestamp()"),
      expires_at: db.raw("clock_timestamp() + make_interval(days => ?)", [keptDays]),
    });
  return changed === 1;
}

export async function writeFailed(db: Knex, { id, attempts }: Attempt, failure: string): Promise<void> {
  await db("exports")
    .where({ id, attempts, state: "running" })
    .update({ state: "failed", failure, finished_at: db.raw("clock_timestamp()") });
}

/** Gives it back to be tried again. */
export async function writeQueued(db: Knex, { id, attempts }: Attempt): Promise<void> {
  await db("exports").where({ id, attempts, state: "running" }).update({ state: "queued" });
}

/** Those whose time is over. They are expired first and removed then: a row that says `succeeded` has its file. */
export async function expireOld(db: Knex): Promise<readonly string[]> {
  const { rows } = await db.raw(
    "UPDATE exports SET state = 'expired' WHERE state = 'succeeded' AND expires_at <= clock_timestamp() RETURNING id",
  );
  return rows.map(({ id }: { id: string }) => id);
}

/** Of these the ones whose file must stay, or may be being made. */
export async function keptOf(db: Knex, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.raw(
    "SELECT id FROM exports WHERE id = ANY (?::uuid[]) AND state IN ('queued', 'running', 'succeeded')",
    [[...ids]],
  );
  return new Set(rows.map(({ id }: { id: string }) => id));
}

/** For a download. null: there is none, or its file is not there (yet or any more). */
export async function readyExport(db: Knex, id: string): Promise<(ExportRow & { readonly partner: string }) | null> {
  const { rows } = await db.raw(
    `SELECT e.*, p.code AS partner FROM exports e JOIN partners p ON p.id = e.tenant_id
     WHERE e.id = ?::uuid AND e.state = 'succeeded' AND e.expires_at > clock_timestamp()`,
    [id],
  );
  return rows[0] ?? null;
}
