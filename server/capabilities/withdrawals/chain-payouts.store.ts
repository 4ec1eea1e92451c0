import type { Knex } from "knex";
import type { ChainPayoutState } from "#contracts/payment-names.ts";
import { payoutLookMs } from "#core/chain-payout.ts";
import { toSmallestUnits } from "#core/chain-rules.ts";
import { minorUnits } from "#core/units.ts";
import type { PayoutChain } from "./payout-ports.ts";
import { paidOut } from "./post-withdrawal.ts";
import type { WithdrawalRow } from "./withdrawals.store.ts";

export interface PayoutRow {
  withdrawal_id: string;
  tenant_id: number;
  channel: string;
  network: string;
  contract: string;
  to_address: string;
  /** In the token's smallest units; the driver gives numeric as text. */
  amount: string;
  is_ours: boolean;
  state: ChainPayoutState;
  from_address: string | null;
  nonce: bigint | null;
  txid: string | null;
  bytes: Buffer | null;
  expires_at: Date | null;
  problem: string | null;
  looks: number;
}

export const lockPayout = (db: Knex, withdrawalId: string): Promise<PayoutRow | undefined> =>
  db<PayoutRow>("chain_payouts").where({ withdrawal_id: withdrawalId }).forUpdate().first();

/** Whether a transaction is named for a withdrawal already. */
export const isPaidAlready = async (db: Knex, network: string, txid: string): Promise<boolean> =>
  (await db("chain_payouts").where({ network, txid }).first("withdrawal_id")) !== undefined;

export async function updatePayout(db: Knex, id: string, columns: Readonly<Record<string, unknown>>): Promise<void> {
  await db("chain_payouts").where({ withdrawal_id: id }).update(columns);
}

/** Queues a withdrawal for the signer; null: the token is too coarse for its amount. */
export const queuePayout = (db: Knex, chain: PayoutChain, row: WithdrawalRow): (() => Promise<void>) | null =>
  insertion(db, chain, row, { is_ours: true, state: "queued" });

/** Follows a transaction that a person names for a withdrawal; null: the token is too coarse for its amount. */
export const tellPayout = (
  db: Knex,
  chain: PayoutChain,
  row: WithdrawalRow,
  txid: string,
): (() => Promise<void>) | null =>
  insertion(db, chain, row, { is_ours: false, state: "sent", txid, next_look_at: db.raw("clock_timestamp()") });

function insertion(
  db: Knex,
  { token, reader }: PayoutChain,
  row: WithdrawalRow,
  columns: Readonly<Record<string, unknown>>,
): (() => Promise<void>) | null {
  const amount = toSmallestUnits(minorUnits(paidOut(row)), token.decimals, row.currency_scale);
  if (amount === null) return null;
  return async () => {
    await db("chain_payouts").insert({
      ...{ withdrawal_id: row.id, tenant_id: row.tenant_id, channel: row.channel, network: reader.network },
      ...{ contract: reader.contract, to_address: row.target_address, amount: amount.toString(), ...columns },
    });
  };
}

/** For so long nobody else looks at a payout that somebody has begun to look at. */
const leaseSeconds = 60;

/** Takes payouts of these chains whose time has come, in the order of their numbers. Taken ones come again after the lease, whatever happens. */
export async function claimPayouts(db: Knex, limit: number): Promise<PayoutRow[]> {
  const { rows } = await db.raw<{ rows: PayoutRow[] }>(
    `WITH due AS (SELECT withdrawal_id FROM chain_payouts WHERE next_look_at <= clock_timestamp()
       ORDER BY next_look_at LIMIT ? FOR UPDATE SKIP LOCKED)
     UPDATE chain_payouts p SET next_look_at = clock_timestamp() + make_interval(secs => ?), looks = p.looks + 1
     FROM due WHERE p.withdrawal_id = due.withdrawal_id RETURNING p.*`,
    [limit, leaseSeconds],
  );
  return rows.sort((a, b) => Number((a.nonce ?? 0n) - (b.nonce ?? 0n)));
}

/** When a payout is looked at next, as a value of next_look_at. */
export const nextLook = (db: Knex, looks: number): Knex.Raw =>
  db.raw("clock_timestamp() + make_interval(secs => ?)", [payoutLookMs(looks) / 1_000]);

/** Approved withdrawals of a chain whose time has come, oldest first. */
export async function submittable(
  db: Knex,
  { tenantId, channel, currency }: PayoutChain,
  limit: number,
): Promise<string[]> {
  const rows = await db("withdrawals")
    .where({ tenant_id: tenantId, channel, currency, state: "approved" })
    .whereRaw("not_before <= clock_timestamp()")
    .orderBy("requested_at")
    .limit(limit)
    .select<{ id: string }[]>("id");
  return rows.map(({ id }) => id);
}

/** What a chain has still to pay out of the hot wallet, in minor units: approved, or on its way and in no block yet. */
export async function unsentMinor(db: Knex, { tenantId, channel }: PayoutChain): Promise<bigint> {
  const { rows } = await db.raw<{ rows: { sum: bigint }[] }>(
    `SELECT coalesce(sum(amount_minor - fee_minor), 0)::bigint AS sum FROM withdrawals
     WHERE tenant_id = ? AND channel = ? AND state IN ('approved', 'submitting', 'unknown')`,
    [tenantId, channel],
  );
  return BigInt(rows[0]?.sum ?? 0n);
}
