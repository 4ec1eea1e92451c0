import type { Knex } from "knex";
import type { PaymentChannel } from "#contracts/payment-names.ts";
import { balancePayment, type FoundIn, type TaskState } from "#contracts/reconciliation-names.ts";
import type { ComparedPayment } from "#core/reconcile.ts";
import { followTask, type TaskStep } from "#core/reconciliation-task.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import type { CurrencyAmount } from "./ports.ts";
import type { RunRow } from "./runs.store.ts";

export interface TaskRow {
  readonly id: string;
  readonly tenant_id: number;
  readonly channel: PaymentChannel;
  readonly currency: string;
  readonly currency_scale: number;
  readonly payment: string;
  readonly found_in: FoundIn;
  readonly ours_minor: bigint;
  readonly theirs_minor: bigint;
  readonly state: TaskState;
  readonly claimed_by_id: string | null;
  /** YYYY-MM-DD. */
  readonly even_on: string | null;
}

export const lockTask = (db: Knex, id: string): Promise<TaskRow | undefined> =>
  db<TaskRow>("reconciliation_tasks").where({ id }).forUpdate().first();

/** Tasks of a channel whose difference is not gone, and those of these payments; locked in the order of their ids. */
async function tasksOf(
  db: Knex,
  { tenant_id, channel }: RunRow,
  payments: readonly string[],
): Promise<Map<string, TaskRow>> {
  const { rows } = await db.raw<{ rows: TaskRow[] }>(
    `SELECT * FROM reconciliation_tasks WHERE tenant_id = ? AND channel = ? AND (even_on IS NULL OR payment = ANY (?::text[])) ORDER BY id FOR UPDATE`,
    [tenant_id, channel, [...payments]],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

const keyOf = ({ currency, payment }: { readonly currency: string; readonly payment: string }): string =>
  `${currency} ${payment}`;

/**
 * Makes the differences of a run tasks, each once, and ends those of these tasks (`isOf`) that are gone. `compared` has every payment of an
 * uneven one that either side still knows.
 */
export async function followTasks(
  work: Work,
  run: RunRow,
  compared: readonly ComparedPayment[],
  { scales, isOf }: { readonly scales: ReadonlyMap<string, number>; readonly isOf: (task: TaskRow) => boolean },
): Promise<void> {
  const found = new Map(compared.map((one) => [keyOf(one), one]));
  const open = compared.filter(({ foundIn }) => foundIn !== "matched");
  const tasks = await tasksOf(
    work.db,
    run,
    open.map(({ payment }) => payment),
  );
  for (const one of open) if (!tasks.has(keyOf(one))) await openTask(work, run, one, scales.get(one.currency) ?? 0);
  for (const [key, task] of tasks) {
    const now = found.get(key) ?? null;
    if (isOf(task)) await take(work, run, task, now, followTask(standing(task), now));
  }
}

const standing = (task: TaskRow) => ({
  ...{ foundIn: task.found_in, ours: minorUnits(task.ours_minor), theirs: minorUnits(task.theirs_minor) },
  ...{ state: task.state, isEven: task.even_on !== null },
});

async function openTask(work: Work, run: RunRow, one: ComparedPayment, scale: number): Promise<void> {
  const id = newId();
  await work.db("reconciliation_tasks").insert({
    ...{ id, tenant_id: run.tenant_id, channel: run.channel, currency: one.currency, currency_scale: scale },
    ...{ payment: one.payment, found_in: one.foundIn, ours_minor: `${one.ours}`, theirs_minor: `${one.theirs}` },
    ...{ since: one.since, run_id: run.id },
  });
  record(work, { id, tenant_id: run.tenant_id }, "open", amounts(one, scale));
}

async function take(
  work: Work,
  run: RunRow,
  task: TaskRow,
  now: ComparedPayment | null,
  step: TaskStep,
): Promise<void> {
  const { db } = work;
  const update = (columns: Readonly<Record<string, unknown>>): Promise<unknown> =>
    db("reconciliation_tasks")
      .where({ id: task.id })
      .update({ ...columns, version: db.raw("version + 1") });
  const today = db.raw("book_date_of(clock_timestamp())");
  if (step === "even") {
    await update({ even_on: today, ...(task.state === "resolved" ? {} : { state: "matched" }) });
    return record(work, task, "match", {});
  }
  if (now === null || (step !== "change" && step !== "reopen")) return;
  const seen = { found_in: now.foundIn, ours_minor: `${now.ours}`, theirs_minor: `${now.theirs}` };
  await update(step === "change" ? seen : { ...seen, ...anew(db, run), since: today });
  record(work, task, step === "change" ? "amounts-changed" : step, amounts(now, task.currency_scale));
}

/** A task that nobody has yet, once more. */
export const anew = (db: Knex, { id }: Pick<RunRow, "id">): Readonly<Record<string, unknown>> => ({
  ...{ state: "open", even_on: null, reopened: db.raw("reopened + 1"), run_id: id, reason: null, mended_by: null },
  ...{ claimed_by_id: null, claimed_by: null, claimed_at: null },
  ...{ resolved_by_id: null, resolved_by: null, resolved_at: null },
});

const amounts = (one: ComparedPayment, scale: number): Readonly<Record<string, string>> => ({
  ...{ foundIn: one.foundIn, ours: formatDecimal(one.ours, scale), theirs: formatDecimal(one.theirs, scale) },
  currency: one.currency,
});

/** Says in the audit log what happened to a task. */
export function record(
  work: Work,
  { id, tenant_id }: Pick<TaskRow, "id" | "tenant_id">,
  action: string,
  after: Readonly<Record<string, unknown>>,
): void {
  work.audit({ action, resource: "reconciliation-tasks", objectId: id, tenantId: tenant_id, after });
}

/** What the known differences of a channel's payments come to, theirs − ours, by currency. Minor units. */
export async function explainedOf(
  db: Knex,
  { tenant_id, channel }: Pick<RunRow, "tenant_id" | "channel">,
): Promise<readonly CurrencyAmount[]> {
  const { rows } = await db.raw<{ rows: { currency: string; amount: string }[] }>(
    `SELECT currency, sum(theirs_minor - ours_minor)::text AS amount FROM reconciliation_tasks
     WHERE tenant_id = ? AND channel = ? AND even_on IS NULL AND payment <> ? GROUP BY 1`,
    [tenant_id, channel, balancePayment],
  );
  return rows.map(({ currency, amount }) => ({ currency, amount: BigInt(amount) }));
}

/** A difference that nobody has resolved. Minor units. */
export interface OpenTask extends Pick<TaskRow, "channel" | "currency" | "currency_scale" | "payment" | "found_in"> {
  readonly ours_minor: bigint;
  readonly theirs_minor: bigint;
  /** YYYY-MM-DD. */
  readonly since: string;
}

const oldestMax = 20;

/** A partner's oldest open differences, the largest first among those of one day. */
export async function oldestTasks(db: Knex, tenantId: number): Promise<readonly OpenTask[]> {
  const { rows } = await db.raw<{ rows: OpenTask[] }>(
    `SELECT channel, currency, currency_scale, payment, found_in, ours_minor, theirs_minor, to_char(t.since, 'YYYY-MM-DD') AS since
     FROM reconciliation_tasks t WHERE tenant_id = ? AND state IN ('open', 'claimed')
     ORDER BY t.since, abs(theirs_minor - ours_minor) DESC, payment LIMIT ?`,
    [tenantId, oldestMax],
  );
  return rows;
}

/** So many business days a difference may be open. */
const overdueAfter = 3;

/** How many open differences are older than they may be, whoever's they are. */
export async function overdueTasks(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: { n: number }[] }>(
    `SELECT count(*)::int AS n FROM reconciliation_tasks t
     WHERE t.state IN ('open', 'claimed') AND business_days_between(t.since, book_date_of(clock_timestamp())) > ?`,
    [overdueAfter],
  );
  return rows[0]?.n ?? 0;
}
