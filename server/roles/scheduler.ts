import { sweepSessions } from "../capabilities/identity/index.ts";
import { ensureTransferPartitions } from "../capabilities/ledger/index.ts";
import { becomeLeader } from "../capabilities/market-data/index.ts";
import { type ProofPorts, sweepSealedQuotes } from "../capabilities/proofs/index.ts";
import { settleJob, unsettledOrders } from "../capabilities/trading/index.ts";
import { startReconciler } from "../platform/queue/reconciler.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { houseRuleJobs } from "./house-rule-jobs.ts";
import { openProofs, startProofJobs } from "./proofs.ts";
import type { RunningRole } from "./role.ts";
import type { Shared } from "./shared.ts";

const hourMs = 3_600_000;
/** A leader that lost its lock lets go of the work and queues up again. */
const lookMs = 500;

/** Role `scheduler`: work that one process of the installation does at a time. */
export async function startScheduler(shared: Shared): Promise<RunningRole> {
  const ending = new AbortController();
  const proofs = await openProofs(shared);
  const done = lead(shared, proofs, ending.signal);
  return {
    name: "scheduler",
    stop: async () => {
      ending.abort();
      await done;
    },
  };
}

async function lead(shared: Shared, proofs: ProofPorts, signal: AbortSignal): Promise<void> {
  const { db, log } = shared;
  while (!signal.aborted) {
    try {
      const leadership = await becomeLeader(db, "scheduler", signal);
      if (leadership === null) return;
      const jobs = startJobs(shared, proofs);
      await either(signal, leadership.lost);
      await Promise.all(jobs.map((job) => job.stop()));
      await leadership.release();
    } catch (error) {
      log.warn({ err: error }, "scheduler: leading failed, trying again");
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
}

function startJobs(shared: Shared, proofs: ProofPorts): Repetition[] {
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
    hourly("transfer partitions", () => ensureTransferPartitions(db)),
    hourly("old sessions", () => sweepSessions({ db, clock })),
    hourly("old quotes", () => sweepSealedQuotes({ db, clock })),
    ...startProofJobs(shared, proofs),
  ];
}

const either = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const first = AbortSignal.any([...signals]);
    if (first.aborted) resolve();
    first.addEventListener("abort", () => resolve(), { once: true });
  });
