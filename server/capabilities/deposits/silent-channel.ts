import type { ChainChannel } from "#contracts/payment-names.ts";
import type { DepositChannel } from "#core/deposit-channel.ts";
import { refuse } from "#core/result.ts";

/** A bank or a chain: it sends nothing and isn't asked about a payment. What it says is read in statements and blocks. */
export const silentChannel = (channel: "bank" | ChainChannel, tenantId: number): DepositChannel => ({
  ...{ channel, tenantId, ask: null, answers: { taken: "", refused: "fail" } },
  begin: async () => ({ payUrl: null }),
  readNotice: () => refuse("NOTICE_MALFORMED"),
});
