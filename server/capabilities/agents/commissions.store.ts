import type { Knex } from "knex";
import type { CommissionSkip } from "#contracts/commission-names.ts";
import type { DecidedFill } from "./decide-fill.ts";
import type { CommissionDay } from "./fill-facts.store.ts";

/** A row of the table: what one agent got of one fill, or why nothing. */
export interface CommissionRow {
  readonly fillId: bigint;
  readonly agentId: string;
  readonly level: number;
  readonly versionId: string | null;
  readonly rate: bigint;
  readonly amount: bigint;
  readonly why: CommissionSkip | null;
  readonly currency: string;
  readonly currencyScale: number;
}

/** The levels that had an agent; the shares of the others stay with the house and need no row. */
export const rowsOf = ({ facts, versionId, waterfall }: DecidedFill): CommissionRow[] =>
  waterfall.levels.flatMap(({ level, agentId, rate, amount, why }) => {
    if (agentId === null) return [];
    const { fillId, currency, currencyScale } = facts;
    return [{ fillId, agentId, level, versionId, rate, amount, why, currency, currencyScale }];
  });

/** Writes waterfalls and their levels; what is there already stays as it is. */
export async function insertDecided(
  db: Knex,
  { tenantId, bookDate }: CommissionDay,
  decided: readonly DecidedFill[],
): Promise<void> {
  if (decided.length === 0) return;
  await db.raw(
    `INSERT INTO commission_fills (tenant_id, book_date, fill_id, plan_version_id, basis_of, basis_minor, house_minor)
     SELECT ?, ?::date, fill, nullif(version, '')::uuid, basis_of, basis, house
     FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[]) AS d (fill, version, basis_of, basis, house)
     ON CONFLICT DO NOTHING`,
    [
      tenantId,
      bookDate,
      decided.map(({ facts }) => facts.fillId.toString()),
      decided.map(({ versionId }) => versionId ?? ""),
      decided.map(({ waterfall }) => waterfall.basisOf),
      decided.map(({ waterfall }) => waterfall.basis.toString()),
      decided.map(({ waterfall }) => waterfall.house.toString()),
    ],
  );
  const rows = decided.flatMap(rowsOf);
  await db.raw(
    `INSERT INTO commissions (tenant_id, book_date, fill_id, agent_id, level, plan_version_id, rate, amount_minor, why, currency, currency_scale)
     SELECT ?, ?::date, fill, agent, level, nullif(version, '')::uuid, rate, amount, nullif(why, ''), currency, scale
     FROM unnest(?::bigint[], ?::uuid[], ?::smallint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::smallint[])
       AS c (fill, agent, level, version, rate, amount, why, currency, scale)
     ON CONFLICT DO NOTHING`,
    [
      tenantId,
      bookDate,
      rows.map(({ fillId }) => fillId.toString()),
      rows.map(({ agentId }) => agentId),
      rows.map(({ level }) => level),
      rows.map(({ versionId }) => versionId ?? ""),
      rows.map(({ rate }) => rate.toString()),
      rows.map(({ amount }) => amount.toString()),
      rows.map(({ why }) => why ?? ""),
      rows.map(({ currency }) => currency),
      rows.map(({ currencyScale }) => currencyScale),
    ],
  );
}

/** Sums a date's commissions for each agent and currency. Payouts that were settled are left alone: their date takes no more rows. */
export async function sumPayouts(db: Knex, { tenantId, bookDate }: CommissionDay): Promise<void> {
  await db.raw(
    `INSERT INTO commission_payouts (id, tenant_id, book_date, agent_id, currency, currency_scale, earned_minor, clawed_back_minor)
     SELECT commission_group(tenant_id, book_date, agent_id, currency), tenant_id, book_date, agent_id, currency, currency_scale,
       coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0), coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0)
     FROM commissions WHERE tenant_id = ? AND book_date = ?::date AND amount_minor <> 0
     GROUP BY tenant_id, book_date, agent_id, currency, currency_scale ORDER BY 1
     ON CONFLICT (id) DO UPDATE SET earned_minor = excluded.earned_minor, clawed_back_minor = excluded.clawed_back_minor
       WHERE (commission_payouts.earned_minor, commission_payouts.clawed_back_minor) IS DISTINCT FROM (excluded.earned_minor, excluded.clawed_back_minor)`,
    [tenantId, bookDate],
  );
}
