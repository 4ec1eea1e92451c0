import type { PaymentChannel } from "#contracts/payment-names.ts";
import { ok, refuse } from "#core/result.ts";
import { compareBank } from "./compare-bank.ts";
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

/** All that is known. A date's age is told from it, so it is not infinite. */
const lastDate = "9999-12-31";

/** Banks are not asked: their statements are handed in, and say what they have. */
const readBank: ReadChannel = async (db, { tenantId }) => {
  const banks = await compareBank(db, { tenantId, bookDate: lastDate });
  return ok({
    ...{ lines: [], blocks: null, balances: banks.map(({ currency, theirs }) => ({ currency, amount: theirs })) },
    aside: banks.map(({ currency, opening }) => ({ currency, amount: opening })),
  });
};
