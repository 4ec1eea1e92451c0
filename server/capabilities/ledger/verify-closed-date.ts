import type { Knex } from "knex";
import { invariants } from "./invariants.ts";
import type { BrokenInvariant } from "./verify-books.ts";

/** A closed date of a partner whose snapshot is taken. */
export interface ClosedDate {
  readonly tenantId: number;
  readonly bookDate: string;
}

/** As a date is checked: the snapshot stands for all transfers up to it, so that only newer ones are read. */
const ofDate = [
  {
    invariant: "I1 snapshot adds up to zero",
    says: "The balances of the date's snapshot add up to zero in every book and currency.",
    sql: `SELECT a.book, a.currency, sum(d.posted) AS total
          FROM balance_daily d JOIN ledger_accounts a ON a.id = d.ledger_account_id
          WHERE d.tenant_id = :tenantId AND d.book_date = :bookDate::date GROUP BY 1, 2 HAVING sum(d.posted) <> 0`,
  },
  {
    invariant: "I2 balance is its journal",
    says: "Every balance equals the date's snapshot and the transfers since.",
    sql: `SELECT a.id AS ledger_account_id, b.posted, coalesce(d.posted, 0) + coalesce(n.total, 0) AS journal
          FROM ledger_accounts a LEFT JOIN balances b ON b.ledger_account_id = a.id
            LEFT JOIN balance_daily d ON d.tenant_id = :tenantId AND d.book_date = :bookDate::date AND d.ledger_account_id = a.id
            LEFT JOIN (SELECT ledger_account_id, sum(amount) AS total FROM entries
              WHERE tenant_id = :tenantId AND book_date > :bookDate::date GROUP BY 1) n ON n.ledger_account_id = a.id
          WHERE a.tenant_id = :tenantId AND b.posted IS DISTINCT FROM coalesce(d.posted, 0) + coalesce(n.total, 0)`,
  },
];
/** Reads the whole journal; the date's own I2 says the same from the snapshot on. */
const replaced = "I2 balance is its journal";
const rowsMax = 100;

/**
 * Checks the rules of the books as a close does: those of the date by its snapshot, the others as they stand, all in one snapshot of the
 * database. Reads only. Before the snapshot is taken (a dry run) the rule about balances is checked over the whole journal.
 */
export async function verifyClosedDate(
  db: Knex,
  date: ClosedDate,
): Promise<{ readonly checked: number; readonly broken: readonly BrokenInvariant[] }> {
  return db.transaction(
    async (trx) => {
      await trx.raw("SET LOCAL statement_timeout = '10min'");
      const isTaken = await trx("balance_daily")
        .where({ tenant_id: date.tenantId, book_date: date.bookDate })
        .first("tenant_id");
      const dated = isTaken === undefined ? [] : ofDate;
      const rules = [
        ...dated.map((rule) => ({ ...rule, bindings: { ...date } })),
        ...invariants
          .filter(({ invariant }) => dated.length === 0 || invariant !== replaced)
          .map((rule) => ({ ...rule, bindings: null })),
      ];
      const broken: BrokenInvariant[] = [];
      for (const { invariant, says, sql, bindings } of rules) {
        const limited = `${sql} LIMIT ${rowsMax}`;
        const { rows } = await (bindings === null ? trx.raw(limited) : trx.raw(limited, bindings));
        if (rows.length > 0) broken.push({ invariant, says, rows });
      }
      return { checked: rules.length, broken };
    },
    { isolationLevel: "repeatable read", readOnly: true },
  );
}
