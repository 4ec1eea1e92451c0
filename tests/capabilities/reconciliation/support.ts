import type { Knex } from "knex";
import type { PaymentChannel } from "#contracts/payment-names.ts";
import { type AskedChannels, askRun, performAsked } from "../../../server/capabilities/reconciliation/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { person } from "../deposits/support.ts";

export const finn = person("Finn");

export interface Compared {
  readonly id: string;
  readonly state: string;
  readonly problem: string | null;
  /** "payment list ours theirs", in order. */
  readonly items: readonly string[];
  readonly totals: readonly Record<string, unknown>[];
}

/** Has a channel compared as a person asks for it; what the run has kept. */
export async function compareNow(
  db: Knex,
  of: { readonly tenantId: number; readonly channel: PaymentChannel } & AskedChannels,
  days: { readonly fromDate?: string; readonly toDate?: string } = {},
): Promise<Compared> {
  const { tenantId, channel, channels, chains } = of;
  const transact = transactor(db);
  const { rows } = await db.raw("SELECT to_char(book_date_of(clock_timestamp()), 'YYYY-MM-DD') AS today");
  const wanted = { tenantId, channel, fromDate: rows[0].today, toDate: rows[0].today, ...days };
  const asked = await transact(finn, (work) => askRun(work, finn, wanted));
  if (!asked.ok) throw new Error(asked.refusal.code);
  await performAsked({ db, transact, announce: () => {}, channels, chains }, (error) => {
    throw error;
  });
  const { id } = asked.value;
  const run = await db("reconciliation_runs").where({ id }).first();
  const items = await db("reconciliation_items").where({ run_id: id }).orderBy("id");
  const totals = await db("reconciliation_totals").where({ run_id: id }).orderBy("currency");
  return {
    ...{ id, state: run.state, problem: run.problem, totals },
    items: items.map((one) => `${one.payment} ${one.found_in} ${one.ours_minor} ${one.theirs_minor}`),
  };
}

/** A channel's tasks: "payment state ours theirs". */
export async function tasksOf(db: Knex): Promise<string[]> {
  const rows = await db("reconciliation_tasks").orderBy(["created_at", "payment"]);
  return rows.map((one) => `${one.payment} ${one.state} ${one.ours_minor} ${one.theirs_minor}`);
}
