import { createHash } from "node:crypto";
import type { PayoutProblem } from "#contracts/payout-names.ts";
import type { PaymentOrder, WritePaymentOrder } from "#core/payment-order.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { sepaText } from "#core/sepa-text.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { lockAccounts } from "../trading/index.ts";
import { change } from "./decide-withdrawal.ts";
import { payeeCharsMax } from "./gather-payouts.ts";
import { type PayDeps, record } from "./pay-withdrawal.ts";
import { type BankPayoutRow, type BatchRow, findPayingAccount, gatheredOf, lockBatch } from "./payout-batches.store.ts";
import { paidOut, postLeaving } from "./post-withdrawal.ts";
import { lockWithdrawals, type WithdrawalRow } from "./withdrawals.store.ts";

export type BatchRefusal = "NO_PERSON" | "UNKNOWN_BATCH" | "NOT_IN_THIS_STATE" | "OWN_BATCH" | "NOTHING_TO_PAY";

export interface ReleaseDeps extends Pick<PayDeps, "announce" | "availableOf"> {
  readonly writeOrder: WritePaymentOrder;
}

/**
 * Releases a batch, by another person than who gathered it: the money of each payout leaves its account, and the bank's file is made, once, and
 * kept as it is. What can't be paid any more is left out and says why; its withdrawal goes on as it stood. The database refuses the same person.
 */
export async function releasePayouts(
  work: Work,
  deps: ReleaseDeps,
  actor: Actor,
  id: string,
): Promise<Result<null, BatchRefusal>> {
  const { db } = work;
  const standing = await standingBatch(work, actor, id);
  if (!standing.ok) return standing;
  const { batch, by } = standing.value;
  if (batch.gathered_by_id === by.id) return refuse("OWN_BATCH");
  const payouts = await gatheredOf(db, id);
  const withdrawals = await lockWithdrawals(
    db,
    payouts.map(({ withdrawal_id }) => withdrawal_id),
  );
  await lockAccounts(db, [...new Set([...withdrawals.values()].map(({ account_id }) => account_id))]);
  const leftOut: { readonly payout: BankPayoutRow; readonly problem: PayoutProblem }[] = [];
  const released: BankPayoutRow[] = [];
  for (const payout of payouts) {
    const problem = await send(work, deps, by, payout, withdrawals.get(payout.withdrawal_id));
    if (problem === null) released.push(payout);
    else leftOut.push({ payout, problem });
  }
  if (released.length === 0) return refuse("NOTHING_TO_PAY");
  for (const { payout, problem } of leftOut)
    await db("bank_payouts").where({ id: payout.id }).update({ state: "left-out", problem });
  await db("bank_payouts").where({ batch_id: id, state: "gathered" }).update({ state: "released" });
  await keepFile(work, deps, by, batch, released);
  return ok(null);
}

/** Gives up a batch of which nothing was sent: its withdrawals are free to be paid otherwise. */
export async function cancelPayouts(work: Work, actor: Actor, id: string): Promise<Result<null, BatchRefusal>> {
  const { db } = work;
  const standing = await standingBatch(work, actor, id);
  if (!standing.ok) return standing;
  const { batch, by } = standing.value;
  await db("bank_payouts").where({ batch_id: id, state: "gathered" }).update({ state: "cancelled" });
  await db("payout_batches")
    .where({ id })
    .update({
      ...{ state: "cancelled", cancelled_by_id: by.id, cancelled_by: by.name },
      ...{ cancelled_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") },
    });
  const [before, after] = [{ state: batch.state }, { state: "cancelled" }];
  work.audit({ action: "cancel", resource: "payout-batches", objectId: id, tenantId: batch.tenant_id, before, after });
  return ok(null);
}

type Person = Actor & { readonly id: string };

async function standingBatch(
  { db }: Work,
  actor: Actor,
  id: string,
): Promise<Result<{ readonly batch: BatchRow; readonly by: Person }, BatchRefusal>> {
  if (actor.id === null || actor.kind !== "staff") return refuse("NO_PERSON");
  const batch = await lockBatch(db, id);
  if (batch === undefined) return refuse("UNKNOWN_BATCH");
  if (batch.state !== "gathered") return refuse("NOT_IN_THIS_STATE");
  return ok({ batch, by: { ...actor, id: actor.id } });
}

/** null: its money has left the account, and its withdrawal is sent; else why it can't be paid now, and nothing is changed. */
async function send(
  work: Work,
  { announce, availableOf }: ReleaseDeps,
  by: Person,
  { reference, amount_minor, iban }: BankPayoutRow,
  row: WithdrawalRow | undefined,
): Promise<PayoutProblem | null> {
  if (row?.state !== "approved") return "MOVED_ON";
  assert(paidOut(row) === amount_minor && row.target_address === iban, `payout ${reference} is not its withdrawal's`);
  const left = await postLeaving(work, row, availableOf);
  if (!left.ok) return left.refusal;
  await change(work, announce, row, {
    ...{ state: "sent", reference, sent_by_id: by.id, sent_by: by.name, sent_at: work.db.raw("clock_timestamp()") },
  });
  record(work, "send", row, "sent", reference);
  return null;
}

async function keepFile(
  work: Work,
  { writeOrder }: ReleaseDeps,
  by: Person,
  batch: BatchRow,
  released: readonly BankPayoutRow[],
): Promise<void> {
  const { db } = work;
  const order = await orderOf(work, batch, released);
  const file = Buffer.from(writeOrder(order));
  const hash = createHash("sha256").update(file).digest();
  const total = released.reduce((sum, { amount_minor }) => sum + amount_minor, 0n);
  await db("payout_batches")
    .where({ id: batch.id })
    .update({
      ...{ state: "released", released_by_id: by.id, released_by: by.name, released_at: order.createdAt },
      ...{ payouts: released.length, total_minor: total.toString(), file, file_hash: hash },
      version: db.raw("version + 1"),
    });
  work.audit({
    ...{ action: "release", resource: "payout-batches", objectId: batch.id, tenantId: batch.tenant_id },
    before: { state: batch.state },
    after: {
      ...{ state: "released", payouts: released.length, total: formatDecimal(minorUnits(total), batch.currency_scale) },
      ...{ currency: batch.currency, sha256: hash.toString("hex") },
    },
  });
}

/** By the database's clock; a bank books what it is to execute on a day without booking on the next one. */
async function orderOf({ db }: Work, batch: BatchRow, released: readonly BankPayoutRow[]): Promise<PaymentOrder> {
  const { rows } = await db.raw<{ rows: { now: Date }[] }>("SELECT date_trunc('second', clock_timestamp()) AS now");
  const createdAt = rows[0]?.now ?? new Date(Number.NaN);
  const { holder, iban, bic } = await findPayingAccount(db, batch.bank_account_id);
  const name = sepaText(holder, payeeCharsMax);
  assert(name !== null, `the holder of bank account ${batch.bank_account_id} can't be written`);
  return {
    ...{ id: batch.id.replaceAll("-", ""), createdAt, executeOn: createdAt.toISOString().slice(0, 10) },
    ...{ currency: batch.currency, scale: batch.currency_scale, payer: { name, iban, bic } },
    transfers: released.map(({ reference, amount_minor, payee, iban: to }) => ({
      ...{ endToEndId: reference, amount: minorUnits(amount_minor), payee, iban: to },
    })),
  };
}
