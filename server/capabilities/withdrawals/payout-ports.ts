import type { ChainChannel } from "#contracts/payment-names.ts";
import type { ChainReader, ChainSender } from "#core/chain.ts";
import type { ChainToken, Finality } from "#core/chain-rules.ts";

/** A token on a chain that a partner pays out in. */
export interface PayoutChain {
  readonly tenantId: number;
  readonly channel: ChainChannel;
  readonly currency: string;
  readonly token: ChainToken;
  readonly finality: Finality;
  /** Where the signer pays from; null: no signer, people pay from elsewhere and tell the transaction's number. */
  readonly hotWallet: string | null;
  readonly reader: ChainReader;
  readonly sender: ChainSender;
}

export interface PayoutChains {
  /** At most one for each partner and channel. */
  readonly chains: readonly PayoutChain[];
}

export const findPayoutChain = (
  { chains }: PayoutChains,
  of: { readonly channel: string; readonly tenantId: number },
): PayoutChain | undefined =>
  chains.find(({ channel, tenantId }) => channel === of.channel && tenantId === of.tenantId);
