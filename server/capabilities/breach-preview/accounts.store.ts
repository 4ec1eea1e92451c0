import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";

/** Whose account it is, and how many orders are open on it. */
export interface PreviewAccount {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  readonly partner: string;
  readonly currency: string;
  readonly currencyScale: number;
  readonly working: number;
}

interface Row {
  id: string;
  trader_id: string;
  tenant_id: number;
  partner: string;
  currency: string;
  currency_scale: number;
  working: number;
}

/** Accounts of a book with a position, an open order or a loss that is counted, in the order of their ids; from `after` on. */
export async function accountsToLookAt(
  db: Knex,
  { book, after }: { readonly book: Book; readonly after: string | null },
  limit: number,
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `SELECT a.id FROM accounts a WHERE a.book = :book AND (:after::uuid IS NULL OR a.id > :after::uuid) AND (
       EXISTS (SELECT FROM positions p WHERE p.account_id = a.id AND (p.lots <> 0 OR p.margin_minor <> 0))
       OR EXISTS (SELECT FROM orders o WHERE o.account_id = a.id AND o.state IN ('accepted', 'working'))
       OR EXISTS (SELECT FROM loss_states s WHERE s.account_id = a.id))
     ORDER BY a.id LIMIT :limit`,
    { book, after, limit },
  );
  return rows.map(({ id }) => id);
}

/** Those accounts; one that does not exist is left out. */
export async function previewAccounts(db: Knex, accountIds: readonly string[]): Promise<PreviewAccount[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `SELECT a.id, a.trader_id, a.tenant_id, p.name AS partner, a.currency, a.currency_scale, (SELECT count(*)::int FROM orders o
       WHERE o.account_id = a.id AND o.state IN ('accepted', 'working')) AS working
     FROM accounts a JOIN partners p ON p.id = a.tenant_id WHERE a.id = ANY (?::uuid[])`,
    [[...accountIds]],
  );
  return rows.map((row) => ({
    ...{ accountId: row.id, traderId: row.trader_id, tenantId: row.tenant_id, partner: row.partner },
    ...{ currency: row.currency, currencyScale: row.currency_scale, working: row.working },
  }));
}
