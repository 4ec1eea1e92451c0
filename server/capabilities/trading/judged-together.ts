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

/** Accounts of one person are judged together where they are of one book and currency: what is lost there is the same money. */
const judgedSql = `WITH asked AS (SELECT DISTINCT trader_id, book, currency FROM accounts WHERE id = ANY (?::uuid[]))
  SELECT ${accountColumnsOf("a")}, a.trader_id || ' ' || a.book || ' ' || a.currency AS person,
    (SELECT count(*) FROM accounts m WHERE (m.trader_id, m.book, m.currency) = (a.trader_id, a.book, a.currency))::int AS together
  FROM asked k JOIN accounts a ON (a.trader_id, a.book, a.currency) = (k.trader_id, k.book, k.currency) ORDER BY a.id`;

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
