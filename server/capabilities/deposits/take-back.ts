import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { changeAccountState } from "../administration/index.ts";
import { change, record } from "./change.ts";
import type { DepositRow } from "./deposits.store.ts";
import type { DepositDeps } from "./ports.ts";
import { type DepositLedger, postSentBack, postTakenBack } from "./post-deposit.ts";

const owes = "a deposit was taken back and the account does not cover it";

/**
 * The channel took the money back, or staff say so. Credited money is taken from the account as far as nothing holds it; the rest is
 * owed, and the account may only close positions until somebody has looked at it.
 */
export async function takeBack(
  work: Work,
  announce: DepositDeps["announce"],
  row: DepositRow,
  ledger: DepositLedger,
  columns: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const amount = minorUnits(row.received_minor ?? 0n);
  let owed = minorUnits(0n);
  if (row.state === "credited") owed = await postTakenBack(ledger, { amount, fee: minorUnits(row.fee_minor) });
  else if (amount > 0n) await postSentBack(ledger, amount);
  const { account } = ledger;
  if (owed > 0n && account?.state === "active")
    await changeAccountState(work, {
      ...{ id: account.id, tenantId: account.tenant_id, from: account.state, to: "close-only", reason: owes },
    });
  await change(work, announce, row, {
    ...{ ...columns, state: "reversed", owed_minor: owed.toString(), ended_at: work.db.raw("clock_timestamp()") },
    next_poll_at: null,
  });
  const money = (minor: bigint): string => formatDecimal(minor, row.currency_scale);
  record(work, "reverse", row, { state: "reversed", amount: money(amount), owed: money(owed), currency: row.currency });
}
