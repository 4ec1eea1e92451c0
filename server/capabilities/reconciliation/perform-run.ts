import { balancePayment, type RunProblem } from "#contracts/reconciliation-names.ts";
import { type ComparedPayment, compareSides, totalsOf } from "#core/reconcile.ts";
import { minorUnits } from "#core/units.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { loadSides, type RunTotals, storeItems, storeTotals } from "./compare.store.ts";
import { feesOf, storeLines } from "./lines.store.ts";
import { type CurrencyAmount, currencyScales, type Reading, type ReconcileDeps } from "./ports.ts";
import { readerOf } from "./readers.ts";
import { endRun, findRun, lockRun, type RunRow } from "./runs.store.ts";
import { explainedOf, followTasks, type TaskRow } from "./tasks.store.ts";

/**
 * Makes a run: asks the channel, then in one transaction stores what it said, joins it with the books, keeps the three lists with their totals
 * and makes every difference a task. A channel that does not answer leaves the run incomplete, and lists and tasks as they were. Safe to
 * repeat and to be killed anywhere: a run ends once.
 */
export async function performRun(deps: ReconcileDeps, id: string): Promise<RunRow> {
  const { db, transact, announce } = deps;
  const run = await findRun(db, id);
  if (run.state !== "asked") return run;
  const { tenant_id: tenantId, channel, from_date: fromDate, to_date: toDate } = run;
  const read = readerOf(deps, { tenantId, channel });
  const reading = await read(db, { tenantId, channel, fromDate, toDate });
  await transact(systemActor, async (work) => {
    if (!(await lockRun(work.db, run))) return;
    const problem: RunProblem | null = reading.ok ? null : reading.refusal;
    if (reading.ok) await compare(work, run, reading.value);
    await endRun(work.db, id, problem);
    work.audit({
      ...{ action: problem === null ? "reconcile" : "reconcile-incomplete", resource: "reconciliation-runs" },
      ...{ objectId: id, tenantId, after: { channel, fromDate, toDate, ...(problem === null ? {} : { problem }) } },
    });
    work.afterCommit(() => {
      announce({ kind: "changed", resource: "reconciliation-runs", id });
      announce({ kind: "changed", resource: "reconciliation-tasks", id: null });
    });
  });
  return findRun(db, id);
}

async function compare(work: Work, run: RunRow, reading: Reading): Promise<void> {
  const { db } = work;
  await db.raw("SET LOCAL statement_timeout = '10min'");
  const scales = await currencyScales(db);
  await storeLines(db, run, reading, scales);
  const sides = await loadSides(db, run);
  const compared = compareSides(sides.ours, sides.theirs);
  await storeItems(db, run.id, compared, scales);
  await followTasks(work, run, compared, { scales, isOf: ({ payment }) => payment !== balancePayment });
  const aside = [...reading.aside, ...(await feesOf(db, run))];
  const totals = totalsByCurrency(compared, {
    ...{ ours: sides.balances, theirs: reading.balances, aside, explained: await explainedOf(db, run) },
  });
  await storeTotals(db, run.id, totals, scales);
  const told = new Set(reading.balances.map(({ currency }) => currency));
  const isOf = (task: TaskRow): boolean => task.payment === balancePayment && told.has(task.currency);
  await followTasks(
    work,
    run,
    totals.flatMap((one) => unexplainedOf(one, run)),
    { scales, isOf },
  );
}

interface Sums {
  readonly ours: readonly CurrencyAmount[];
  readonly theirs: readonly CurrencyAmount[];
  readonly aside: readonly CurrencyAmount[];
  readonly explained: readonly CurrencyAmount[];
}

function totalsByCurrency(compared: readonly ComparedPayment[], sums: Sums): RunTotals[] {
  const named = [...compared, ...sums.ours, ...sums.theirs].map(({ currency }) => currency);
  return [...new Set(named)].sort().map((currency) => {
    const sum = (of: readonly CurrencyAmount[]): bigint =>
      of.filter((one) => one.currency === currency).reduce((total, { amount }) => total + amount, 0n);
    const isTold = sums.theirs.some((one) => one.currency === currency);
    return {
      ...{ currency, lists: totalsOf(compared.filter((one) => one.currency === currency)), ours: sum(sums.ours) },
      ...{ theirs: isTold ? sum(sums.theirs) : null, aside: sum(sums.aside), explained: sum(sums.explained) },
    };
  });
}

/** What the channel has besides everything that is known: nothing, or a difference of its own. */
function unexplainedOf({ currency, ours, theirs, aside, explained }: RunTotals, run: RunRow): ComparedPayment[] {
  const rest = theirs === null ? 0n : theirs - ours - aside - explained;
  if (rest === 0n) return [];
  const amounts = { ours: minorUnits(0n), theirs: minorUnits(rest) };
  return [{ currency, payment: balancePayment, foundIn: "only-theirs", ...amounts, since: run.to_date }];
}
