import type { Knex } from "knex";
import type { FundFlowSubject } from "#contracts/fund-flow.ts";
import type { Book } from "#contracts/names.ts";

/** The subject's ledger accounts in one book and currency. */
export interface Purse {
  readonly book: Book;
  readonly currency: string;
  readonly scale: number;
  readonly accounts: readonly string[];
  /** What is posted on them now, in minor units. */
  readonly posted: bigint;
}

/** Book dates, both included; null: unbounded. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

export interface CodeTotal {
  readonly code: string;
  readonly entries: string;
  readonly received: bigint;
  readonly paid: bigint;
}

export interface EntryRow {
  readonly id: string;
  readonly isCredit: boolean;
  readonly book_date: string;
  readonly posted_at: Date;
  readonly code: string;
  readonly amount: bigint;
  /** Sum of this entry and all newer ones below the starting point, shown or not. */
  readonly since: bigint;
  readonly kind: string;
  readonly account_id: string | null;
  readonly other_kind: string;
  readonly group_id: string;
  readonly memo: string | null;
}

/** Where the next page begins: debit entries below one number, credit entries below another. */
export interface Below {
  readonly debit: string;
  readonly credit: string;
}

/** Which ledger accounts are the subject's. Each has one binding: the id of its record. */
const subjectSql: Readonly<Record<FundFlowSubject, string>> = {
  trader: "l.kind LIKE 'trader.%' AND l.owner_id = ?::uuid",
  account: "l.id = (SELECT ledger_account_id FROM accounts WHERE id = ?::uuid)",
  agent: `l.owner_id IN (
    WITH line AS (SELECT id FROM agents WHERE line @> ARRAY[?]::uuid[])
    SELECT id FROM line UNION ALL SELECT t.id FROM traders t JOIN line ON line.id = t.agent_id)`,
  partner: "l.owner_id IS NOT NULL AND l.tenant_id = ?::int",
  house: "(l.kind LIKE 'house.%' OR l.kind = 'equity.adjustment') AND l.tenant_id = ?::int",
  "ledger-account": "l.id = ?::bigint",
};

/** Where the subject has money, live before demo. */
export async function pursesOf(db: Knex, of: FundFlowSubject, id: string): Promise<readonly Purse[]> {
  const whoseSql = subjectSql[of];
  const { rows } = await db.raw(
    `SELECT l.book, l.currency, c.scale, array_agg(l.id::text) AS accounts, sum(b.posted)::bigint AS posted
     FROM ledger_accounts l JOIN balances b ON b.ledger_account_id = l.id JOIN currencies c ON c.code = l.currency
     WHERE ${whoseSql} GROUP BY 1, 2, 3 ORDER BY l.book DESC, l.currency`,
    [id],
  );
  return rows;
}

/** What this reading sees; later pages look at the books as of it. */
export async function snapshotOf(db: Knex): Promise<string> {
  const { rows } = await db.raw("SELECT pg_current_snapshot()::text AS snapshot");
  return rows[0].snapshot;
}

/** Sum of all entries after a book date, in minor units. */
export async function movedAfter(db: Knex, purse: Purse, date: string): Promise<bigint> {
  const entries = entriesSql(purse, { from: null, to: null }, "AND t.book_date > ?::date", [date]);
  const { rows } = await db.raw(`SELECT coalesce(sum(amount), 0)::bigint AS moved FROM (${entries.sql}) e`, [
    ...entries.bindings,
  ]);
  return rows[0].moved;
}

/** What was received and paid in a period, by code. */
export async function totalsOf(db: Knex, purse: Purse, period: Period): Promise<readonly CodeTotal[]> {
  const entries = entriesSql(purse, period, "", []);
  const { rows } = await db.raw(
    `SELECT k.name AS code, count(*)::text AS entries, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS received,
       coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint AS paid
     FROM (${entries.sql}) e JOIN transfer_codes k ON k.code = e.code GROUP BY k.code, k.name ORDER BY k.code`,
    [...entries.bindings],
  );
  return rows;
}

