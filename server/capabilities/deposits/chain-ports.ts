import type { ChainChannel } from "#contracts/payment-names.ts";
import type { ChainReader } from "#core/chain.ts";
import type { ChainToken, Finality } from "#core/chain-rules.ts";
import type { DepositDeps } from "./ports.ts";

/** A token on a chain that a partner takes money in. */
export interface DepositChain {
  readonly tenantId: number;
  readonly channel: ChainChannel;
  /** The token's own: only accounts in it have an address. */
  readonly currency: string;
  readonly token: ChainToken;
  readonly finality: Finality;
  /** Where to begin when nothing was looked at before; null: at the newest block. */
  readonly startBlock: bigint | null;
  readonly reader: ChainReader;
}

export interface ChainDeps extends Pick<DepositDeps, "transact" | "announce"> {
  /** At most one for each partner and channel. */
  readonly chains: readonly DepositChain[];
}

export const findChain = (
  { chains }: Pick<ChainDeps, "chains">,
  of: { readonly channel: string; readonly tenantId: number },
): DepositChain | undefined =>
  chains.find(({ channel, tenantId }) => channel === of.channel && tenantId === of.tenantId);
