import type { DepositChannel, NoticeRefusal, RawNotice } from "#core/deposit-channel.ts";
import { ok, type Result } from "#core/result.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import { makeDue } from "./change.ts";
import type { DepositDeps } from "./ports.ts";
import { recordFact } from "./record-fact.ts";

/**
 * Takes what a channel sends on its own: believed only with its signature, stored before it is answered, and its deposit is due at
 * once to be settled (`settleDeposits`). The same notice again is answered the same and does nothing.
 */
export const takeNotice =
  ({ transact, announce, clock }: Pick<DepositDeps, "transact" | "announce" | "clock">) =>
  async (channel: DepositChannel, raw: Omit<RawNotice, "nowMs">): Promise<Result<null, NoticeRefusal>> => {
    const read = channel.readNotice({ ...raw, nowMs: clock.now().getTime() });
    if (!read.ok) return read;
    const notice = read.value;
    if (notice === null) return ok(null);
    return transact(systemActor, async (work) => {
      const recorded = await recordFact(work, channel, notice);
      if (!recorded.ok) return recorded;
      const { depositId, isNew } = recorded.value;
      if (!isNew) return ok(null);
      await makeDue(work, announce, [depositId]);
      return ok(null);
    });
  };
