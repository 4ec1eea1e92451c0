import type { Knex } from "knex";
import type { PayoutBatchState, PayoutProblem } from "#contracts/payout-names.ts";
import type { WithdrawalRow } from "./withdrawals.store.ts";

export interface BatchRow {
  id: string;
  tenant_id: number;
  bank_account_id: string;
  currency: string;
  currency_scale: number;
  state: PayoutBatchState;
  gathered_by_id: string;
}

/** A payout of a batch as it was gathered; its state there, which the bank's statements do not change. */
export interface BankPayoutRow {
  id: string;
  batch_id: string;
  withdrawal_id: string;
  place: number;
  reference: string;
  payee: string;
  iban: string;
  amount_minor: bigint;
  state: "gathered" | "released" | "left-out" | "cancelled";
  problem: PayoutProblem | null;
}

export interface PayingAccount {
  id: string;
  tenant_id: number;
  holder: string;
  iban: string;
  bic: string | null;
  currency: string;
}

/** A bank account of the house; all of its partner and currency are locked, so that one batch is gathered at a time. */
export async function lockPayingAccount(db: Knex, id: string): Promise<PayingAccount | undefined> {
  const { rows } = await db.raw<{ rows: PayingAccount[] }>(
    `SELECT b.* FROM bank_accounts b JOIN bank_accounts one ON one.id = ? AND (one.tenant_id, one.currency) = (b.tenant_id, b.currency)
     ORDER BY b.id FOR UPDATE OF b`,
    [id],
  );
  return rows.find((row) => row.id === id);
}

export const findPayingAccount = (db: Knex, id: string): Promise<PayingAccount> =>
  db<PayingAccount>("bank_accounts").where({ id }).first().then(there);

function there<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error("a batch's bank account is gone");
  return row;
}

/** Withdrawals that may be paid now and are in no live batch, those that wait longest first; locked. */
export async function lockPayable(
  db: Knex,
  { tenant_id, currency }: PayingAccount,
  most: number,
): Promise<readonly WithdrawalRow[]> {
  const { rows } = await db.raw<{ rows: WithdrawalRow[] }>(
    `SELECT w.* FROM withdrawals w
     WHERE w.tenant_id = ? AND w.currency = ? AND w.channel = 'bank' AND w.state = 'approved' AND w.not_before <= clock_timestamp()
       AND NOT EXISTS (SELECT FROM bank_payouts p WHERE p.withdrawal_id = w.id AND p.state IN ('gathered', 'released'))
     ORDER BY w.requested_at, w.id LIMIT ? FOR UPDATE OF w`,
    [tenant_id, currency, most],
  );
  return rows;
}

export const lockBatch = (db: Knex, id: string): Promise<BatchRow | undefined> =>
  db<BatchRow>("payout_batches").where({ id }).forUpdate().first();

/** What a batch is to pay, in the order of its file. */
export const gatheredOf = (db: Knex, batchId: string): Promise<BankPayoutRow[]> =>
  db<BankPayoutRow>("bank_payouts").where({ batch_id: batchId, state: "gathered" }).orderBy("place");

/** The file of a released batch, as it was made; undefined: there is none. */
export const fileOfBatch = (
  db: Knex,
  id: string,
): Promise<{ tenant_id: number; file: Buffer; file_hash: Buffer } | undefined> =>
  db("payout_batches").where({ id, state: "released" }).first("tenant_id", "file", "file_hash");
