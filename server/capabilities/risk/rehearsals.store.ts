import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type ChangeLine, changeLines } from "./change-lines.ts";

/** A period's orders to be played through a change. */
export interface NewRehearsal {
  readonly changeId: string;
  readonly book: Book;
  /** ISO 8601; the first moment that is part of it, and the first that is not. */
  readonly fromAt: string;
  readonly toAt: string;
}

export interface RehearsalRow {
  readonly id: string;
  readonly change_id: string;
  readonly book: Book;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly attempts: number;
  readonly lines: readonly ChangeLine[];
}

const daysMax = 93;
const dayMs = 86_400_000;

/** Asks for a rehearsal of a change as it is now; also of one that has ended. */
export async function askRehearsal(
  work: Work,
  actor: Actor,
  { changeId, book, fromAt, toAt }: NewRehearsal,
): Promise<
  Result<{ id: string }, { readonly code: "NO_PERSON" | "NO_LINES" | "PERIOD_INVALID"; readonly field?: string }>
> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const days = (Date.parse(toAt) - Date.parse(fromAt)) / dayMs;
  if (!(days > 0 && days <= daysMax)) return refuse({ code: "PERIOD_INVALID", field: "toAt" });
  const lines = await changeLines(work.db, changeId);
  if (lines.length === 0) return refuse({ code: "NO_LINES" });
  const id = newId();
  await work.db("risk_rehearsals").insert({
    ...{ id, change_id: changeId, book, from_at: fromAt, to_at: toAt, lines: JSON.stringify(lines) },
    ...{ asked_by_id: actor.id, asked_by: actor.name },
  });
  const after = { rehearsal: id, book, fromAt, toAt };
  work.audit({ action: "rehearse", resource: "risk-changes", objectId: changeId, tenantId: null, after });
  return ok({ id });
}

/** Takes the oldest that waits, or that a player who died had begun: one plays at a time. Null: none. */
export async function takeRehearsal(db: Knex): Promise<RehearsalRow | null> {
  const { rows } = await db.raw<{ rows: RehearsalRow[] }>(
    `UPDATE risk_rehearsals SET state = 'running', attempts = attempts + 1, percent = 0 WHERE id = (
       SELECT id FROM risk_rehearsals WHERE state IN ('waiting', 'running') ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING *`,
  );
  return rows[0] ?? null;
}

/** Of this try; another one that has begun since goes on alone. */
const tryOf = (db: Knex, { id, attempts }: RehearsalRow) =>
  db("risk_rehearsals").where({ id, attempts, state: "running" });

export const writePercent = async (db: Knex, row: RehearsalRow, percent: number): Promise<void> =>
  void (await tryOf(db, row).update({ percent }));

export const writeResult = async (db: Knex, row: RehearsalRow, result: unknown): Promise<void> =>
  void (await tryOf(db, row).update({
    ...{ state: "done", percent: 100, result: JSON.stringify(result), finished_at: db.raw("clock_timestamp()") },
  }));

export const writeFailure = async (db: Knex, row: RehearsalRow, failure: string): Promise<void> =>
  void (await tryOf(db, row).update({ state: "failed", failure, finished_at: db.raw("clock_timestamp()") }));
