import type { Knex } from "knex";
import { type PaymentChannel, paymentChannels } from "#contracts/payment-names.ts";
import type { RunProblem, RunState } from "#contracts/reconciliation-names.ts";
import { newId } from "../../platform/ids.ts";
import type { Reconciled } from "./ports.ts";

export interface RunRow {
  readonly id: string;
  readonly tenant_id: number;
  readonly channel: PaymentChannel;
  /** YYYY-MM-DD. */
  readonly from_date: string;
  readonly to_date: string;
  readonly state: RunState;
  readonly problem: RunProblem | null;
}

const columns = `id, tenant_id, channel, to_char(from_date, 'YYYY-MM-DD') AS from_date, to_char(to_date, 'YYYY-MM-DD') AS to_date, state, problem`;

export async function findRun(db: Knex, id: string): Promise<RunRow> {
  const { rows } = await db.raw<{ rows: RunRow[] }>(`SELECT ${columns} FROM reconciliation_runs WHERE id = ?`, [id]);
  if (rows[0] === undefined) throw new Error(`there is no reconciliation run ${id}`);
  return rows[0];
}

export async function insertRun(
  db: Knex,
  { tenantId, channel, fromDate, toDate }: Reconciled,
  by: { readonly id: string | null; readonly name: string },
): Promise<string> {
  const id = newId();
  await db("reconciliation_runs").insert({
    ...{
      id,
      tenant_id: tenantId,
      channel,
      from_date: fromDate,
      to_date: toDate,
      asked_by_id: by.id,
      asked_by: by.name,
    },
  });
  return id;
}

interface Closing {
  readonly id: bigint;
  readonly tenantId: number;
  /** YYYY-MM-DD. */
  readonly bookDate: string;
}

/**
 * What a day's close compares of a channel: from the day after the last close that could compare it, else from the partner's first day.
 */
export async function daysOfClose(
  db: Knex,
  { tenantId, bookDate }: Closing,
  channel: PaymentChannel,
): Promise<Reconciled> {
  const { rows } = await db.raw<{ rows: { from_date: string }[] }>(
    `SELECT to_char(least(?::date, coalesce(
       (SELECT max(to_date) + 1 FROM reconciliation_runs WHERE tenant_id = ? AND channel = ? AND close_id IS NOT NULL AND state = 'done'),
       (SELECT book_date_of(min(created_at)) FROM ledger_accounts WHERE tenant_id = ?))), 'YYYY-MM-DD') AS from_date`,
    [bookDate, tenantId, channel, tenantId],
  );
  return { tenantId, channel, fromDate: rows[0]?.from_date ?? bookDate, toDate: bookDate };
}

/** The run of a channel for a day's close, made when it is missing. */
export async function runOfClose(db: Knex, close: Closing, channel: PaymentChannel, by: string): Promise<RunRow> {
  const { tenantId, fromDate, toDate } = await daysOfClose(db, close, channel);
  await db("reconciliation_runs")
    .insert({
      ...{ id: newId(), tenant_id: tenantId, channel, from_date: fromDate, to_date: toDate },
      ...{ close_id: `${close.id}`, asked_by: by },
    })
    .onConflict(["close_id", "channel"])
    .ignore();
  const { rows } = await db.raw<{ rows: RunRow[] }>(
    `SELECT ${columns} FROM reconciliation_runs WHERE close_id = ? AND channel = ?`,
    [`${close.id}`, channel],
  );
  if (rows[0] === undefined) throw new Error(`close ${close.id} has no run of ${channel}`);
  return rows[0];
}

/** The oldest run that a person asked for and nobody has made; null: there is none. */
export async function nextAsked(db: Knex): Promise<RunRow | null> {
  const { rows } = await db.raw<{ rows: RunRow[] }>(
    `SELECT ${columns} FROM reconciliation_runs WHERE state = 'asked' AND close_id IS NULL ORDER BY asked_at, id LIMIT 1`,
  );
  return rows[0] ?? null;
}

/** One run of a channel at a time until the end of the transaction; false: this one has ended already. */
export async function lockRun(db: Knex, { id, tenant_id, channel }: RunRow): Promise<boolean> {
  await db.raw("SELECT pg_advisory_xact_lock(hashtext('reconcile ' || ?), ?)", [channel, tenant_id]);
  return (await db("reconciliation_runs").where({ id, state: "asked" }).first("id")) !== undefined;
}

export async function endRun(db: Knex, id: string, problem: RunProblem | null): Promise<void> {
  await db("reconciliation_runs")
    .where({ id, state: "asked" })
    .update({ state: problem === null ? "done" : "incomplete", problem, ended_at: db.raw("clock_timestamp()") });
}

/** Channels that a partner's books or its bank accounts know. */
export async function bookedChannels(db: Knex, tenantId: number): Promise<PaymentChannel[]> {
  const { rows } = await db.raw<{ rows: { channel: string }[] }>(
    `SELECT substr(kind, 10) AS channel FROM ledger_accounts WHERE tenant_id = ? AND book = 'live' AND kind LIKE 'clearing.%'
     UNION SELECT 'bank' FROM bank_accounts WHERE tenant_id = ? ORDER BY 1`,
    [tenantId, tenantId],
  );
  const known = new Set(rows.map(({ channel }) => channel));
  return paymentChannels.filter((channel) => known.has(channel));
}

/** A run in figures. Money in minor units. */
export interface RunFigures {
  readonly channel: PaymentChannel;
  readonly problem: RunProblem | null;
  readonly matched: number;
  readonly open: number;
  readonly balances: readonly {
    readonly currency: string;
    readonly scale: number;
    readonly ours: bigint;
    /** null: the channel does not say what it has. */
    readonly theirs: bigint | null;
    readonly unexplained: bigint | null;
  }[];
}

interface TotalRow {
  currency: string;
  currency_scale: number;
  matched: number;
  differs: number;
  only_ours: number;
  only_theirs: number;
  ours_minor: bigint;
  theirs_minor: bigint | null;
  aside_minor: bigint;
  explained_minor: bigint;
}

export async function runFigures(db: Knex, id: string): Promise<RunFigures> {
  const { channel, problem } = await findRun(db, id);
  const totals = await db("reconciliation_totals").where({ run_id: id }).orderBy("currency").select<TotalRow[]>();
  const sum = (of: (row: TotalRow) => number): number => totals.reduce((total, row) => total + of(row), 0);
  return {
    ...{ channel, problem, matched: sum((row) => row.matched) },
    open: sum((row) => row.differs + row.only_ours + row.only_theirs),
    balances: totals.map((row) => ({
      ...{ currency: row.currency, scale: row.currency_scale, ours: row.ours_minor, theirs: row.theirs_minor },
      unexplained:
        row.theirs_minor === null ? null : row.theirs_minor - row.ours_minor - row.aside_minor - row.explained_minor,
    })),
  };
}

/** Channels of partners whose last run is incomplete for another reason than that the settings do not have them. */
export async function incompleteChannels(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: { n: number }[] }>(
    `SELECT count(*)::int AS n FROM (SELECT DISTINCT ON (tenant_id, channel) problem FROM reconciliation_runs
       WHERE state <> 'asked' ORDER BY tenant_id, channel, asked_at DESC) last WHERE problem <> 'NOT_SET_UP'`,
  );
  return rows[0]?.n ?? 0;
}
