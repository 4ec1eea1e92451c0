import type { Knex } from "knex";
import type { Locale } from "#contracts/names.ts";

/** A position of a statement: prices as their instrument writes them, money in minor units. */
export interface StatementPosition {
  readonly instrument: string;
  readonly lots: string;
  readonly averagePrice: string;
  readonly settlementPrice: string | null;
  readonly priceDate: string | null;
  readonly openPnl: string | null;
}

/** A statement as it is stored. Money in minor units of the account's currency. */
export interface StatementRow {
  readonly id: bigint;
  readonly accountId: string;
  readonly bookDate: string;
  readonly currency: string;
  readonly scale: number;
  readonly opening: bigint;
  readonly moved: bigint;
  readonly closing: bigint;
  readonly held: bigint;
  readonly movements: number;
  readonly totals: Readonly<Record<string, string>>;
  readonly positions: readonly StatementPosition[];
  readonly openPnl: bigint | null;
  readonly hash: string;
  readonly madeAt: Date;
  readonly ledgerAccountId: string;
  readonly partnerName: string;
  readonly traderName: string;
  readonly locale: Locale;
}

/** An average is seldom a whole tick: this many digits more than a price has. */
const averageDigits = 4;

const statementSql = `SELECT s.id, s.account_id AS "accountId", s.book_date::text AS "bookDate", s.currency, s.currency_scale AS scale,
    s.opening_minor AS opening, s.moved_minor AS moved, s.closing_minor AS closing, s.held_minor AS held, s.movements, s.totals,
    s.open_pnl_minor AS "openPnl", encode(s.hash, 'hex') AS hash, s.made_at AS "madeAt", a.ledger_account_id::text AS "ledgerAccountId",
    p.name AS "partnerName", t.name AS "traderName", t.locale, coalesce(o.positions, '[]') AS positions
  FROM account_statements s JOIN accounts a ON a.id = s.account_id JOIN traders t ON t.id = s.trader_id JOIN partners p ON p.id = s.tenant_id
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('instrument', e ->> 'instrument', 'lots', e ->> 'lots',
        'averagePrice', as_price(round((e ->> 'costTicks')::numeric / (e ->> 'lots')::numeric * i.tick_size, i.price_decimals + ${averageDigits}), i.price_decimals)::text,
        'settlementPrice', as_price((e ->> 'priceTicks')::numeric * i.tick_size, i.price_decimals)::text,
        'priceDate', e ->> 'markDate', 'openPnl', e ->> 'openPnl') ORDER BY e ->> 'instrument') AS positions
      FROM jsonb_array_elements(s.positions) e JOIN instrument_terms i
        ON i.instrument_id = e ->> 'instrument' AND i.terms_version = (e ->> 'termsVersion')::int) o`;

/** Statements of an account, newest first, below `after`. */
export async function readStatements(
  db: Knex,
  accountId: string,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<StatementRow[]> {
  const { rows } = await db.raw<{ rows: StatementRow[] }>(
    `${statementSql} WHERE s.account_id = ? AND (?::bigint IS NULL OR s.book_date < (SELECT b.book_date FROM account_statements b WHERE b.id = ?::bigint AND b.account_id = s.account_id))
     ORDER BY s.book_date DESC LIMIT ?`,
    [accountId, after, after, limit],
  );
  return rows;
}

/** One statement of any of these accounts; null: there is none such. */
export async function findStatement(db: Knex, id: string, accountIds: readonly string[]): Promise<StatementRow | null> {
  const { rows } = await db.raw<{ rows: StatementRow[] }>(
    `${statementSql} WHERE s.id = ?::bigint AND s.account_id = ANY (?::uuid[])`,
    [id, [...accountIds]],
  );
  return rows[0] ?? null;
}

/** An entry of the account. `amount` in minor units: + came in. With the fill it belongs to, where there is one. */
export interface MovementRow {
  readonly id: bigint;
  readonly postedAt: string;
  readonly code: string;
  readonly amount: bigint;
  readonly groupId: string;
  readonly instrument: string | null;
  readonly side: "buy" | "sell" | null;
  readonly lots: bigint | null;
  readonly price: string | null;
}

const piece = 1_000;

const debitsSql = `SELECT id, posted_at, code, -amount AS amount, group_id FROM transfers
  WHERE debit_account = ? AND book_date = ?::date AND id > ?::bigint`;
const creditsSql = `SELECT id, posted_at, code, amount, group_id FROM transfers
  WHERE credit_account = ? AND book_date = ?::date AND id > ?::bigint`;

/** The entries of a statement in the order they were posted, in pieces: a date of any length takes the same memory. */
export async function* readMovements(
  db: Knex,
  { ledgerAccountId, bookDate }: Pick<StatementRow, "ledgerAccountId" | "bookDate">,
): AsyncGenerator<readonly MovementRow[]> {
  for (let after: bigint | null = 0n; after !== null; ) {
    const bindings: string[] = [ledgerAccountId, bookDate, `${after}`];
    const { rows }: { rows: MovementRow[] } = await db.raw(
      `SELECT e.id, to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "postedAt", k.name AS code, e.amount,
         e.group_id AS "groupId", f.instrument_id AS instrument, f.side, f.lots, as_price(f.price_ticks * i.tick_size, i.price_decimals)::text AS price
       FROM (${debitsSql} UNION ALL ${creditsSql} ORDER BY id LIMIT ?) e
         JOIN transfer_codes k ON k.code = e.code LEFT JOIN fills f ON f.group_id = e.group_id
         LEFT JOIN instrument_terms i ON i.instrument_id = f.instrument_id AND i.terms_version = f.terms_version
       ORDER BY e.id`,
      [...bindings, ...bindings, piece],
    );
    if (rows.length > 0) yield rows;
    after = rows.length === piece ? (rows.at(-1)?.id ?? null) : null;
  }
}
