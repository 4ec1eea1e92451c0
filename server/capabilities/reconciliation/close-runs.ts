import type { Knex } from "knex";
import { type PaymentChannel, paymentChannels } from "#contracts/payment-names.ts";
import { compareSides } from "#core/reconcile.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import { loadSides } from "./compare.store.ts";
import { performRun } from "./perform-run.ts";
import type { ReconcileDeps } from "./ports.ts";
import { bookedChannels, daysOfClose, type RunFigures, runFigures, runOfClose } from "./runs.store.ts";
import { type OpenTask, oldestTasks } from "./tasks.store.ts";

/** A partner's book date that is being closed. */
interface ClosingDate {
  readonly id: bigint;
  readonly tenantId: number;
  readonly bookDate: string;
}

/** What the runs of a close came to, and the partner's oldest open differences. */
export interface ClosedRuns {
  readonly runs: readonly RunFigures[];
  readonly oldest: readonly OpenTask[];
}

/** Makes the runs of a day's close, one a channel of the partner: those of the settings and those that its books know. Safe to repeat. */
export async function performForClose(deps: ReconcileDeps, close: ClosingDate): Promise<ClosedRuns> {
  const runs: RunFigures[] = [];
  for (const channel of await channelsOf(deps, close.tenantId)) {
    const run = await deps.transact(systemActor, ({ db }) => runOfClose(db, close, channel, systemActor.name));
    await performRun(deps, run.id);
    runs.push(await runFigures(deps.db, run.id));
  }
  return { runs, oldest: await oldestTasks(deps.db, close.tenantId) };
}

async function channelsOf({ db, channels, chains }: ReconcileDeps, tenantId: number): Promise<PaymentChannel[]> {
  const set = [...channels, ...chains].filter((one) => one.tenantId === tenantId).map(({ channel }) => channel);
  const known = new Set<PaymentChannel>([...set, ...(await bookedChannels(db, tenantId))]);
  return paymentChannels.filter((channel) => known.has(channel));
}

/** How many payments a close would find matched and open now, by what the channels have said so far. Asks nobody and writes nothing. */
export async function foreseeForClose(
  db: Knex,
  close: ClosingDate,
): Promise<{ readonly matched: number; readonly open: number }> {
  let matched = 0;
  let open = 0;
  for (const channel of await bookedChannels(db, close.tenantId)) {
    const { tenantId, fromDate, toDate } = await daysOfClose(db, close, channel);
    const sides = await loadSides(db, { tenant_id: tenantId, channel, from_date: fromDate, to_date: toDate });
    const compared = compareSides(sides.ours, sides.theirs);
    matched += compared.filter(({ foundIn }) => foundIn === "matched").length;
    open += compared.filter(({ foundIn }) => foundIn !== "matched").length;
  }
  return { matched, open };
}
