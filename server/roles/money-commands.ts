import type { AdjustmentState } from "#contracts/names.ts";
import { decideAdjustment } from "../capabilities/funding/index.ts";
import { openAvailable } from "../capabilities/trading/index.ts";
import {
  approveWithdrawal,
  cancelPayouts,
  confirmWithdrawal,
  type PayDeps,
  rejectWithdrawal,
  releasePayouts,
  returnWithdrawal,
  sendWithdrawal,
} from "../capabilities/withdrawals/index.ts";
import { writePain001 } from "../platform/payments/pain001.ts";
import type { Announcement } from "../platform/realtime/announcement.ts";
import type { Command, Commands } from "../resources/index.ts";
import type { BackOfficeShared } from "./back-office.ts";
import { refusedAt } from "./back-office-refusals.ts";
import { depositCommands } from "./deposit-commands.ts";
import { taskCommands } from "./reconciliation.ts";

/** What staff do with what moves money by hand. */
export function moneyCommands({
  bus,
  quotes,
  payments,
}: Pick<BackOfficeShared, "bus" | "quotes" | "payments">): Commands {
  const announce = (told: Announcement): void => bus.publish(told);
  return {
    adjustments: adjustmentCommands(announce),
    deposits: depositCommands(announce, openAvailable(quotes)),
    "reconciliation-tasks": taskCommands(announce),
    "payout-batches": batchCommands(announce, openAvailable(quotes)),
    withdrawals: withdrawalCommands(announce, (id) => quotes.latestTradable(id), payments),
  };
}

type Announce = (announcement: Announcement) => void;

function adjustmentCommands(announce: Announce): NonNullable<Commands[string]> {
  const decided =
    (to: Exclude<AdjustmentState, "requested">): Command =>
    async (work, actor, { id, input }) => {
      const done = await decideAdjustment(work, announce, actor, { id, to, note: String(input.note) });
      return done.ok ? done : refusedAt(done.refusal.code, done.refusal.field);
    };
  return { post: decided("posted"), reject: decided("rejected"), withdraw: decided("withdrawn") };
}

function withdrawalCommands(
  announce: Announce,
  latestTradable: BackOfficeShared["quotes"]["latestTradable"],
  payments: BackOfficeShared["payments"],
): NonNullable<Commands[string]> {
  const availableOf = openAvailable({ latestTradable });
  const pay = (): PayDeps => ({ announce, availableOf, chains: payments.chains });
  return {
    approve: told((work, actor, { id }) => approveWithdrawal(work, announce, actor, id)),
    reject: told((work, actor, { id, input }) =>
      rejectWithdrawal(work, announce, actor, { id, note: String(input.note) }),
    ),
    send: told((work, actor, { id, input }) =>
      sendWithdrawal(work, pay(), actor, { id, reference: String(input.reference) }),
    ),
    confirm: told((work, actor, { id }) => confirmWithdrawal(work, pay(), actor, id)),
    "give-back": told((work, actor, { id, input }) =>
      returnWithdrawal(work, pay(), actor, { id, note: String(input.note) }),
    ),
  };
}

const batchCommands = (announce: Announce, availableOf: PayDeps["availableOf"]): NonNullable<Commands[string]> => ({
  release: told((work, actor, { id }) =>
    releasePayouts(work, { announce, availableOf, writeOrder: writePain001 }, actor, id),
  ),
  cancel: told((work, actor, { id }) => cancelPayouts(work, actor, id)),
});

const told =
  (run: (...given: Parameters<Command>) => Promise<{ ok: true } | { ok: false; refusal: string }>): Command =>
  async (...given) => {
    const answer = await run(...given);
    return answer.ok ? { ok: true, value: null } : refusedAt(answer.refusal);
  };
