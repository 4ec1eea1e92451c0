import { randomBytes } from "node:crypto";
import type { PayoutProblem } from "#contracts/payout-names.ts";
import { payoutReference } from "#core/payment-reference.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { sepaText } from "#core/sepa-text.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { lockPayable, lockPayingAccount, type PayingAccount } from "./payout-batches.store.ts";
import { paidOut } from "./post-withdrawal.ts";
import { contentHash, type WithdrawalRow } from "./withdrawals.store.ts";

export interface GatherRefusal {
  readonly code: "NO_PERSON" | "UNKNOWN_BANK_ACCOUNT" | "HOLDER_NOT_LATIN" | "NOTHING_TO_PAY" | "NAMES_NOT_LATIN";
  readonly field?: "bankAccountId";
}

/** Released in one transaction that holds the lock of each account in it. */
const payoutsMax = 200;
export const payeeCharsMax = 70;

/**
 * Gathers what may be paid from a bank account into a batch: approved, due, of its partner and currency, and in no other batch that counts.
 * Moves no money and fixes nothing for the trader: he may still cancel, and is then left out at the release. Whose name no bank can write is
 * left out at once.
 */
export async function gatherPayouts(
  work: Work,
  actor: Actor,
  { bankAccountId }: { readonly bankAccountId: string },
): Promise<Result<{ id: string }, GatherRefusal>> {
  if (actor.id === null || actor.kind !== "staff") return refuse({ code: "NO_PERSON" });
  const { db } = work;
  const account = await lockPayingAccount(db, bankAccountId);
  if (account === undefined) return refuse({ code: "UNKNOWN_BANK_ACCOUNT", field: "bankAccountId" });
  if (sepaText(account.holder, payeeCharsMax) === null)
    return refuse({ code: "HOLDER_NOT_LATIN", field: "bankAccountId" });
  const found = await lockPayable(db, account, payoutsMax);
  const payouts = found.map((row, index) => payoutOf(row, index + 1));
  const [first] = found;
  if (first === undefined) return refuse({ code: "NOTHING_TO_PAY" });
  const payable = payouts.filter(({ problem }) => problem === null);
  if (payable.length === 0) return refuse({ code: "NAMES_NOT_LATIN" });
  const id = newId();
  await db("payout_batches").insert({
    ...{ id, tenant_id: account.tenant_id, bank_account_id: account.id, currency: account.currency },
    ...{ currency_scale: first.currency_scale, gathered_by_id: actor.id, gathered_by: actor.name },
  });
  await db("bank_payouts").insert(payouts.map((payout) => ({ ...payout, batch_id: id })));
  record(work, account, { id, scale: first.currency_scale, leftOut: payouts.length - payable.length }, payable);
  return ok({ id });
}

function payoutOf(row: WithdrawalRow, place: number) {
  assert(contentHash(row).equals(row.content_hash), `withdrawal ${row.id} is not what was asked for`);
  const payee = sepaText(row.target_name, payeeCharsMax);
  const problem: PayoutProblem | null = payee === null ? "NAME_NOT_LATIN" : null;
  return {
    ...{ id: newId(), tenant_id: row.tenant_id, withdrawal_id: row.id, place, problem },
    ...{ reference: payoutReference(randomBytes(7)), payee: payee ?? row.target_name, iban: row.target_address },
    ...{ amount_minor: paidOut(row).toString(), currency: row.currency, currency_scale: row.currency_scale },
    state: problem === null ? "gathered" : "left-out",
  };
}

function record(
  { audit }: Work,
  { tenant_id, iban, currency }: PayingAccount,
  of: { readonly id: string; readonly scale: number; readonly leftOut: number },
  payable: readonly ReturnType<typeof payoutOf>[],
): void {
  const total = payable.reduce((sum, { amount_minor }) => sum + BigInt(amount_minor), 0n);
  audit({
    ...{ action: "gather", resource: "payout-batches", objectId: of.id, tenantId: tenant_id },
    after: {
      ...{ payouts: payable.length, total: formatDecimal(minorUnits(total), of.scale), currency, iban },
      leftOut: of.leftOut,
    },
  });
}
