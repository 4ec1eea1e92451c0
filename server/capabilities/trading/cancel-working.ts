import type { Knex } from "knex";
import type { OrderCancelCode } from "#contracts/order-names.ts";
import { groupBy } from "#core/group-by.ts";
import { type Actor, systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import type { AccountRow } from "./accounts.store.ts";
import { coverAgain } from "./cover-again.ts";
import { openDesks } from "./desk.ts";
import { writeOrderEvents } from "./order-events.store.ts";
import type { SettlePorts } from "./ports.ts";
import { type LoadTerms, termsStore } from "./terms.store.ts";

/** Which of the accounts' orders that wait for their price; left out: all. */
export interface WhichWorking {
  readonly instrumentId?: string;
  readonly orderIds?: readonly string[];
  /** Only those that may open: orders that only reduce, brackets among them, hold nothing and stay. */
  readonly usingMargin?: boolean;
  /** Not the legs of brackets: they protect a position and end with it. */
  readonly keepingBrackets?: boolean;
}

export interface EndedOrder {
  readonly id: string;
  readonly accountId: string;
  readonly instrumentId: string;
}

/**
 * Ends working orders of accounts whose locks the caller holds (`lockAccounts`), in his transaction, and lets go of what was held for
 * them. One whose trigger was found already is not touched: it fills. Announces after the commit; returns those that ended.
 */
export interface Cancelling {
  readonly cancelWorking: (
    work: Work,
    accounts: ReadonlyMap<string, AccountRow>,
    which: WhichWorking & { readonly code: OrderCancelCode; readonly actor?: Pick<Actor, "kind" | "id"> },
  ) => Promise<readonly EndedOrder[]>;
  /** For orders whose time is over. */
  readonly expireWorking: (
    work: Work,
    accounts: ReadonlyMap<string, AccountRow>,
    orderIds: readonly string[],
  ) => Promise<readonly EndedOrder[]>;
}

export function openCancelling(ports: Pick<SettlePorts, "announce">, loadTerms: LoadTerms = termsStore()): Cancelling {
  const end = async (
    work: Work,
    accounts: ReadonlyMap<string, AccountRow>,
    which: WhichWorking,
    how: { readonly code: OrderCancelCode | null; readonly actor: Pick<Actor, "kind" | "id"> },
  ): Promise<readonly EndedOrder[]> => {
    const ended = await endOrders(work.db, [...accounts.keys()], which, how.code);
    if (ended.length === 0) return [];
    const kind = how.code === null ? "expired" : "cancelled";
    const said = how.code === null ? {} : { code: how.code };
    await writeOrderEvents(
      work.db,
      how.actor,
      ended.map(({ id }) => ({ orderId: id, kind, said })),
    );
    const ofAccount = groupBy(ended, ({ accountId }) => accountId);
    const touched = [...ofAccount.keys()].flatMap((id) => accounts.get(id) ?? []);
    await coverAgain(work.db, await openDesks(work.db, loadTerms, touched));
    work.afterCommit(() => {
      for (const [accountId, orders] of ofAccount)
        ports.announce({ kind: "settled", accountId, orderIds: orders.map(({ id }) => id) });
    });
    return ended;
  };
  return {
    cancelWorking: (work, accounts, { code, actor = systemActor, ...which }) =>
      end(work, accounts, which, { code, actor }),
    expireWorking: (work, accounts, orderIds) => end(work, accounts, { orderIds }, { code: null, actor: systemActor }),
  };
}

async function endOrders(
  db: Knex,
  accountIds: readonly string[],
  { instrumentId, orderIds, usingMargin = false, keepingBrackets = false }: WhichWorking,
  code: OrderCancelCode | null,
): Promise<EndedOrder[]> {
  const { rows } = await db.raw<{ rows: { id: string; account_id: string; instrument_id: string }[] }>(
    `UPDATE orders SET state = CASE WHEN ?::text IS NULL THEN 'expired' ELSE 'cancelled' END, cancel_code = ?::text,
       done_at = clock_timestamp()
     WHERE account_id = ANY (?::uuid[]) AND state = 'working' AND due_seq IS NULL
       AND (?::text IS NULL OR instrument_id = ?::text) AND (?::uuid[] IS NULL OR id = ANY (?::uuid[]))
       AND NOT (?::boolean AND reduce_only) AND NOT (?::boolean AND origin IN ('take-profit', 'stop-loss'))
     RETURNING id, account_id, instrument_id`,
    [
      code,
      code,
      [...accountIds],
      instrumentId ?? null,
      instrumentId ?? null,
      orderIds === undefined ? null : [...orderIds],
      orderIds === undefined ? null : [...orderIds],
      usingMargin,
      keepingBrackets,
    ],
  );
  return rows.map((row) => ({ id: row.id, accountId: row.account_id, instrumentId: row.instrument_id }));
}
