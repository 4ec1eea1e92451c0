import type { Knex } from "knex";
import type { LimitScope } from "#contracts/names.ts";
import { groupBy } from "#core/group-by.ts";
import { assert } from "#core/result.ts";
import { type RiskSettings, readSettings } from "#core/risk-settings.ts";
import {
  type EffectiveSettings,
  effectiveSettings,
  type RiskLine,
  type RiskObject,
  type RiskSubject,
} from "#core/risk-table.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** The risk table as it is for some traders, read at one moment. */
export interface RiskBook {
  /** For one of the traders that were loaded; a stranger has only what holds for everybody. Null: of the account as a whole. */
  readonly of: (traderId: string, about: RiskObject | null) => EffectiveSettings;
  /** Every line that concerns one of them. */
  readonly lines: readonly RiskLine[];
  readonly subjectOf: (traderId: string) => RiskSubject;
}

export interface SubjectRow {
  id: string;
  tenant_id: number;
  group_id: string | null;
  line: string[];
}

export interface LineRow {
  id: string;
  scope: LimitScope;
  tenant_id: number | null;
  agent_id: string | null;
  name: string | null;
  group_id: string | null;
  trader_id: string | null;
  instrument_id: string | null;
  asset_class: string | null;
  version: number;
  version_id: string;
  settings: string;
}

/** Versions never change, so each is read once. */
const readVersions = new Map<string, RiskSettings>();
const versionsMax = 50_000;

const subjectsSql = `SELECT t.id, t.tenant_id, coalesce(t.group_id, (SELECT g.id FROM trader_groups g WHERE g.is_default)) AS group_id,
    coalesce(a.line, '{}')::text[] AS line
  FROM traders t LEFT JOIN agents a ON a.id = t.agent_id WHERE t.id = ANY (?::uuid[])`;

/** Each branch by its own index: how long the table is costs nothing. */
const linesSql = `SELECT * FROM risk_limits WHERE scope = 'default'
  UNION ALL SELECT * FROM risk_limits WHERE scope = 'partner' AND tenant_id IN (SELECT tenant_id FROM t)
  UNION ALL SELECT * FROM risk_limits WHERE scope = 'agent' AND agent_id IN (SELECT unnest(line)::uuid FROM t)
  UNION ALL SELECT * FROM risk_limits WHERE scope = 'group' AND group_id IN (SELECT group_id FROM t)
  UNION ALL SELECT * FROM risk_limits WHERE scope IN ('trader', 'self') AND trader_id = ANY (?::uuid[])`;

/** Loads every line that may concern the traders, in two queries whatever their number. */
export async function loadRiskTable(db: Knex, traderIds: readonly string[]): Promise<RiskBook> {
  const ids = [...new Set(traderIds)];
  const asked = prepared<LineRow>(
    db,
    `WITH t AS MATERIALIZED (${subjectsSql})
     SELECT l.id, l.scope, l.tenant_id, l.agent_id, coalesce(a.code, g.name) AS name, l.group_id, l.trader_id, l.instrument_id, l.asset_class,
       v.version, v.id AS version_id, v.settings::text AS settings
     FROM (${linesSql}) l
     CROSS JOIN LATERAL (SELECT v.id, v.version, v.settings FROM risk_limit_versions v
       WHERE v.limit_id = l.id AND v.effective_at <= clock_timestamp() ORDER BY v.version DESC LIMIT 1) v
     LEFT JOIN agents a ON a.id = l.agent_id LEFT JOIN trader_groups g ON g.id = l.group_id
     WHERE v.settings <> '{}'`,
    [ids, ids],
  );
  const [rows, traders] = await Promise.all([asked, prepared<SubjectRow>(db, subjectsSql, [ids])]);
  const lines = rows.map(toLine);
  const linesOf = groupBy(lines, whoseLine);
  const subjects = new Map(traders.map((row) => [row.id, toSubject(row)]));
  const known = new Map<string, EffectiveSettings>();
  const askers = new Map<string, Asker>();
  const askerOf = (traderId: string): Asker => {
    const found = askers.get(traderId);
    if (found !== undefined) return found;
    const subject = subjectOf(traderId);
    const own = [...new Set(whoseLines(subject))].flatMap((whose) => linesOf.get(whose) ?? []);
    const asker = { subject, own, key: keyOf(subject, own) };
    askers.set(traderId, asker);
    return asker;
  };
  const subjectOf = (traderId: string): RiskSubject => subjects.get(traderId) ?? stranger;
  return {
    lines,
    subjectOf,
    of: (traderId, about) => {
      const key = `${traderId} ${about?.id ?? ""}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const settings = inForce(askerOf(traderId), about);
      known.set(key, settings);
      return settings;
    },
  };
}

/** What the same lines came to before, for traders below the same agents. They are versions, so it stays true. */
const knownSettings = new Map<string, EffectiveSettings>();

/** A trader with the lines that may be about him. */
interface Asker {
  readonly subject: RiskSubject;
  readonly own: readonly StoredLine[];
  readonly key: string;
}

const keyOf = ({ tenantId, agentLine }: RiskSubject, own: readonly StoredLine[]): string =>
  `${tenantId}/${agentLine.join(" ")}/${own.map(({ versionId, name }) => `${versionId}:${name}`).join(" ")}`;

function inForce({ subject, own, key: asker }: Asker, about: RiskObject | null): EffectiveSettings {
  const key = `${about?.id}/${about?.assetClass}/${asker}`;
  const found = knownSettings.get(key);
  if (found !== undefined) return found;
  const settings = effectiveSettings(own, subject, about);
  if (knownSettings.size >= versionsMax) knownSettings.clear();
  knownSettings.set(key, settings);
  return settings;
}

/** Whom a line is about, by one name: a decision looks only at the lines that may be about its trader. */
const whoseLine = ({ scope, tenantId, agentId, groupId, traderId }: RiskLine): string =>
  `${agentId ?? groupId ?? traderId ?? (scope === "partner" ? tenantId : "")}`;

const whoseLines = ({ tenantId, traderId, groupId, agentLine }: RiskSubject): string[] => [
  ...["", `${tenantId}`, traderId],
  ...(groupId === null ? [] : [groupId]),
  ...agentLine,
];

const stranger: RiskSubject = { tenantId: 0, traderId: "", groupId: null, agentLine: [] };

export const toSubject = (row: SubjectRow): RiskSubject => ({
  tenantId: row.tenant_id,
  traderId: row.id,
  groupId: row.group_id,
  agentLine: row.line,
});

interface StoredLine extends RiskLine {
  readonly versionId: string;
}

export const toLine = (row: LineRow): StoredLine => ({
  versionId: row.version_id,
  limitId: row.id,
  version: row.version,
  scope: row.scope,
  tenantId: row.tenant_id,
  agentId: row.agent_id,
  name: row.name,
  groupId: row.group_id,
  traderId: row.trader_id,
  instrumentId: row.instrument_id,
  assetClass: row.asset_class,
  settings: settingsOf(row),
});

function settingsOf({ version_id: id, settings }: LineRow): RiskSettings {
  const known = readVersions.get(id);
  if (known !== undefined) return known;
  const read = readSettings(JSON.parse(settings));
  assert(read.ok, `version ${id} of the risk table can't be read: ${settings}`);
  if (readVersions.size >= versionsMax) readVersions.clear();
  readVersions.set(id, read.value);
  return read.value;
}
