import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import { type LadderState, loadLadder } from "../margin/index.ts";

/** An account with something at risk: whose it is, and how the margin ladder weighs it. */
export interface RiskAccount extends LadderState {
  readonly traderId: string;
  readonly tenantId: number;
  /** The agents above the trader, from the top of the tree down; empty: he is the partner's own. */
  readonly line: readonly string[];
  readonly book: Book;
  readonly currency: string;
  readonly currencyScale: number;
  /** Instrument -> orders that wait or are due. */
  readonly working: ReadonlyMap<string, number>;
}

interface OwnerRow {
  id: string;
  trader_id: string;
  tenant_id: number;
  line: string[] | null;
  book: Book;
  currency: string;
  currency_scale: number;
}

/** The accounts as they stand; those that do not exist are left out. */
export async function loadRiskAccounts(db: Knex, accountIds: readonly string[]): Promise<RiskAccount[]> {
  if (accountIds.length === 0) return [];
  const [states, owners, working] = [
    await loadLadder(db, accountIds),
    await db.raw<{ rows: OwnerRow[] }>(
      `SELECT a.id, a.trader_id, a.tenant_id, a.book, a.currency, a.currency_scale, g.line
       FROM accounts a JOIN traders t ON t.id = a.trader_id LEFT JOIN agents g ON g.id = t.agent_id WHERE a.id = ANY (?::uuid[])`,
      [[...accountIds]],
    ),
    await workingOrders(db, accountIds),
  ];
  const ownerOf = new Map(owners.rows.map((row) => [row.id, row]));
  return states.flatMap((state) => {
    const owner = ownerOf.get(state.accountId);
    if (owner === undefined) return [];
    return [
      {
        ...state,
        ...{ traderId: owner.trader_id, tenantId: owner.tenant_id, line: owner.line ?? [], book: owner.book },
        ...{ currency: owner.currency, currencyScale: owner.currency_scale },
        working: working.get(state.accountId) ?? none,
      },
    ];
  });
}

const none: ReadonlyMap<string, number> = new Map();

async function workingOrders(db: Knex, accountIds: readonly string[]): Promise<Map<string, Map<string, number>>> {
  const { rows } = await db.raw<{ rows: { account_id: string; instrument_id: string; orders: number }[] }>(
    `SELECT account_id, instrument_id, count(*)::int AS orders FROM orders
     WHERE account_id = ANY (?::uuid[]) AND state IN ('accepted', 'working') GROUP BY account_id, instrument_id`,
    [[...accountIds]],
  );
  const found = new Map<string, Map<string, number>>();
  for (const { account_id, instrument_id, orders } of rows) {
    const own = found.get(account_id) ?? new Map<string, number>();
    found.set(account_id, own.set(instrument_id, orders));
  }
  return found;
}

/** Accounts with a position or a waiting order, in the order of their ids; from `after` on. */
export async function accountsWithRisk(
  db: Knex,
  among: { readonly after: string | null; readonly tenantId: number | null; readonly book: Book | null },
  limit: number,
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    `SELECT DISTINCT account_id FROM positions
     WHERE (lots <> 0 OR margin_minor <> 0) AND (:after::uuid IS NULL OR account_id > :after::uuid)
       AND (:tenantId::int IS NULL OR tenant_id = :tenantId::int) AND (:book::text IS NULL OR book = :book::text)
     ORDER BY account_id LIMIT :limit`,
    { ...among, limit },
  );
  return rows.map(({ account_id }) => account_id);
}

/** What partners are called. */
export async function partnerNames(db: Knex, ids: readonly number[]): Promise<Map<number, string>> {
  const rows: { id: number; name: string }[] = await db("partners")
    .whereIn("id", [...ids])
    .select("id", "name");
  return new Map(rows.map(({ id, name }) => [id, name]));
}
