import type { Knex } from "knex";
import type { CloseStepName } from "#contracts/close-names.ts";
import type { ClosingDate, Figures, StepWait } from "./step.ts";

interface CloseRow {
  readonly id: bigint;
  readonly tenant_id: number;
  readonly date: string;
  readonly state: "open" | "closing" | "failed" | "closed";
  readonly asked_by: string | null;
  readonly over: boolean;
}

export interface DayClose extends ClosingDate {
  readonly state: CloseRow["state"];
  readonly askedBy: string | null;
  /** Whether the date is over by the database's clock. */
  readonly isOver: boolean;
}

const columns = `id, tenant_id, to_char(book_date, 'YYYY-MM-DD') AS date, state, asked_by, book_date_of(clock_timestamp()) > book_date AS over`;

const toClose = (row: CloseRow): DayClose => ({
  id: row.id,
  tenantId: row.tenant_id,
  bookDate: row.date,
  state: row.state,
  askedBy: row.asked_by,
  isOver: row.over,
});

/**
 * The next date of each partner that has none under way: the one after the last closed, or that of its first ledger account.
 * Returns the new ids.
 */
export async function openNextDates(db: Knex): Promise<bigint[]> {
  const { rows } = await db.raw<{ rows: { id: bigint }[] }>(
    `INSERT INTO day_closes (tenant_id, book_date)
     SELECT p.id, n.day FROM partners p
       CROSS JOIN LATERAL (SELECT coalesce(
         next_book_date((SELECT closed_through FROM closed_books WHERE tenant_id = p.id)),
         (SELECT book_date_of(min(created_at)) FROM ledger_accounts WHERE tenant_id = p.id)) AS day) n
     WHERE n.day IS NOT NULL AND NOT EXISTS (SELECT FROM day_closes c WHERE c.tenant_id = p.id AND c.state <> 'closed')
     ORDER BY p.id ON CONFLICT DO NOTHING RETURNING id`,
  );
  return rows.map(({ id }) => id);
}

/** The steps a new close will take, all of them pending. */
export async function planSteps(db: Knex, closeIds: readonly bigint[], names: readonly CloseStepName[]): Promise<void> {
  if (closeIds.length === 0) return;
  await db.raw(
    `INSERT INTO day_close_steps (close_id, step_no, step)
     SELECT c.id, s.no, s.name FROM unnest(?::bigint[]) AS c (id) CROSS JOIN unnest(?::text[]) WITH ORDINALITY AS s (name, no)
     ORDER BY c.id, s.no`,
    [closeIds.map(String), [...names]],
  );
}

/** Closes that may go on without a person: of dates that are over, not failed. */
export async function dueCloses(db: Knex): Promise<DayClose[]> {
  const { rows } = await db.raw<{ rows: CloseRow[] }>(
    `SELECT ${columns} FROM day_closes
     WHERE state IN ('open', 'closing') AND book_date < book_date_of(clock_timestamp()) ORDER BY book_date, tenant_id`,
  );
  return rows.map(toClose);
}

export async function readClose(db: Knex, id: bigint): Promise<DayClose | null> {
  const { rows } = await db.raw<{ rows: CloseRow[] }>(`SELECT ${columns} FROM day_closes WHERE id = ?`, [`${id}`]);
  return rows[0] === undefined ? null : toClose(rows[0]);
}

/** As `readClose`, with nobody else at the partner's closes until the end of the transaction. */
export async function lockClose(db: Knex, { id, tenantId }: Pick<DayClose, "id" | "tenantId">): Promise<DayClose> {
  await db.raw("SELECT pg_advisory_xact_lock(hashtext('day-close'), ?)", [tenantId]);
  const close = await readClose(db, id);
  if (close === null) throw new Error(`there is no day close ${id}`);
  return close;
}

