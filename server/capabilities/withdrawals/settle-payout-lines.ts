import { systemActor, type Transact, type Work } from "../../platform/db/unit-of-work.ts";
import { confirm, giveBack, type PayDeps } from "./pay-withdrawal.ts";
import { lockWithdrawal } from "./withdrawals.store.ts";

export interface PayoutLineDeps extends Pick<PayDeps, "announce"> {
  readonly transact: Transact;
}

/** So many withdrawals in one round. */
const batch = 200;

interface Said {
  withdrawal_id: string;
  amount_minor: bigint;
  return_reason: string | null;
}

/**
 * Lets what the banks' statements say of payouts take its effect, one transaction a withdrawal: paid, it has left the house; returned, the
 * trader has all of it again. Once each, whoever runs it and however often; a statement that was taken is never lost, as the lines themselves
 * are what is left to do. Returns how many were looked at.
 */
export const settlePayoutLines =
  ({ transact, announce }: PayoutLineDeps, onError: (error: unknown, withdrawalId: string) => void) =>
  async (): Promise<number> => {
    const ids = await transact(systemActor, unsettled);
    for (const id of ids)
      await transact(systemActor, (work) => settle(work, announce, id)).catch((error: unknown) => onError(error, id));
    return ids.length;
  };

async function unsettled({ db }: Work): Promise<readonly string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `SELECT w.id FROM withdrawals w JOIN statement_lines l ON l.withdrawal_id = w.id AND l.amount_minor < 0 WHERE w.state = 'sent'
     UNION SELECT w.id FROM statement_lines l JOIN withdrawals w ON w.id = l.withdrawal_id
       WHERE l.amount_minor > 0 AND w.state IN ('sent', 'confirmed') LIMIT ?`,
    [batch],
  );
  return rows.map(({ id }) => id);
}

async function settle(work: Work, announce: PayDeps["announce"], id: string): Promise<void> {
  const lines = await work.db<Said>("statement_lines").where({ withdrawal_id: id });
  const row = await lockWithdrawal(work.db, id);
  if (row?.state !== "sent" && row?.state !== "confirmed") return;
  // What came back had left: a bank that books both at once may say only the one in our words.
  if (row.state === "sent") await confirm(work, { announce }, systemActor, row);
  const back = lines.find(({ amount_minor }) => amount_minor > 0n);
  if (back === undefined) return;
  const reason = back.return_reason ?? "";
  const note = `The bank sent it back${reason === "" ? "" : `: ${reason}`}`;
  await giveBack(work, { announce }, systemActor, { ...row, state: "confirmed" }, note);
}
