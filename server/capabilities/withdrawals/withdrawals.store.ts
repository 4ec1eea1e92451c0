import { createHash } from "node:crypto";
import type { Knex } from "knex";
import type { HistoryPage } from "#contracts/cashier-history-api.ts";
import type { WithdrawalState } from "#contracts/names.ts";
import type { PayoutChannel } from "#contracts/payment-names.ts";
import { canonicalJson } from "#core/canonical-json.ts";
import { assert } from "#core/result.ts";
import { readHistory } from "../../platform/db/history-page.ts";

export interface WithdrawalRow {
  id: string;
  tenant_id: number;
  trader_id: string;
  account_id: string;
  request_id: string;
  channel: PayoutChannel;
  target_id: string;
  target_name: string;
  target_address: string;
  amount_minor: bigint;
  fee_minor: bigint;
  currency: string;
  currency_scale: number;
  content_hash: Buffer;
  reviews_needed: number;
  requested_at: Date;
  not_before: Date;
  state: WithdrawalState;
  review_1_by_id: string | null;
  review_2_by_id: string | null;
  reference: string | null;
  sent_at: Date | null;
  ended_at: Date | null;
  note: string | null;
}

export type WithdrawalContent = Pick<
  WithdrawalRow,
  "account_id" | "amount_minor" | "fee_minor" | "currency" | "channel" | "target_id" | "target_name" | "target_address"
>;

/** What reviewers approve, as one hash: stored with the request, and compared with the row before each step. */
export const contentHash = (of: WithdrawalContent): Buffer =>
  createHash("sha256")
    .update(
      canonicalJson({
        accountId: of.account_id,
        amount: of.amount_minor.toString(),
        fee: of.fee_minor.toString(),
        currency: of.currency,
        channel: of.channel,
        targetId: of.target_id,
        targetName: of.target_name,
        targetAddress: of.target_address,
      }),
    )
    .digest();

/** A withdrawal, locked; undefined when there is none. Throws when its content is not what was asked for. */
export const lockWithdrawal = async (db: Knex, id: string): Promise<WithdrawalRow | undefined> =>
  (await lockWithdrawals(db, [id])).get(id);

/** Several, locked in the order of their ids; those that there are. */
export async function lockWithdrawals(db: Knex, ids: readonly string[]): Promise<Map<string, WithdrawalRow>> {
  const rows = await db<WithdrawalRow>("withdrawals")
    .whereIn("id", [...ids])
    .orderBy("id")
    .forUpdate();
  for (const row of rows)
    assert(contentHash(row).equals(row.content_hash), `withdrawal ${row.id} is not what was asked for`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Without a lock: to learn which account must be locked first. */
export const findWithdrawal = (db: Knex, id: string): Promise<WithdrawalRow | undefined> =>
  db<WithdrawalRow>("withdrawals").where({ id }).first();

/** A page of a trader's withdrawals, newest first. */
export const listWithdrawals = (
  db: Knex,
  asked: HistoryPage<WithdrawalState> & { readonly traderId: string },
): Promise<WithdrawalRow[]> => readHistory(db, { table: "withdrawals", time: "requested_at" }, asked);
