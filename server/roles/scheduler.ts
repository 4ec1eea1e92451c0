import { sweepSessions } from "../capabilities/identity/index.ts";
import { ensureTransferPartitions } from "../capabilities/ledger/index.ts";
import { becomeLeader } from "../capabilities/market-data/index.ts";
import { sweepSealedQuotes } from "../capabilities/proofs/index.ts";
import { settleJob, unsettledOrders } from "../capabilities/trading/index.ts";
import { startReconciler } from "../platform/queue/reconciler.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { settlePayoutLinesJob } from "./bank-payouts.ts";
import { openChainPayouts } from "./chain-payouts.ts";
import { openChainLooks } from "./chains.ts";
import { measureDayCloses, startDayCloses } from "./day-closes.ts";
import { startExports } from "./exports.ts";
import { houseRuleJobs } from "./house-rule-jobs.ts";
import { linkJobs } from "./link-scoring.ts";
import { settleDepositsJob } from "./payments.ts";
import { bookSealer, measureSealLag, openProofs, type SealBooks, startProofJobs } from "./proofs.ts";
import { measureReconciliation, startReconciliation } from "./reconciliation.ts";
import { startRehearsals } from "./risk-rehearsals.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

const hourMs = 3_600_000;
/** A leader that lost its lock lets go of the work and queues up again. */
const lookMs = 500;

/** Role `scheduler`: work that one process of the installation does at a time. */
export async function startScheduler(shared: Shared): Promise<RunningRole> {
  const ending = new AbortController();
  const proofs = await openProofs(shared);
  const tellSealLag = measureSealLag(shared);
  measureDayCloses(shared);
  measureReconciliation(shared);
  const lookAtChains = openChainLooks(shared);
  const sealer = bookSealer(shared, proofs);
  const payOutOnChains = openChainPayouts(shared);
  const start = (): Repetition[] => [
    ...startJobs(shared, sealer),
    ...startProofJobs(shared, proofs, { sealer, tellLag: tellSealLag }),
    lookAtChains(),
    ...payOutOnChains(),
  ];
  const done = lead(shared, start, ending.signal);
  return {
    name: "scheduler",
    stop: async () => {
      ending.abort();
      await done;
    },
  };
}

async function lead({ db, log }: Shared, start: () => Repetition[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const leadership = await becomeLeader(db, "scheduler", signal);
      if (leadership === null) return;
      try {
        const jobs = start();
        await either(signal, leadership.lost);
        await Promise.all(jobs.map((job) => job.stop()));
      } finally {
        await leadership.release();
      }
    } catch (error) {
      log.warn({ err: error }, "scheduler: leading failed, trying again");
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
}

function startJobs(shared: Shared, sealer: SealBooks): Repetition[] {
  const { db, clock, log, enqueue } = shared;
  const hourly = (name: string, job: () => Promise<unknown>): Repetition =>
    repeat(hourMs, async () => {
      await job().catch((error: unknown) => log.error({ err: error, job: name }, "scheduler: a job failed"));
    });
  return [
    startReconciler({
      log,
      overdue: unsettledOrders({ readDb: db }),
      enqueue: (orderIds) => enqueue(settleJob, { orderIds }),
    }),
    ...houseRuleJobs(shared),
    settleDepositsJob(shared),
    settlePayoutLinesJob(shared),
    startDayCloses(shared, sealer),
    startReconciliation(shared),
    ...startExports(shared),
    startRehearsals(shared),
    ...linkJobs(shared),
    hourly("transfer partitions", () => ensureTransferPartitions(db)),
    hourly("old sessions", () => sweepSessions({ db, clock })),
    hourly("old quotes", () => sweepSealedQuotes({ db, clock })),
  ];
}

const either = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const first = AbortSignal.any([...signals]);
    if (first.aborted) resolve();
    first.addEventListener("abort", () => resolve(), { once: true });
  });
