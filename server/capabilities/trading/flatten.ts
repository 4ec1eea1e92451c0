import type { TraderIdentity } from "#contracts/identity.ts";
import type { FlattenRequest } from "#contracts/order-requests.ts";
import type { BatchAnswer, OrderAnswer } from "#contracts/trading-api.ts";
import { project } from "#core/exposure.ts";
import { lockAccounts } from "./accounts.store.ts";
import { refused } from "./answers.ts";
import { type ChangeDeps, isKnown } from "./cancel-orders.ts";
import { type Submission, submissionOf } from "./decide-submission.ts";
import { openDesks } from "./desk.ts";
import { traderActor } from "./own-order.ts";

/**
 * Cancels what waits and closes what is open, on an account or in one instrument of it. Brackets are not cancelled: they end with
 * their positions, and go on protecting one whose exit is refused. Asked again with the same id, the same exits are the answer.
 */
export const flatten =
  ({ ports, loadTerms, cancelling }: ChangeDeps, submit: (submission: Submission) => Promise<OrderAnswer>) =>
  async (trader: TraderIdentity, request: FlattenRequest): Promise<BatchAnswer> => {
    const { accountId, instrument, clientOrderId } = request;
    if (!isKnown(ports, instrument)) return refused("UNKNOWN_INSTRUMENT", []);
    const left = await ports.transact(traderActor(trader), async (work) => {
      const accounts = await lockAccounts(work.db, [accountId]);
      const [account] = accounts.values();
      if (account?.trader_id !== trader.traderId) return null;
      const actor = traderActor(trader);
      const which = { keepingBrackets: true, ...(instrument === undefined ? {} : { instrumentId: instrument }) };
      const ended = await cancelling.cancelWorking(work, accounts, { code: "BY_TRADER", actor, ...which });
      const orderIds = ended.map(({ id }) => id);
      if (orderIds.length > 0) work.afterCommit(() => ports.announce({ kind: "working", orderIds }));
      const desk = (await openDesks(work.db, loadTerms, [account])).get(account.id);
      const open = [...(desk?.exposures ?? [])].filter(([, exposure]) => project(exposure).position.lots !== 0n);
      return { id: account.id, cancelled: ended.length, instruments: open.map(([id]) => id) };
    });
    if (left === null) return refused("UNKNOWN_ACCOUNT", []);
    const wanted = left.instruments.filter((id) => instrument === undefined || id === instrument).sort();
    const exit = { kind: "exit", lots: null } as const;
    const answers = await Promise.all(
      wanted.map((id) => submit(submissionOf(trader, left.id, id, `${clientOrderId}:${id}`, exit))),
    );
    return { status: 200, cancelled: left.cancelled, answers };
  };
