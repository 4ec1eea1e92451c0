import { ok, type Result, refuse } from "#core/result.ts";
import { systemActor, type Transact, type Work } from "../../platform/db/unit-of-work.ts";
import { queuePayout, submittable } from "./chain-payouts.store.ts";
import { change } from "./decide-withdrawal.ts";
import { type PayDeps, type PayRefusal, record } from "./pay-withdrawal.ts";
import type { PayoutChain } from "./payout-ports.ts";
import { postLeaving } from "./post-withdrawal.ts";
import { lockWithdrawal } from "./withdrawals.store.ts";

export interface PayoutDeps extends PayDeps {
  readonly transact: Transact;
}

/** As many of a chain in one round; what its account needs itself is tried again with the next. */
const batch = 100;

/**
 * Queues what is approved and due for the signers, one transaction each: the money leaves the account before anything is signed, so that
 * it can't be traded away while it is on its way. From then on the trader can't cancel it.
 */
export const submitPayouts =
  (deps: PayoutDeps, onError: (error: unknown, withdrawalId: string) => void) => async (): Promise<number> => {
    let submitted = 0;
    for (const chain of deps.chains) {
      if (chain.hotWallet === null) continue;
      const ids = await deps.transact(systemActor, ({ db }) => submittable(db, chain, batch));
      for (const id of ids)
        await deps
          .transact(systemActor, (work) => submit(work, deps, chain, id))
          .then(
            (done) => {
              submitted += done.ok ? 1 : 0;
            },
            (error: unknown) => onError(error, id),
          );
    }
    return submitted;
  };

async function submit(
  work: Work,
  { announce, availableOf }: PayDeps,
  chain: PayoutChain,
  id: string,
): Promise<Result<null, PayRefusal>> {
  const row = await lockWithdrawal(work.db, id);
  if (row?.state !== "approved") return refuse("NOT_IN_THIS_STATE");
  const queue = queuePayout(work.db, chain, row);
  if (queue === null) return refuse("AMOUNT_TOO_FINE");
  const left = await postLeaving(work, row, availableOf);
  if (!left.ok) return left;
  await queue();
  await change(work, announce, row, { state: "submitting" });
  record(work, "submit", row, "submitting");
  return ok(null);
}
