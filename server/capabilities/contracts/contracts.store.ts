import type { Knex } from "knex";
import type { AccountState, ContractWait, ExpiryAction, MarginStage } from "#contracts/names.ts";
import { type Lots, lots, ticks } from "#core/units.ts";
import type { OrderQuote } from "../trading/index.ts";

export interface ContractRow {
  id: string;
  instrument_id: string;
  code: string;
  last_trade_at: Date;
  expiry_action: ExpiryAction;
  final_quote_max_age_s: number;
  final_quote_seq: bigint | null;
  final_bid_ticks: bigint;
  final_ask_ticks: bigint;
  final_venue_at: Date;
  final_received_at: Date;
  roll_quote_seq: bigint | null;
  roll_bid_ticks: bigint;
  roll_ask_ticks: bigint;
  roll_venue_at: Date;
  roll_received_at: Date;
  waits_for: ContractWait | null;
  settled_at: Date | null;
}

interface QuoteRow {
  seq: bigint;
  bid_ticks: bigint;
  ask_ticks: bigint;
  venue_at: Date;
  received_at: Date;
}

const toQuote = (row: QuoteRow): OrderQuote => ({
  seq: row.seq,
  bid: ticks(row.bid_ticks),
  ask: ticks(row.ask_ticks),
  venueAt: row.venue_at,
  receivedAt: row.received_at,
});

/** Contracts that ended at least `graceMs` ago by the database's clock and are not settled, in the order they ended. */
export async function endedContracts(db: Knex, graceMs: number): Promise<ContractRow[]> {
  const { rows } = await db.raw<{ rows: ContractRow[] }>(
    `SELECT * FROM contracts WHERE settled_at IS NULL AND last_trade_at <= clock_timestamp() - make_interval(secs => ?)
     ORDER BY last_trade_at, id`,
    [graceMs / 1000],
  );
  return rows;
}

/** The contract as it is now, kept from being changed until the end of the transaction; null: it is settled. */
export async function holdContract(db: Knex, id: string): Promise<ContractRow | null> {
  const { rows } = await db.raw<{ rows: ContractRow[] }>(
    "SELECT * FROM contracts WHERE id = ? AND settled_at IS NULL FOR SHARE",
    [id],
  );
  return rows[0] ?? null;
}

/** Waits for every decision that began before the contract's end was to be seen. Later ones see it. */
export async function fenceDecisions(db: Knex): Promise<void> {
  await db.raw("SELECT pg_advisory_xact_lock(kill_switches_lock())");
}

/** The last tradable quote received before the contract's end, compared to the microsecond; null without one. */
export async function lastQuoteBeforeEnd(db: Knex, contractId: string): Promise<OrderQuote | null> {
  const { rows } = await db.raw<{ rows: QuoteRow[] }>(
    `SELECT q.seq, q.bid_ticks, q.ask_ticks, q.venue_at, q.received_at
     FROM contracts c CROSS JOIN LATERAL (
       SELECT * FROM quotes WHERE instrument_id = c.instrument_id AND flag IS NULL AND received_at < c.last_trade_at
       ORDER BY seq DESC LIMIT 1) q
     WHERE c.id = ?`,
    [contractId],
  );
  return rows[0] === undefined ? null : toQuote(rows[0]);
}

/** Writes the quote that settles the contract, once. */
export async function writeFinalQuote(db: Knex, id: string, quote: OrderQuote): Promise<void> {
  await db.raw(
    `UPDATE contracts SET final_quote_seq = ?, final_bid_ticks = ?, final_ask_ticks = ?, final_venue_at = ?, final_received_at = ?,
       waits_for = NULL, updated_at = clock_timestamp(), version = version + 1
     WHERE id = ? AND final_quote_seq IS NULL`,
    [...bindingsOf(quote), id],
  );
}

/** The contract that follows, and the first tradable quote received while it trades and the old one does not. */
export async function followingContract(
  db: Knex,
  contractId: string,
): Promise<{ id: string; quote: OrderQuote | null } | null> {
  const { rows } = await db.raw<{ rows: (Partial<QuoteRow> & { id: string })[] }>(
    `SELECT n.id, q.seq, q.bid_ticks, q.ask_ticks, q.venue_at, q.received_at
     FROM contracts c CROSS JOIN LATERAL (
         SELECT * FROM contracts WHERE instrument_id = c.instrument_id AND last_trade_at > c.last_trade_at
         ORDER BY last_trade_at LIMIT 1) n
       LEFT JOIN LATERAL (
         SELECT * FROM quotes WHERE instrument_id = c.instrument_id AND seq > coalesce(c.final_quote_seq, 0) AND flag IS NULL
           AND received_at >= greatest(n.first_trade_at, c.last_trade_at) ORDER BY seq LIMIT 1) q ON true
     WHERE c.id = ?`,
    [contractId],
  );
  const [found] = rows;
  if (found === undefined) return null;
  return { id: found.id, quote: hasQuote(found) ? toQuote(found) : null };
}

const hasQuote = (row: Partial<QuoteRow>): row is QuoteRow => row.seq !== null;

