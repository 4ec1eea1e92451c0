import type { TraderIdentity } from "#contracts/identity.ts";
import { askedChannels, chainChannels, type PaymentChannel } from "#contracts/payment-names.ts";
import type { DepositRules } from "#core/deposit.ts";
import { type DepositRoom, depositRoom } from "#core/deposit-room.ts";
import { type AccountRow, lockAccounts } from "../trading/index.ts";
import { type ChainDeps, findChain } from "./chain-ports.ts";
import { type DepositDeps, findChannel } from "./ports.ts";
import { actorOf } from "./request-deposit.ts";
import { depositContext } from "./rules.store.ts";

/** What a channel takes of an account now. */
export interface DepositTerms {
  readonly channel: PaymentChannel;
  readonly currency: string;
  readonly currencyScale: number;
  readonly rules: DepositRules;
  readonly room: DepositRoom;
}

/** The channels by which an account could be paid into, with what they take now; null: the account is not the trader's. A demo's has none. */
export const depositTerms =
  (deps: Pick<DepositDeps, "transact" | "channels"> & Pick<ChainDeps, "chains">) =>
  (trader: TraderIdentity, accountId: string): Promise<readonly DepositTerms[] | null> =>
    deps.transact(actorOf(trader), async ({ db }) => {
      const account = (await lockAccounts(db, [accountId])).get(accountId);
      if (account?.trader_id !== trader.traderId) return null;
      if (account.book !== "live") return [];
      const terms: DepositTerms[] = [];
      for (const channel of [...askedChannels, ...chainChannels]) {
        if (!isThere(deps, account, channel)) continue;
        const context = await depositContext(db, account, channel);
        if (context === null) continue;
        const { currency, currency_scale: currencyScale } = account;
        terms.push({ channel, currency, currencyScale, rules: context.rules, room: depositRoom(context) });
      }
      return terms;
    });

/** Whether the installation has the channel for the account's partner; a chain only for its own token's currency. */
function isThere(
  deps: Pick<DepositDeps, "channels"> & Pick<ChainDeps, "chains">,
  { tenant_id: tenantId, currency }: AccountRow,
  channel: PaymentChannel,
): boolean {
  const isChain = chainChannels.some((one) => one === channel);
  return isChain
    ? findChain(deps, { channel, tenantId })?.currency === currency
    : findChannel(deps, { channel, tenantId }) !== undefined;
}
