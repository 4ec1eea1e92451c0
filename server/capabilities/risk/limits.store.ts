import type { Knex } from "knex";
import type { LimitScope } from "#contracts/names.ts";
import { type EffectiveLimits, effectiveLimits, type LimitLine } from "#core/risk.ts";
import { type Lots, lots } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** The limits of some traders, read at one moment. */
export interface LimitBook {
  /** Limits in force for one of the traders that were loaded; a stranger has only the defaults. */
  readonly of: (traderId: string, instrumentId: string) => EffectiveLimits;
}

interface TraderRow {
  id: string;
  tenant_id: number;
  line: string[];
}

interface LineRow {
  scope: LimitScope;
  tenant_id: number | null;
  agent_id: string | null;
  agent_code: string | null;
  trader_id: string | null;
  instrument_id: string | null;
  max_lots_per_order: bigint | null;
  max_position_lots: bigint | null;
}

/** Loads every line that may apply to the traders, in two queries whatever their number. */
export async function loadLimits(db: Knex, traderIds: readonly string[]): Promise<LimitBook> {
  const ids = [...new Set(traderIds)];
  const lines = await prepared<LineRow>(
    db,
    `WITH t AS (
       SELECT t.id, t.tenant_id, coalesce(a.line, '{}') AS line
       FROM traders t LEFT JOIN agents a ON a.id = t.agent_id WHERE t.id = ANY (?::uuid[]))
     SELECT l.scope, l.tenant_id, l.agent_id, a.code AS agent_code, l.trader_id, l.instrument_id,
       l.max_lots_per_order, l.max_position_lots
     FROM risk_limits l LEFT JOIN agents a ON a.id = l.agent_id
     WHERE l.scope = 'default'
       OR (l.scope = 'partner' AND l.tenant_id IN (SELECT tenant_id FROM t))
       OR (l.scope = 'agent' AND l.agent_id IN (SELECT unnest(line) FROM t))
       OR (l.scope = 'trader' AND l.trader_id IN (SELECT id FROM t))`,
    [ids],
  );
  if (lines.length === 0) return { of: () => ({ maxLotsPerOrder: null, maxPositionLots: null }) };
  const traders = await prepared<TraderRow>(
    db,
    `SELECT t.id, t.tenant_id, coalesce(a.line, '{}')::text[] AS line
     FROM traders t LEFT JOIN agents a ON a.id = t.agent_id WHERE t.id = ANY (?::uuid[])`,
    [ids],
  );
  const parsed = lines.map(toLine);
  const subjects = new Map(
    traders.map((row) => [row.id, { tenantId: row.tenant_id, traderId: row.id, agentLine: row.line }]),
  );
  const stranger = { tenantId: 0, traderId: "", agentLine: [] };
  return {
    of: (traderId, instrumentId) => effectiveLimits(parsed, subjects.get(traderId) ?? stranger, instrumentId),
  };
}

const toLine = (row: LineRow): LimitLine => ({
  scope: row.scope,
  tenantId: row.tenant_id,
  agentId: row.agent_id,
  agentCode: row.agent_code,
  traderId: row.trader_id,
  instrumentId: row.instrument_id,
  maxLotsPerOrder: lotsOrNull(row.max_lots_per_order),
  maxPositionLots: lotsOrNull(row.max_position_lots),
});

const lotsOrNull = (value: bigint | null): Lots | null => (value === null ? null : lots(value));
