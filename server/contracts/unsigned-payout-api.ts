import { z } from "zod";

/** GET /api/admin/withdrawals/:id/unsigned-payout: what a wallet elsewhere signs to pay an approved withdrawal. */
export const unsignedPayoutReply = z.object({
  withdrawalId: z.uuid(),
  /** The chain in CAIP-2. */
  network: z.string(),
  /** The transaction in the chain's own words; an EVM's has `to`, `value` and `data`. */
  transaction: z.record(z.string(), z.string()),
});
export type UnsignedPayoutReply = z.infer<typeof unsignedPayoutReply>;
