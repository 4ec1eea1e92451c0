import type { TraderIdentity } from "#contracts/identity.ts";
import type { CancelAllRequest } from "#contracts/order-requests.ts";
import type { BatchAnswer, OrderAnswer } from "#contracts/trading-api.ts";
import { assert } from "#core/result.ts";
import { lockAccounts } from "./accounts.store.ts";
import { refused, unknownOrder } from "./answers.ts";
import type { Cancelling } from "./cancel-working.ts";
import { accountOfOrder, ownWorkingOrder, traderActor } from "./own-order.ts";
import type { AcceptPorts } from "./ports.ts";
import { orderOfTrader } from "./reads.store.ts";
import type { LoadTerms } from "./terms.store.ts";
import { toWireOrder } from "./wire.ts";

export interface ChangeDeps {
  readonly ports: AcceptPorts;
  readonly loadTerms: LoadTerms;
  readonly cancelling: Cancelling;
}

/** Cancels one of the trader's working orders, a bracket's leg among them. 200 with the order as it is then. */
export const cancelOrder =
  ({ ports, loadTerms, cancelling }: ChangeDeps) =>
  (trader: TraderIdentity, orderId: string): Promise<OrderAnswer> =>
    ports.transact(traderActor(trader), async (work) => {
      const accountId = await accountOfOrder(work.db, trader, orderId);
      if (accountId === null) return unknownOrder();
      const accounts = await lockAccounts(work.db, [accountId]);
      const own = await ownWorkingOrder(work.db, trader, orderId);
      if (!own.ok) return own.refusal;
      const actor = traderActor(trader);
      await cancelling.cancelWorking(work, accounts, { code: "BY_TRADER", orderIds: [orderId], actor });
      work.afterCommit(() => ports.announce({ kind: "working", orderIds: [orderId] }));
      const row = await orderOfTrader(work.db, trader.traderId, orderId);
      assert(row?.state === "cancelled", `order ${orderId} was cancelled and is ${row?.state}`);
      const terms = await loadTerms(work.db, [{ instrumentId: row.instrument_id, version: row.terms_version }]);
      return { status: 200, order: toWireOrder(row, terms(row.instrument_id, row.terms_version)) };
    });

/** Cancels all that waits on an account, or in one instrument of it: entries, exits and the legs of brackets. */
export const cancelAllOrders =
  ({ ports, cancelling }: ChangeDeps) =>
  async (trader: TraderIdentity, request: CancelAllRequest): Promise<BatchAnswer> => {
    if (!isKnown(ports, request.instrument)) return refused("UNKNOWN_INSTRUMENT", []);
    return ports.transact(traderActor(trader), async (work) => {
      const accounts = await lockAccounts(work.db, [request.accountId]);
      const account = [...accounts.values()][0];
      if (account?.trader_id !== trader.traderId) return refused("UNKNOWN_ACCOUNT", []);
      const actor = traderActor(trader);
      const which = request.instrument === undefined ? {} : { instrumentId: request.instrument };
      const ended = await cancelling.cancelWorking(work, accounts, { code: "BY_TRADER", actor, ...which });
      const orderIds = ended.map(({ id }) => id);
      if (orderIds.length > 0) work.afterCommit(() => ports.announce({ kind: "working", orderIds }));
      return { status: 200, cancelled: ended.length, answers: [] };
    });
  };

/** Whether a request that may name an instrument names one that there is. */
export const isKnown = ({ market }: AcceptPorts, instrument: string | undefined): boolean =>
  instrument === undefined || market.instrument(instrument) !== undefined;
