import type { Knex } from "knex";
import { toSmallestUnits } from "#core/chain-rules.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import { findPayoutChain, type PayoutChains } from "./payout-ports.ts";
import { paidOut } from "./post-withdrawal.ts";
import { findWithdrawal } from "./withdrawals.store.ts";

/** What a wallet elsewhere signs to pay a withdrawal, in the chain's own words. */
export interface UnsignedPayout {
  readonly withdrawalId: string;
  readonly network: string;
  readonly transaction: Readonly<Record<string, string>>;
}

export type UnsignedRefusal = "UNKNOWN_WITHDRAWAL" | "NOT_IN_THIS_STATE" | "CHANNEL_CLOSED" | "AMOUNT_TOO_FINE";

/** The transaction that pays an approved withdrawal, for a house that signs elsewhere. Reads only; its number is told by `send` afterwards. */
export async function unsignedPayout(
  db: Knex,
  chains: PayoutChains,
  withdrawalId: string,
): Promise<Result<UnsignedPayout, UnsignedRefusal>> {
  const row = await findWithdrawal(db, withdrawalId);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "approved") return refuse("NOT_IN_THIS_STATE");
  const chain = findPayoutChain(chains, { channel: row.channel, tenantId: row.tenant_id });
  if (chain === undefined) return refuse("CHANNEL_CLOSED");
  const amount = toSmallestUnits(minorUnits(paidOut(row)), chain.token.decimals, row.currency_scale);
  if (amount === null) return refuse("AMOUNT_TOO_FINE");
  const transaction = chain.sender.unsigned({ to: row.target_address, amount });
  return ok({ withdrawalId, network: chain.reader.network, transaction });
}
