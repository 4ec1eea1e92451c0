import type { Knex } from "knex";
import type { EffectiveSetting, PathLevel } from "#contracts/risk-api.ts";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { writeSetting } from "#core/risk-settings.ts";
import { bothOf, type EffectiveSettings, effectiveSettings, type RiskLine, type RiskObject } from "#core/risk-table.ts";
import { loadRiskTable } from "./risk-table.store.ts";

type Target = PathLevel["target"];
/** Which line of a level is looked at: an instrument's own, its class's, or that of everything. */
export type LineObject = Pick<Target, "instrumentId" | "assetClass">;

interface PathRow {
  tenant_id: number;
  partner: string;
  trader: string;
  group_id: string;
  group_name: string;
  agent_ids: string[];
  agent_codes: string[];
}

/** Every setting in force (of two that can't be compared the trader's own second), as a line would have it written, with the line it comes from. */
export function toldSettings(found: EffectiveSettings): EffectiveSetting[] {
  return riskSettingNames.flatMap((name: RiskSetting) => {
    return bothOf<unknown>(found[name]).map(({ value, source, limitId, version }) => {
      const scope = source.replace(/:.*$/s, "") as EffectiveSetting["scope"];
      return { name, value: writeSetting(name, value), scope, source, limitId, version };
    });
  });
}

/**
 * The way of inheritance to a trader, widest first: at each level the line about `object`, and what would be in force for who stood there.
 * `about`: the instrument that is traded; null: the account as a whole. Null: there is no such trader.
 */
export async function riskPath(
  db: Knex,
  traderId: string,
  about: RiskObject | null,
  object: LineObject,
): Promise<PathLevel[] | null> {
  const row = await pathRow(db, traderId);
  if (row === null) return null;
  const { lines, subjectOf } = await loadRiskTable(db, [traderId]);
  const subject = subjectOf(traderId);
  const versions = await newestVersions(db, lines);
  const hasOwn = lines.some(({ scope }) => scope === "self");
  const levels = levelsOf(row, traderId).filter(({ target }) => hasOwn || target.scope !== "self");
  return levels.map(({ name, target }, index) => {
    const whole = { ...target, ...object };
    const line = lines.find((one) => isAt(one, whole));
    const wider = levels.slice(0, index + 1).map((level) => level.target);
    const within = lines.filter((one) => wider.some((level) => isOf(one, level)));
    return {
      target: whole,
      name,
      limitId: line?.limitId ?? null,
      version: line === undefined ? null : (versions.get(line.limitId) ?? line.version),
      own: line === undefined ? {} : written(line.settings),
      inherited: toldSettings(effectiveSettings(without(within, line), subject, about)),
      inForce: toldSettings(effectiveSettings(within, subject, about)),
    };
  });
}

async function pathRow(db: Knex, traderId: string): Promise<PathRow | null> {
  const { rows } = await db.raw<{ rows: PathRow[] }>(
    `SELECT t.tenant_id, p.code AS partner, t.name AS trader, g.id AS group_id, g.name AS group_name,
       coalesce(array_agg(a.id ORDER BY n.place) FILTER (WHERE a.id IS NOT NULL), '{}')::text[] AS agent_ids,
       coalesce(array_agg(a.code ORDER BY n.place) FILTER (WHERE a.id IS NOT NULL), '{}') AS agent_codes
     FROM traders t JOIN partners p ON p.id = t.tenant_id
       JOIN trader_groups g ON g.id = coalesce(t.group_id, (SELECT d.id FROM trader_groups d WHERE d.is_default))
       LEFT JOIN agents own ON own.id = t.agent_id LEFT JOIN LATERAL unnest(own.line) WITH ORDINALITY AS n (id, place) ON true
       LEFT JOIN agents a ON a.id = n.id
     WHERE t.id = ? GROUP BY t.tenant_id, p.code, t.name, g.id, g.name`,
    [traderId],
  );
  return rows[0] ?? null;
}

type Level = { readonly name: string | null; readonly target: Omit<Target, keyof LineObject> };

function levelsOf(row: PathRow, traderId: string): Level[] {
  const none = { tenantId: null, agentId: null, groupId: null, traderId: null };
  const { tenant_id: tenantId } = row;
  return [
    { name: null, target: { ...none, scope: "default" } },
    { name: row.partner, target: { ...none, scope: "partner", tenantId } },
    ...row.agent_ids.map((agentId, place): Level => {
      return { name: row.agent_codes[place] ?? null, target: { ...none, scope: "agent", tenantId, agentId } };
    }),
    { name: row.group_name, target: { ...none, scope: "group", groupId: row.group_id } },
    { name: row.trader, target: { ...none, scope: "trader", tenantId, traderId } },
    { name: row.trader, target: { ...none, scope: "self", tenantId, traderId } },
  ];
}

const isOf = (line: RiskLine, { scope, tenantId, agentId, groupId, traderId }: Level["target"]): boolean =>
  line.scope === scope &&
  line.tenantId === tenantId &&
  line.agentId === agentId &&
  line.groupId === groupId &&
  line.traderId === traderId;

const isAt = (line: RiskLine, target: Target): boolean =>
  isOf(line, target) && line.instrumentId === target.instrumentId && line.assetClass === target.assetClass;

const without = (lines: readonly RiskLine[], line: RiskLine | undefined): readonly RiskLine[] =>
  lines.filter((one) => one !== line);

/** What a line says, as it is stored and sent. */
export const written = (settings: RiskLine["settings"]): Record<string, unknown> =>
  Object.fromEntries(
    riskSettingNames.flatMap((name) =>
      settings[name] === undefined ? [] : [[name, writeSetting(name, settings[name])]],
    ),
  );

/** A line's next version must name its newest one, which may be still to come. */
async function newestVersions(db: Knex, lines: readonly RiskLine[]): Promise<Map<string, number>> {
  const ids = lines.map(({ limitId }) => limitId);
  const rows: { id: string; version: number }[] = await db("risk_limits").whereIn("id", ids).select("id", "version");
  return new Map(rows.map(({ id, version }) => [id, version]));
}
