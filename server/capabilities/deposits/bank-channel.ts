import type { DepositChannel } from "#core/deposit-channel.ts";
import { refuse } from "#core/result.ts";

/** The bank: it sends nothing and can't be asked. What it says stands in the statements that staff take. */
export const bankChannel = (tenantId: number): DepositChannel => ({
  ...{ channel: "bank", tenantId, ask: null, answers: { taken: "", refused: "fail" } },
  begin: async () => ({ payUrl: null }),
  readNotice: () => refuse("NOTICE_MALFORMED"),
});