export async function writeRollQuote(db: Knex, id: string, next: { id: string; quote: OrderQuote }): Promise<void> {
  await db.raw(
    `UPDATE contracts SET roll_contract_id = ?, roll_quote_seq = ?, roll_bid_ticks = ?, roll_ask_ticks = ?, roll_venue_at = ?,
       roll_received_at = ?, waits_for = NULL, updated_at = clock_timestamp(), version = version + 1
     WHERE id = ? AND roll_quote_seq IS NULL`,
    [next.id, ...bindingsOf(next.quote), id],
  );
}

const bindingsOf = (quote: OrderQuote) => [
  quote.seq.toString(),
  quote.bid.toString(),
  quote.ask.toString(),
  quote.venueAt,
  quote.receivedAt,
];

/** Says in the back office what the contract waits for. Returns whether that is news. */
export async function writeWait(db: Knex, id: string, waitsFor: ContractWait): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number | null }>(
    `UPDATE contracts SET waits_for = ?, updated_at = clock_timestamp(), version = version + 1
     WHERE id = ? AND settled_at IS NULL AND waits_for IS DISTINCT FROM ?`,
    [waitsFor, id, waitsFor],
  );
  return rowCount === 1;
}

/** False: it was settled before. */
export async function writeSettled(db: Knex, id: string): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number | null }>(
    `UPDATE contracts SET settled_at = clock_timestamp(), waits_for = NULL, updated_at = clock_timestamp(), version = version + 1
     WHERE id = ? AND settled_at IS NULL`,
    [id],
  );
  return rowCount === 1;
}

/** Accounts with a position or a working order that the end of the contract has not reached yet, in id order. */
export async function accountsToExpire(
  db: Knex,
  row: Pick<ContractRow, "id" | "instrument_id">,
  except: readonly string[],
  limit: number,
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    `SELECT account_id FROM (
       SELECT p.account_id FROM positions p
       WHERE p.instrument_id = ? AND p.lots <> 0
         AND NOT EXISTS (SELECT FROM contract_settlements s WHERE s.contract_id = ? AND s.account_id = p.account_id)
       UNION
       SELECT o.account_id FROM orders o WHERE o.instrument_id = ? AND o.state IN ('accepted', 'working')
         AND NOT EXISTS (SELECT FROM contract_settlements s WHERE s.contract_id = ? AND s.account_id = o.account_id)) found
     WHERE account_id <> ALL (?::uuid[]) ORDER BY account_id LIMIT ?`,
    [row.instrument_id, row.id, row.instrument_id, row.id, [...except], limit],
  );
  return rows.map((found) => found.account_id);
}

export interface ExpiringPosition {
  readonly accountId: string;
  readonly lots: Lots;
  readonly termsVersion: number;
  readonly accountState: AccountState;
  readonly marginStage: MarginStage;
}

/** Open positions of locked accounts that the end of the contract has not reached yet. */
export async function expiringPositions(
  db: Knex,
  row: Pick<ContractRow, "id" | "instrument_id">,
  accountIds: readonly string[],
): Promise<ExpiringPosition[]> {
  const { rows } = await db.raw<{
    rows: {
      account_id: string;
      lots: bigint;
      terms_version: number;
      state: AccountState;
      margin_stage: MarginStage;
    }[];
  }>(
    `SELECT p.account_id, p.lots, p.terms_version, a.state, a.margin_stage
     FROM positions p JOIN accounts a ON a.id = p.account_id
     WHERE p.instrument_id = ? AND p.lots <> 0 AND p.account_id = ANY (?::uuid[])
       AND NOT EXISTS (SELECT FROM contract_settlements s WHERE s.contract_id = ? AND s.account_id = p.account_id)
     ORDER BY p.account_id`,
    [row.instrument_id, [...accountIds], row.id],
  );
  return rows.map((found) => ({
    accountId: found.account_id,
    lots: lots(found.lots),
    termsVersion: found.terms_version,
    accountState: found.state,
    marginStage: found.margin_stage,
  }));
}

export interface ContractSettlement {
  readonly accountId: string;
  readonly closedLots: Lots;
  readonly closeOrderId: string;
  readonly rollOrderId: string | null;
  readonly notRolled: string | null;
}

/** Fails on a second settlement of the same account: the end of a contract reaches a position once. */
export async function writeContractSettlements(
  db: Knex,
  contractId: string,
  made: readonly ContractSettlement[],
): Promise<void> {
  if (made.length === 0) return;
  await db.raw(
    `INSERT INTO contract_settlements (contract_id, account_id, closed_lots, close_order_id, roll_order_id, not_rolled)
     SELECT ?::uuid, account_id, closed_lots, close_order_id, nullif(roll_order_id, '')::uuid, nullif(not_rolled, '')
     FROM unnest(?::uuid[], ?::bigint[], ?::uuid[], ?::text[], ?::text[])
       AS n (account_id, closed_lots, close_order_id, roll_order_id, not_rolled)`,
    [
      contractId,
      made.map(({ accountId }) => accountId),
      made.map(({ closedLots }) => closedLots.toString()),
      made.map(({ closeOrderId }) => closeOrderId),
      made.map(({ rollOrderId }) => rollOrderId ?? ""),
      made.map(({ notRolled }) => notRolled ?? ""),
    ],
  );
}
