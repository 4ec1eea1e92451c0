import type { Knex } from "knex";
import type { PayoutChannel } from "#contracts/payment-names.ts";
import type { ChainSigner, SigningRefusal } from "#core/chain.ts";
import { type ChainToken, toSmallestUnits } from "#core/chain-rules.ts";
import { minorUnits } from "#core/units.ts";
import { contentHash } from "./withdrawals.store.ts";

/** A key and what it may pay. */
export interface SigningWallet {
  readonly tenantId: number;
  readonly channel: string;
  readonly token: ChainToken;
  /** The largest payout that it signs, in the token's smallest units; null: no limit of its own. */
  readonly most: bigint | null;
  readonly signer: ChainSigner;
}

/** `NOT_APPROVED`: the row is not what people approved. `ABOVE_LIMIT`: above the wallet's own limit. */
export type SigningProblem = SigningRefusal | "NOT_APPROVED" | "ABOVE_LIMIT" | "OTHER_TOKEN";

interface QueuedRow {
  withdrawal_id: string;
  network: string;
  contract: string;
  to_address: string;
  amount: string;
  account_id: string;
  channel: PayoutChannel;
  amount_minor: bigint;
  fee_minor: bigint;
  currency: string;
  currency_scale: number;
  target_id: string;
  target_name: string;
  target_address: string;
  content_hash: Buffer;
  reviews_needed: number;
  reviews: number;
  withdrawal_state: string;
}

/** So many of a wallet in one round. */
const batch = 20;

/**
 * Signs what is queued for a wallet, as the database's role for signers. It believes no one: each row is compared with what people approved
 * once more. A number is given, and the signed bytes are stored with it, in one transaction: they are sent by others, and nothing is ever
 * signed twice. What can't be signed now says why and waits; returns how many were signed.
 */
export async function signPayouts(
  db: Knex,
  wallet: SigningWallet,
  onProblem: (problem: SigningProblem, withdrawalId: string) => void,
): Promise<number> {
  const { tenantId, channel, signer } = wallet;
  const { rows } = await db.raw<{ rows: QueuedRow[] }>("SELECT * FROM signer_payouts(?, ?, ?, ?)", [
    ...[tenantId, channel, signer.network, batch],
  ]);
  let signed = 0;
  for (const row of rows) {
    const problem = await db.transaction((trx) => sign(trx, wallet, row));
    if (problem === null) signed += 1;
    else if (problem !== "TAKEN") onProblem(problem, row.withdrawal_id);
  }
  return signed;
}

async function sign(db: Knex, wallet: SigningWallet, row: QueuedRow): Promise<SigningProblem | "TAKEN" | null> {
  const { signer } = wallet;
  const at = { withdrawal_id: row.withdrawal_id };
  await db.raw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [`${signer.network}/${signer.address}`]);
  const { rows } = await db.raw<{ rows: unknown[] }>(
    "SELECT withdrawal_id FROM chain_payouts WHERE withdrawal_id = ? AND state = 'queued' FOR UPDATE SKIP LOCKED",
    [row.withdrawal_id],
  );
  if (rows.length === 0) return "TAKEN";
  const wait = async (problem: SigningProblem): Promise<SigningProblem> => {
    await db("chain_payouts").where(at).update({ problem });
    return problem;
  };
  const wrong = problemOf(wallet, row);
  if (wrong !== null) return wait(wrong);
  const unused = await signer.nextNonce();
  if (!unused.ok) return wait(unused.refusal);
  const own = await db("chain_payouts")
    .where({ network: signer.network, from_address: signer.address })
    .max<{ last: bigint | null }>("nonce as last")
    .first();
  const next = own?.last == null ? 0n : BigInt(own.last) + 1n;
  const nonce = next > unused.value ? next : unused.value;
  const built = await signer.build({ to: row.to_address, amount: BigInt(row.amount), nonce });
  if (!built.ok) return wait(built.refusal);
  const { txid, bytes, expiresAtMs } = built.value;
  await db("chain_payouts")
    .where(at)
    .update({
      ...{ from_address: signer.address, nonce: nonce.toString(), txid, bytes: Buffer.from(bytes) },
      expires_at: expiresAtMs === null ? null : new Date(expiresAtMs),
    });
  return null;
}

function problemOf({ token, most, signer }: SigningWallet, row: QueuedRow): SigningProblem | null {
  const paid = toSmallestUnits(minorUnits(row.amount_minor - row.fee_minor), token.decimals, row.currency_scale);
  const isApproved =
    row.withdrawal_state === "submitting" &&
    row.reviews >= row.reviews_needed &&
    contentHash(row).equals(row.content_hash) &&
    row.to_address === row.target_address &&
    paid === BigInt(row.amount);
  if (!isApproved) return "NOT_APPROVED";
  if (row.contract !== token.contract || row.contract !== signer.contract) return "OTHER_TOKEN";
  return most !== null && paid > most ? "ABOVE_LIMIT" : null;
}
