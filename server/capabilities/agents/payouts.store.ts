import type { Knex } from "knex";
import type { AgentPayout } from "#core/commission-payout.ts";
import type { CommissionDay } from "./fill-facts.store.ts";

export interface DuePayout {
  id: string;
  agent_id: string;
  currency: string;
  currency_scale: number;
  earned_minor: bigint;
  clawed_back_minor: bigint;
  /** What the agent's settled payouts in this currency have left to take back: zero or negative. */
  carried_minor: bigint;
}

/** One posting of a partner at a time: what is carried from run to run is read and written under it. */
export async function lockPosting(db: Knex, tenantId: number): Promise<void> {
  await db("partners").where({ id: tenantId }).forNoKeyUpdate().first("id");
}

/** Locks the payouts of a date that are neither held nor settled, in id order. */
export async function lockDue(db: Knex, { tenantId, bookDate }: CommissionDay): Promise<DuePayout[]> {
  await db.raw(
    `SELECT id FROM commission_payouts WHERE tenant_id = ? AND book_date = ?::date AND state <> 'paid' ORDER BY id FOR UPDATE`,
    [tenantId, bookDate],
  );
  const { rows } = await db.raw<{ rows: DuePayout[] }>(
    `SELECT p.id, p.agent_id, p.currency, p.currency_scale, p.earned_minor, p.clawed_back_minor, coalesce(c.carried, 0)::bigint AS carried_minor
     FROM commission_payouts p LEFT JOIN (
       SELECT agent_id, currency, sum(earned_minor - clawed_back_minor - paid_minor) AS carried
       FROM commission_payouts WHERE tenant_id = ? AND state = 'paid' GROUP BY 1, 2) c
       ON c.agent_id = p.agent_id AND c.currency = p.currency
     WHERE p.tenant_id = ? AND p.book_date = ?::date AND p.state IN ('pending', 'payable') ORDER BY p.id`,
    [tenantId, tenantId, bookDate],
  );
  return rows;
}

/** The agents' ledger accounts of a live book, made when missing, by agent and currency ("agent/USD"). */
export async function commissionAccounts(
  db: Knex,
  tenantId: number,
  due: readonly DuePayout[],
): Promise<ReadonlyMap<string, bigint>> {
  const wanted = [due.map((row) => row.agent_id), due.map((row) => row.currency)];
  await db.raw(
    `INSERT INTO ledger_accounts (tenant_id, book, owner_id, kind, currency, floor)
     SELECT ?, 'live', agent_id, 'agent.commission', currency, 0 FROM unnest(?::uuid[], ?::text[]) AS w (agent_id, currency)
     ORDER BY agent_id, currency ON CONFLICT DO NOTHING`,
    [tenantId, ...wanted],
  );
  const { rows } = await db.raw<{ rows: { id: bigint; owner_id: string; currency: string }[] }>(
    `SELECT l.id, l.owner_id, l.currency FROM ledger_accounts l
     WHERE l.tenant_id = ? AND l.book = 'live' AND l.kind = 'agent.commission' AND l.owner_id = ANY (?::uuid[])`,
    [tenantId, wanted[0] ?? []],
  );
  return new Map(rows.map((row) => [`${row.owner_id}/${row.currency}`, row.id]));
}

export interface SettledPayout extends AgentPayout {
  readonly due: DuePayout;
}

export async function writeSettled(db: Knex, settled: readonly SettledPayout[]): Promise<void> {
  await db.raw(
    `UPDATE commission_payouts p SET state = 'paid', carried_in_minor = s.carried_in, taken_back_minor = s.taken_back,
       paid_minor = s.paid, carried_out_minor = s.carried_out, posted_at = clock_timestamp()
     FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) AS s (id, carried_in, taken_back, paid, carried_out)
     WHERE p.id = s.id`,
    [
      settled.map(({ due }) => due.id),
      settled.map(({ due }) => due.carried_minor.toString()),
      settled.map(({ takenBack }) => takenBack.toString()),
      settled.map(({ paid }) => paid.toString()),
      settled.map(({ carriedOut }) => carriedOut.toString()),
    ],
  );
}
