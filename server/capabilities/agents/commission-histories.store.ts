import type { Knex } from "knex";
import type { CommissionModel } from "#contracts/commission-names.ts";
import type { AssetClass } from "#contracts/names.ts";
import type { AgentTree, Since } from "#core/commission-history.ts";
import type { RateRule } from "#core/commission-plan.ts";
import { groupBy } from "#core/group-by.ts";

/** One version of a plan with all its rates. */
export interface PlanVersion {
  readonly id: string;
  readonly model: CommissionModel;
  /** Millionths of a major unit of the fill's currency; null: no limit. */
  readonly capMillionths: bigint | null;
  readonly isCappedAtFee: boolean;
  readonly rules: readonly RateRule[];
}

/** Everything a partner's commissions are decided by, as it was at every moment. */
export interface CommissionHistories {
  readonly tree: AgentTree;
  readonly versions: ReadonlyMap<string, readonly Since<PlanVersion>[]>;
  readonly assigned: {
    readonly agents: ReadonlyMap<string, readonly Since<string | null>[]>;
    readonly partner: readonly Since<string | null>[];
  };
  /** Trader -> agents who are he himself or linked to him, each with when he was and was no more. */
  readonly own: ReadonlyMap<string, readonly OwnHistory[]>;
}

export interface OwnHistory {
  readonly agentId: string;
  readonly isOwn: readonly Since<boolean>[];
}

const micros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint AS since`;

/** The histories of a partner, small beside his fills: read once a run. */
export async function readHistories(db: Knex, tenantId: number): Promise<CommissionHistories> {
  return {
    tree: groupSince(await parentRows(db, tenantId)),
    versions: groupSince(await versionRows(db, tenantId)),
    ...(await readAssigned(db, tenantId)),
    own: await readOwn(db, tenantId),
  };
}

interface SinceRow<Value> {
  readonly key: string;
  readonly since: bigint;
  readonly value: Value;
}

/** Rows in order of their moments, by key. */
function groupSince<Value>(rows: readonly SinceRow<Value>[]): Map<string, Since<Value>[]> {
  const groups = new Map<string, Since<Value>[]>();
  for (const { key, since, value } of rows) {
    const group = groups.get(key) ?? [];
    group.push({ since, value });
    groups.set(key, group);
  }
  return groups;
}

async function parentRows(db: Knex, tenantId: number): Promise<SinceRow<string | null>[]> {
  const sinceSql = micros("since");
  const { rows } = await db.raw<{ rows: SinceRow<string | null>[] }>(
    `SELECT agent_id AS key, ${sinceSql}, parent_id AS value FROM agent_parents p WHERE tenant_id = ? ORDER BY p.since, p.id`,
    [tenantId],
  );
  return rows;
}

/** An own account begins when it was noted; one that was found by links may end, and begin anew. */
async function readOwn(db: Knex, tenantId: number): Promise<Map<string, OwnHistory[]>> {
  const [beganSql, changedSql] = [micros("o.since"), micros("c.since")];
  const { rows } = await db.raw<{
    rows: { own_id: bigint; trader_id: string; agent_id: string; since: bigint; is_own: boolean }[];
  }>(
    `SELECT own_id, trader_id, agent_id, since, is_own FROM (
       SELECT o.id AS own_id, 0 AS seq, o.trader_id, o.agent_id, ${beganSql}, true AS is_own FROM agent_own_traders o WHERE o.tenant_id = ?
       UNION ALL SELECT o.id, c.id, o.trader_id, o.agent_id, ${changedSql}, c.is_own
       FROM agent_own_changes c JOIN agent_own_traders o ON o.id = c.own_id WHERE c.tenant_id = ?) h ORDER BY own_id, seq`,
    [tenantId, tenantId],
  );
  const own = new Map<string, OwnHistory[]>();
  for (const [, events] of groupBy(rows, (row) => row.own_id)) {
    const [first] = events;
    if (first === undefined) continue;
    const isOwn = events.map(({ since, is_own: value }) => ({ since, value }));
    own.set(first.trader_id, [...(own.get(first.trader_id) ?? []), { agentId: first.agent_id, isOwn }]);
  }
  return own;
}

async function readAssigned(db: Knex, tenantId: number): Promise<Pick<CommissionHistories, "assigned">> {
  const sinceSql = micros("effective_from");
  const { rows } = await db.raw<{ rows: (Omit<SinceRow<string | null>, "key"> & { key: string | null })[] }>(
    `SELECT agent_id AS key, ${sinceSql}, plan_id AS value FROM commission_assignments WHERE tenant_id = ? ORDER BY effective_from, seq`,
    [tenantId],
  );
  const ofAgents = rows.flatMap(({ key, ...row }) => (key === null ? [] : [{ key, ...row }]));
  const partner = rows.flatMap(({ key, since, value }) => (key === null ? [{ since, value }] : []));
  return { assigned: { agents: groupSince(ofAgents), partner } };
}

interface VersionRow {
  key: string;
  since: bigint;
  id: string;
  model: CommissionModel;
  cap_millionths: bigint | null;
  is_capped_at_fee: boolean;
  rules: { instrument_id: string | null; asset_class: AssetClass | null; rates: string[] }[];
}

async function versionRows(db: Knex, tenantId: number): Promise<SinceRow<PlanVersion>[]> {
  const sinceSql = micros("v.effective_from");
  const { rows } = await db.raw<{ rows: VersionRow[] }>(
    `SELECT v.plan_id AS key, ${sinceSql}, v.id, v.model, v.cap_millionths, v.is_capped_at_fee,
       (SELECT jsonb_agg(jsonb_build_object('instrument_id', r.instrument_id, 'asset_class', r.asset_class, 'rates', r.rates::text[]))
        FROM commission_rates r WHERE r.version_id = v.id) AS rules
     FROM commission_plan_versions v WHERE v.tenant_id = ? ORDER BY v.effective_from, v.version`,
    [tenantId],
  );
  return rows.map(({ key, since, id, model, cap_millionths, is_capped_at_fee, rules }) => ({
    key,
    since,
    value: {
      id,
      model,
      capMillionths: cap_millionths,
      isCappedAtFee: is_capped_at_fee,
      rules: rules.map((rule) => ({
        instrumentId: rule.instrument_id,
        assetClass: rule.asset_class,
        rates: rule.rates.map(BigInt),
      })),
    },
  }));
}
