import type { TraderIdentity } from "#contracts/identity.ts";
import { type PayoutChannel, payoutChannels } from "#contracts/payment-names.ts";
import type { MinorUnits } from "#core/units.ts";
import { type Debt, type WithdrawalRoom, type WithdrawalRules, withdrawalRoom } from "#core/withdrawal.ts";
import { lockAccounts } from "../trading/index.ts";
import { actorOf, type WithdrawalDeps } from "./request-withdrawal.ts";
import {
  type FreshMoney,
  freshTotal,
  loadBefore,
  loadDebts,
  loadElsewhere,
  loadFresh,
  loadRules,
} from "./rules.store.ts";

/** What a channel offers an account now. */
export interface WithdrawalTerms {
  readonly channel: PayoutChannel;
  readonly currency: string;
  readonly currencyScale: number;
  /** Money that nothing needs, whatever the limits say; may be negative after a loss. */
  readonly available: MinorUnits;
  /** What of it is not withdrawable yet, soonest first. */
  readonly fresh: readonly FreshMoney[];
  /** What the trader owes: while there is any, nothing is paid out. */
  readonly debts: readonly Debt[];
  readonly rules: WithdrawalRules;
  readonly room: WithdrawalRoom;
}

/** The channels that could pay the account out, with what they leave it now; null: the account is not the trader's, or a demo. */
export const withdrawalTerms =
  ({ transact, availableOf }: Pick<WithdrawalDeps, "transact" | "availableOf">) =>
  (trader: TraderIdentity, accountId: string): Promise<readonly WithdrawalTerms[] | null> =>
    transact(actorOf(trader), async ({ db }) => {
      const account = (await lockAccounts(db, [accountId])).get(accountId);
      if (account?.trader_id !== trader.traderId) return null;
      if (account.book !== "live") return [];
      const { tenant_id: tenantId, trader_id: traderId, currency, currency_scale: currencyScale } = account;
      const money = await availableOf(db, account);
      const before = await loadBefore(db, accountId);
      const [fresh, debts] = [await loadFresh(db, accountId), await loadDebts(db, traderId)];
      const terms: WithdrawalTerms[] = [];
      for (const channel of payoutChannels) {
        const rules = await loadRules(db, { tenantId, traderId, channel, currency });
        if (rules === null) continue;
        const { book, state } = account;
        const elsewhere = await loadElsewhere(db, { accountId, channel });
        const standing = {
          account: { book, state, currencyScale },
          ...money,
          fresh: freshTotal(fresh),
          elsewhere,
          debts,
        };
        const room = withdrawalRoom({ ...standing, rules, before });
        terms.push({ channel, currency, currencyScale, available: money.available, fresh, debts, rules, room });
      }
      return terms;
    });