/**
 * A page of entries, newest first. Entries that `code` leaves out are passed over but counted in `since`, so that balances stay
 * those of the accounts; so with `code` all of the subject's entries below the place are read, about 0.4 ms for each thousand.
 * Without, and of one account, no side has more on a page than the page has rows, and the index by account ends there. Of several
 * accounts no index has the order: a limit could lead the planner through all transfers where these have been still for long.
 */
export async function entriesBelow(
  db: Knex,
  purse: Purse,
  page: Period & {
    readonly below: Below | null;
    readonly snapshot: string;
    readonly code: string | null;
    readonly limit: number;
  },
): Promise<readonly EntryRow[]> {
  const { below, snapshot, code, limit } = page;
  const seen = "AND pg_visible_in_snapshot(t.xid, ?::pg_snapshot)";
  const entries = entriesSql(purse, page, seen, [snapshot], {
    ...(below === null ? {} : { below: [below.debit, below.credit] }),
    ...(code === null && purse.accounts.length === 1 ? { newest: limit } : {}),
  });
  const { rows } = await db.raw(
    `SELECT e.id::text AS id, e.side = 1 AS "isCredit", e.book_date, e.posted_at, k.name AS code, e.amount, e.since::bigint AS since,
       l.kind, a.id AS account_id, o.kind AS other_kind, e.group_id, e.memo
     FROM (SELECT s.*, sum(amount) OVER (ORDER BY id DESC, side DESC ROWS UNBOUNDED PRECEDING) AS since FROM (${entries.sql}) s) e
       JOIN transfer_codes k ON k.code = e.code JOIN ledger_accounts l ON l.id = e.own JOIN ledger_accounts o ON o.id = e.other
       LEFT JOIN accounts a ON a.ledger_account_id = e.own
     WHERE ?::text IS NULL OR k.name = ?::text
     ORDER BY e.id DESC, e.side DESC LIMIT ?`,
    [...entries.bindings, code, code, limit],
  );
  return rows;
}

interface Part {
  readonly sql: string;
  readonly bindings: readonly string[];
}

/**
 * Both sides of the purse's transfers, one row an entry. `below`: numbers of transfers, the debits' and the credits'. `newest`: only so
 * many of each side.
 */
function entriesSql(
  { accounts }: Purse,
  { from, to }: Period,
  more: string,
  moreBindings: readonly string[],
  { below, newest }: { readonly below?: readonly [debit: string, credit: string]; readonly newest?: number } = {},
): Part {
  const [only, ...others] = accounts;
  // With one account, equality: the planner then takes rows in the order of the index instead of sorting them all.
  const whose =
    others.length === 0
      ? { is: "= ?::bigint", value: only ?? "0" }
      : { is: "= ANY (?::bigint[])", value: `{${accounts}}` };
  const dates = [...(from === null ? [] : [from]), ...(to === null ? [] : [to])];
  const within = `${from === null ? "" : "AND t.book_date >= ?::date"} ${to === null ? "" : "AND t.book_date <= ?::date"}`;
  const side = (number: 0 | 1): Part => {
    const [own, other, sign] =
      number === 0 ? ["debit_account", "credit_account", "-"] : ["credit_account", "debit_account", ""];
    return {
      sql: `(SELECT t.id, ${number} AS side, t.book_date, t.posted_at, t.code, ${sign}t.amount AS amount, t.${own} AS own,
        t.${other} AS other, t.group_id, t.memo FROM transfers t
        WHERE t.${own} ${whose.is} ${below === undefined ? "" : "AND t.id < ?::bigint"} ${within} ${more}
        ${newest === undefined ? "" : "ORDER BY t.id DESC LIMIT ?::int"})`,
      bindings: [
        ...[whose.value, ...(below === undefined ? [] : [below[number]]), ...dates, ...moreBindings],
        ...(newest === undefined ? [] : [String(newest)]),
      ],
    };
  };
  const [debits, credits] = [side(0), side(1)];
  return { sql: `${debits.sql} UNION ALL ${credits.sql}`, bindings: [...debits.bindings, ...credits.bindings] };
}