/** Steps of a close that are not done, in order, and the names of those that are. */
export async function readPlan(
  db: Knex,
  closeId: bigint,
): Promise<{ readonly done: readonly string[]; readonly ahead: readonly string[] }> {
  const steps: { step: string; state: string }[] = await db("day_close_steps")
    .where({ close_id: `${closeId}` })
    .orderBy("step_no")
    .select("step", "state");
  const named = (isDone: boolean): string[] =>
    steps.filter(({ state }) => (state === "done") === isDone).map(({ step }) => step);
  return { done: named(true), ahead: named(false) };
}

/** Has these steps follow those that are done, in place of whatever was planned. */
export async function planAhead(db: Knex, closeId: bigint, names: readonly CloseStepName[]): Promise<void> {
  await db.raw("DELETE FROM day_close_steps WHERE close_id = ? AND state <> 'done'", [`${closeId}`]);
  await db.raw(
    `INSERT INTO day_close_steps (close_id, step_no, step)
     SELECT :closeId, (SELECT coalesce(max(step_no), 0) FROM day_close_steps WHERE close_id = :closeId) + s.no, s.name
     FROM unnest(:names::text[]) WITH ORDINALITY AS s (name, no) ORDER BY s.no`,
    { closeId: `${closeId}`, names: [...names] },
  );
}

export interface PlannedStep {
  readonly no: number;
  readonly name: CloseStepName;
}

/** The first step that is not done; null: all are. */
export async function nextStep(db: Knex, closeId: bigint): Promise<PlannedStep | null> {
  const { rows } = await db.raw<{ rows: PlannedStep[] }>(
    `SELECT step_no AS no, step AS name FROM day_close_steps WHERE close_id = ? AND state <> 'done' ORDER BY step_no LIMIT 1`,
    [`${closeId}`],
  );
  return rows[0] ?? null;
}

export async function writeStep(
  db: Knex,
  closeId: bigint,
  told: {
    readonly no: number;
    readonly state: "done" | "failed";
    readonly figures: Figures;
    readonly by: string;
    /** When this try began, by the database's clock. */
    readonly began: Date;
  },
): Promise<void> {
  await db.raw(
    `UPDATE day_close_steps SET state = ?, figures = ?::jsonb, told_by = ?, told_at = clock_timestamp(), waits_for = NULL, waits_until = NULL,
       took_ms = greatest(0, extract(epoch FROM clock_timestamp() - ?::timestamptz) * 1000)::int
     WHERE close_id = ? AND step_no = ?`,
    [told.state, JSON.stringify(told.figures), told.by, told.began.toISOString(), `${closeId}`, told.no],
  );
}

/** Says what a step waits for; false: that was known. */
export async function writeWait(db: Knex, closeId: bigint, no: number, wait: StepWait): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `UPDATE day_close_steps SET waits_for = :for, waits_until = :until::timestamptz
     WHERE close_id = :closeId AND step_no = :no AND state = 'pending' AND (waits_for, waits_until) IS DISTINCT FROM (:for, :until::timestamptz)`,
    { for: wait.for, until: wait.until?.toISOString() ?? null, closeId: `${closeId}`, no },
  );
  return rowCount > 0;
}

/** The database's clock. */
export async function readClock(db: Knex): Promise<Date> {
  const { rows } = await db.raw<{ rows: { now: Date }[] }>("SELECT clock_timestamp() AS now");
  if (rows[0] === undefined) throw new Error("the clock says nothing");
  return rows[0].now;
}

export async function writeState(db: Knex, closeId: bigint, state: CloseRow["state"]): Promise<void> {
  await db.raw(
    `UPDATE day_closes SET state = ?, closed_at = CASE WHEN ? = 'closed' THEN clock_timestamp() END WHERE id = ?`,
    [state, state, `${closeId}`],
  );
}

/** Has it run by a person's word. */
export async function writeAsked(db: Knex, closeId: bigint, by: string): Promise<void> {
  await db.raw("UPDATE day_closes SET state = 'closing', asked_by = ? WHERE id = ?", [by, `${closeId}`]);
}
