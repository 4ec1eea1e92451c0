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
  const after: Part = { sql: "AND t.book_date > ?::date", bindings: [date] };
  const entries = bothSides((side) => sideSql(purse, side, after));
  const { rows } = await db.raw(`SELECT coalesce(sum(amount), 0)::bigint AS moved FROM (${entries.sql}) e`, [
    ...entries.bindings,
  ]);
  return rows[0].moved;
}

/** What was received and paid in a period, by code. */
export async function totalsOf(db: Knex, purse: Purse, period: Period): Promise<readonly CodeTotal[]> {
  const entries = bothSides((side) => sideSql(purse, side, withinSql(period)));
  const { rows } = await db.raw(
    `SELECT k.name AS code, count(*)::text AS entries, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS received,
       coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint AS paid
     FROM (${entries.sql}) e JOIN transfer_codes k ON k.code = e.code GROUP BY k.code, k.name ORDER BY k.code`,
    [...entries.bindings],
  );
  return rows;
}

interface PageOf extends Period {
  readonly below: Below | null;
  readonly snapshot: string;
  readonly code: string | null;
  readonly limit: number;
}

/** With more accounts the journal's newest transfers are looked through first: most pages of a busy subject end there. */
const probedMax = 100;

/** So many transfers, whosever they are: about 10 ms. */
const recentTransfers = 5_000;

/**
 * A page of entries, newest first. Entries that `code` leaves out are passed over but counted in `since`, so that balances stay
 * those of the accounts; so with `code` all of the subject's entries below the place are read, about 0.4 ms for each thousand.
 * Without, only what the page may hold is: see `recentSql` and `newestSql`.
 */
export async function entriesBelow(db: Knex, purse: Purse, page: PageOf): Promise<readonly EntryRow[]> {
  const { below, code, limit } = page;
  const place = (side: Side): Part =>
    below === null ? none : { sql: "AND t.id < ?::bigint", bindings: [side === 0 ? below.debit : below.credit] };
  const more = all(withinSql(page), {
    sql: "AND pg_visible_in_snapshot(t.xid, ?::pg_snapshot)",
    bindings: [page.snapshot],
  });
  if (code !== null) return pageOf(db, page, (side) => sideSql(purse, side, all(place(side), more)));
  if (purse.accounts.length > probedMax) {
    const recent = await pageOf(db, page, (side) => recentSql(purse, side, place(side), more));
    if (recent.length === limit) return recent;
  }
  return pageOf(db, page, (side) => newestSql(purse, side, all(place(side), more), limit));
}

async function pageOf(db: Knex, { code, limit }: PageOf, rowsOf: (side: Side) => Part): Promise<readonly EntryRow[]> {
  const entries = bothSides(rowsOf);
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
  readonly bindings: readonly (string | number)[];
}

/** 0: what was paid, the debits; 1: what was received, the credits. */
type Side = 0 | 1;

const none: Part = { sql: "", bindings: [] };

const all = (...parts: readonly Part[]): Part => ({
  sql: parts.map(({ sql }) => sql).join(" "),
  bindings: parts.flatMap(({ bindings }) => bindings),
});

const withinSql = ({ from, to }: Period): Part =>
  all(
    from === null ? none : { sql: "AND t.book_date >= ?::date", bindings: [from] },
    to === null ? none : { sql: "AND t.book_date <= ?::date", bindings: [to] },
  );

const bothSides = (rowsOf: (side: Side) => Part): Part => all(rowsOf(0), { sql: "UNION ALL", bindings: [] }, rowsOf(1));

const ownColumns = ["debit_account", "credit_account"] as const;

/** The columns of an entry, of a transfer `t`. */
const columnsSql = (side: Side): string =>
  `t.id, ${side} AS side, t.book_date, t.posted_at, t.code, ${side === 0 ? "-" : ""}t.amount AS amount, t.${ownColumns[side]} AS own,
   t.${ownColumns[side === 0 ? 1 : 0]} AS other, t.group_id, t.memo`;

/** All entries of one side of the purse. */
const sideSql = ({ accounts }: Purse, side: Side, where: Part): Part =>
  all(
    {
      sql: `(SELECT ${columnsSql(side)} FROM transfers t WHERE t.${ownColumns[side]} = ANY (?::bigint[])`,
      bindings: [`{${accounts}}`],
    },
    where,
    { sql: ")", bindings: [] },
  );

/** The entries of one side among the newest transfers of all. A full page of them is the page: nothing newer is left out. */
const recentSql = ({ accounts }: Purse, side: Side, place: Part, more: Part): Part =>
  all(
    {
      sql: `(SELECT ${columnsSql(side)} FROM unnest(?::bigint[]) AS a (own) JOIN (SELECT * FROM transfers t WHERE true`,
      bindings: [`{${accounts}}`],
    },
    place,
    {
      sql: `ORDER BY t.id DESC LIMIT ?::int) t ON t.${ownColumns[side]} = a.own WHERE true`,
      bindings: [recentTransfers],
    },
    more,
    { sql: ")", bindings: [] },
  );

/**
 * The newest `limit` entries of one side. They are of the accounts whose own newest entries are the newest: a later account has
 * `limit` entries of others above all of its own. No index has the order of several accounts, but the one by account and number has each
 * account's, so it gives its newest (some 10 us an account), and of the `limit` accounts chosen so at most `limit` entries each.
 */
function newestSql({ accounts }: Purse, side: Side, where: Part, limit: number): Part {
  const own = ownColumns[side];
  return all(
    {
      sql: `(SELECT t.* FROM (SELECT a.own FROM unnest(?::bigint[]) AS a (own) CROSS JOIN LATERAL
          (SELECT t.id FROM transfers t WHERE t.${own} = a.own`,
      bindings: [`{${accounts}}`],
    },
    where,
    {
      sql: `ORDER BY t.id DESC LIMIT 1) newest ORDER BY newest.id DESC LIMIT ?::int) near CROSS JOIN LATERAL
          (SELECT ${columnsSql(side)} FROM transfers t WHERE t.${own} = near.own`,
      bindings: [limit],
    },
    where,
    {
      sql: "ORDER BY t.id DESC LIMIT ?::int) t ORDER BY t.id DESC LIMIT ?::int)",
      bindings: [limit, limit],
    },
  );
}
