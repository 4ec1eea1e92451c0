import type { PaymentChannel } from "#contracts/payment-names.ts";
import { ok, refuse } from "#core/result.ts";
import { bankBalances } from "./bank-balances.ts";
import type { AskedChannels, ReadChannel } from "./ports.ts";
import { readChain } from "./read-chain.ts";
import { readProvider } from "./read-provider.ts";

/** How a channel of a partner is asked what it has done. */
export function readerOf(
  { channels, chains }: AskedChannels,
  of: { readonly tenantId: number; readonly channel: PaymentChannel },
): ReadChannel {
  if (of.channel === "bank") return readBank;
  const isIt = (one: { readonly tenantId: number; readonly channel: string }): boolean =>
    one.tenantId === of.tenantId && one.channel === of.channel;
  const chain = chains.find(isIt);
  if (chain !== undefined) return readChain(chain);
  const channel = channels.find(isIt);
  return channel === undefined ? async () => refuse("NOT_SET_UP") : readProvider(channel);
}

/** Banks are not asked: their statements are handed in, and say what they have. */
const readBank: ReadChannel = async (db, { tenantId }) => {
  const banks = await bankBalances(db, tenantId);
  return ok({
    ...{ lines: [], blocks: null, balances: banks.map(({ currency, theirs }) => ({ currency, amount: theirs })) },
    aside: banks.map(({ currency, opening }) => ({ currency, amount: opening })),
  });
};
