import { expireContracts, markDates } from "../capabilities/contracts/index.ts";
import { cancelStopped, foldOpenLots } from "../capabilities/risk/index.ts";
import { lockAccounts, openCancelling, openMarking, openSettlement } from "../capabilities/trading/index.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import type { Shared } from "./shared.ts";

const everyMs = 1_000;

/** Jobs of the house's own rules: orders that a kill switch cancels, contracts that end, trade dates that are over, what all traders hold. */
export function houseRuleJobs({ db, transact, bus, log, config, catalog }: Shared): Repetition[] {
  const announce = bus.publish;
  const { cancelWorking } = openCancelling({ announce });
  const settle = openSettlement({ announce, maxQueueMs: config.orderQueueMaxMs, shard: config.workerShard });
  const mark = openMarking({ announce, shard: config.workerShard });
  const often = (name: string, job: () => Promise<unknown>): Repetition =>
    repeat(everyMs, async () => {
      await job().catch((error: unknown) => log.error({ err: error, job: name }, "scheduler: a job failed"));
    });
  return [
    often("orders of kill switches", () =>
      cancelStopped({
        db,
        transact,
        cancelWorking: async (work, accountIds, why) =>
          (await cancelWorking(work, await lockAccounts(work.db, accountIds), why)).length,
        announceChanged: (id) => announce({ kind: "changed", resource: "kill-switches", id }),
      }),
    ),
    often("ended contracts", () =>
      expireContracts({
        db,
        transact,
        settle,
        cancelWorking,
        announce,
        onError: (error, accountId) => log.error({ err: error, accountId }, "an account could not leave its contract"),
      }),
    ),
    often("open lots", () => foldOpenLots(db)),
    often("settlement marks", () => markDates({ db, transact, instruments: catalog.all, mark, announce })),
  ];
}
