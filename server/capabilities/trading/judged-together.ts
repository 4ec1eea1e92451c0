import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { type AccountRow, accountColumnsOf } from "./accounts.store.ts";

/** Accounts asked about, and those whose orders count with theirs: a limit is the person's, not the account's. */
export interface Judged {
  /** All of them by id; unknown ids are left out, and with `skipLocked` those that somebody else has locked. */
  readonly accounts: ReadonlyMap<string, AccountRow>;
  /** The accounts judged together with one, itself not among them. */
  readonly matesOf: (accountId: string) => readonly string[];
  /** Whether none of those that are judged together with it was left out. */
  readonly isWhole: (accountId: string) => boolean;
}

interface JudgedRow extends AccountRow {
  person: string;
  together: number;
}

/**
 * Accounts are judged together where staff have confirmed that their traders are one person, and they are of one book and currency: what is
 * lost there is the same money. (A trader himself has one account of a book and currency.)
 */
const judgedSql = `WITH asked AS (
    SELECT DISTINCT coalesce(l.cluster_id, a.trader_id) AS person, l.cluster_id, a.book, a.currency
    FROM accounts a LEFT JOIN linked_traders l ON l.trader_id = a.trader_id WHERE a.id = ANY (?::uuid[])),
  members AS (
    SELECT person, book, currency, person AS trader_id FROM asked WHERE cluster_id IS NULL
    UNION ALL
    SELECT k.person, k.book, k.currency, l.trader_id FROM asked k JOIN linked_traders l ON l.cluster_id = k.cluster_id)
  SELECT ${accountColumnsOf("a")}, m.person || ' ' || m.book || ' ' || m.currency AS person,
    (SELECT count(*)::int FROM members n JOIN accounts b ON (b.trader_id, b.book, b.currency) = (n.trader_id, n.book, n.currency)
      WHERE (n.person, n.book, n.currency) = (m.person, m.book, m.currency)) AS together
  FROM members m JOIN accounts a ON (a.trader_id, a.book, a.currency) = (m.trader_id, m.book, m.currency) ORDER BY a.id`;

/** Locks them in id order until the end of the transaction: see `lockAccounts`. */
export async function lockJudged(
  db: Knex,
  ids: readonly string[],
  { skipLocked = false }: { readonly skipLocked?: boolean } = {},
): Promise<Judged> {
  const lock = skipLocked ? "FOR UPDATE OF a SKIP LOCKED" : "FOR UPDATE OF a";
  return judgedOf(await prepared<JudgedRow>(db, `${judgedSql} ${lock}`, [[...ids]]));
}

/** Without a lock, for showing. */
export const findJudged = async (db: Knex, ids: readonly string[]): Promise<Judged> =>
  judgedOf(await prepared<JudgedRow>(db, judgedSql, [[...ids]]));

function judgedOf(rows: readonly JudgedRow[]): Judged {
  const accounts = new Map(rows.map((row) => [row.id, row]));
  const persons = groupBy(rows, ({ person }) => person);
  const withIt = (accountId: string): readonly JudgedRow[] => persons.get(accounts.get(accountId)?.person ?? "") ?? [];
  return {
    accounts,
    matesOf: (accountId) => withIt(accountId).flatMap(({ id }) => (id === accountId ? [] : [id])),
    isWhole: (accountId) => withIt(accountId).length === accounts.get(accountId)?.together,
  };
}

/** Accounts with those judged together with them, each with the others; those that are judged alone are not told of. Without a lock. */
export async function findTogether(db: Knex, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await prepared<{ id: string; person: string }>(
    db,
    `SELECT DISTINCT m.id, l.cluster_id || ' ' || a.book || ' ' || a.currency AS person
     FROM accounts a JOIN linked_traders l ON l.trader_id = a.trader_id JOIN linked_traders o ON o.cluster_id = l.cluster_id
       JOIN accounts m ON (m.trader_id, m.book, m.currency) = (o.trader_id, a.book, a.currency)
     WHERE a.id = ANY (?::uuid[]) ORDER BY m.id`,
    [[...ids]],
  );
  const persons = [...groupBy(rows, ({ person }) => person).values()];
  return new Map(
    persons.flatMap((person) => person.map(({ id }) => [id, person.flatMap((one) => (one.id === id ? [] : [one.id]))])),
  );
}
