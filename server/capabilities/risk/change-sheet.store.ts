import type { Knex } from "knex";
import type { ChangeSheetReply, SheetLine, SheetSetting } from "#contracts/risk-change-api.ts";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { assert } from "#core/result.ts";
import { directionOf, looseningOf, needsSecond } from "#core/risk-change.ts";
import { type RiskSettings, readSettings, type WrittenSettings } from "#core/risk-settings.ts";
import {
  type EffectiveSettings,
  effectiveSettings,
  type RiskLine,
  type RiskObject,
  type RiskSubject,
} from "#core/risk-table.ts";
import { type ChangeLine, changeLines } from "./change-lines.ts";
import { draftedLine, placeOf, withDraft } from "./drafted-table.store.ts";
import { toldSettings, written } from "./risk-path.ts";
import { type LineRow, toLine } from "./risk-table.store.ts";
import { fourEyesAbove } from "./write-limits.ts";

interface PlaceRow {
  id: string;
  name: string | null;
  limit_id: string | null;
  version: number;
  group_id: string | null;
  agent_line: string[];
  class_traded: string | null;
}

/** The lines of a change beside what is in force at their places, for whoever looks at it. Null: there is no such change. */
export async function changeSheet(db: Knex, id: string, viewerId: string): Promise<ChangeSheetReply | null> {
  const change = await db("risk_changes").where({ id }).first("state", "author_id");
  if (change === undefined) return null;
  const drafted = await changeLines(db, id);
  const percent = await fourEyesAbove(db);
  const isOpen = change.state === "draft" || change.state === "proposed";
  return {
    change: id,
    isAuthor: change.author_id === viewerId,
    fourEyesAbovePercent: percent === null ? null : JSON.parse(`${percent}`),
    lines: await sheetLines(db, id, { drafted, isOpen, percent }),
    rehearsedAsItIs: await rehearsalsOf(db, id, drafted),
  };
}

interface Sheet {
  readonly drafted: readonly ChangeLine[];
  /** Whether it is still to be applied. */
  readonly isOpen: boolean;
  readonly percent: bigint | null;
}

async function sheetLines(db: Knex, changeId: string, { drafted, isOpen, percent }: Sheet): Promise<SheetLine[]> {
  const places = await placesOf(db, changeId);
  const table = isOpen ? await tableAt(db, drafted) : [];
  const planned = drafted.map((line) => namedLine(line, places.get(line.id)?.name ?? null));
  const withChange = withDraft(table, planned);
  return drafted.map((line) => {
    const place = places.get(line.id);
    assert(place !== undefined, `line ${line.id} of a risk change has no place`);
    const after = read(line.settings);
    const now = table.find((one) => placeOf(one) === placeOf(draftedLine(line)));
    const before = isOpen ? (now?.settings ?? {}) : read(line.before);
    const { id, target, seenVersion } = line;
    const lookUp = (lines: readonly RiskLine[]): EffectiveSettings =>
      isOpen ? effectiveSettings(lines, subjectAt(line, place), objectAt(line, place)) : {};
    return {
      ...{ id, target, seenVersion, name: place.name, limitId: place.limit_id, version: place.version },
      needsSecond: isOpen && needsSecond(looseningOf(before, after), percent),
      settings: sheetSettings({
        ...{ before, after },
        inForce: lookUp(table),
        inherited: lookUp(withChange.filter(({ limitId }) => limitId !== id)),
        planned: lookUp(withChange),
      }),
    };
  });
}

interface Compared {
  /** What the line says now, and what it would say. */
  readonly before: RiskSettings;
  readonly after: RiskSettings;
  readonly inForce: EffectiveSettings;
  readonly inherited: EffectiveSettings;
  readonly planned: EffectiveSettings;
}

/** Every setting of which anything can be told, in the table's order. In a change that has ended only the line itself is compared. */
function sheetSettings({ before, after, inForce, inherited, planned }: Compared): SheetSetting[] {
  const [own, drafted] = [written(before), written(after)];
  const told = (found: EffectiveSettings) => new Map(toldSettings(found).map((one) => [one.name, one]));
  const [held, wider, would] = [told(inForce), told(inherited), told(planned)];
  return riskSettingNames.flatMap((name: RiskSetting): SheetSetting[] => {
    const [was, will] = [inForce[name]?.value ?? before[name], planned[name]?.value ?? after[name]];
    if (was === undefined && will === undefined && !wider.has(name)) return [];
    return [
      {
        ...{ name, own: own[name] ?? null, drafted: drafted[name] ?? null, direction: directionOf(name, was, will) },
        ...{ inForce: held.get(name) ?? null, inherited: wider.get(name) ?? null, planned: would.get(name) ?? null },
      },
    ];
  });
}

/** A drafted line as if it were in force; agents and groups are named in its source. */
const namedLine = (line: ChangeLine, name: string | null): RiskLine => ({
  ...draftedLine(line),
  name: line.target.agentId !== null || line.target.groupId !== null ? name : null,
});

function read(settings: WrittenSettings): RiskSettings {
  const parsed = readSettings(settings);
  assert(parsed.ok, "a line of a risk change can't be read");
  return parsed.value;
}

/** Whom a line is about: everybody below it is meant, so of a group or partner only what holds for all of them is looked up. */
const subjectAt = ({ target }: ChangeLine, place: PlaceRow): RiskSubject => ({
  tenantId: target.tenantId ?? 0,
  traderId: target.traderId ?? "",
  groupId: place.group_id,
  agentLine: place.agent_line,
});

const objectAt = ({ target }: ChangeLine, { class_traded: assetClass }: PlaceRow): RiskObject | null =>
  assetClass === null ? null : { id: target.instrumentId ?? "", assetClass };

/** Where each drafted line stands: its name, its line in the table, whom and what it is about. */
async function placesOf(db: Knex, changeId: string): Promise<ReadonlyMap<string, PlaceRow>> {
  const { rows } = await db.raw<{ rows: PlaceRow[] }>(
    `SELECT c.id, coalesce(t.name, g.name, a.code, p.code) AS name, l.id AS limit_id, coalesce(l.version, 0) AS version,
       coalesce(c.group_id, CASE WHEN t.id IS NOT NULL THEN coalesce(t.group_id, (SELECT d.id FROM trader_groups d WHERE d.is_default)) END)
         AS group_id,
       coalesce(a.line, own.line, '{}')::text[] AS agent_line, coalesce(c.asset_class, i.asset_class) AS class_traded
     FROM risk_change_lines c
     LEFT JOIN risk_limits l ON (l.scope, l.tenant_id, l.agent_id, l.group_id, l.trader_id, l.instrument_id, l.asset_class)
       IS NOT DISTINCT FROM (c.scope, c.tenant_id, c.agent_id, c.group_id, c.trader_id, c.instrument_id, c.asset_class)
     LEFT JOIN traders t ON t.id = c.trader_id LEFT JOIN agents own ON own.id = t.agent_id
     LEFT JOIN agents a ON a.id = c.agent_id LEFT JOIN trader_groups g ON g.id = c.group_id
     LEFT JOIN partners p ON p.id = c.tenant_id LEFT JOIN instruments i ON i.id = c.instrument_id
     WHERE c.change_id = ?`,
    [changeId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What is in force now at every place but the traders', and at those that the change is about. */
async function tableAt(db: Knex, drafted: readonly ChangeLine[]): Promise<readonly RiskLine[]> {
  const traders = [...new Set(drafted.flatMap(({ target }) => target.traderId ?? []))];
  const { rows } = await db.raw<{ rows: LineRow[] }>(
    `SELECT l.id, l.scope, l.tenant_id, l.agent_id, coalesce(a.code, g.name) AS name, l.group_id, l.trader_id, l.instrument_id, l.asset_class,
       v.version, v.id AS version_id, v.settings::text AS settings
     FROM risk_limits l
     CROSS JOIN LATERAL (SELECT v.id, v.version, v.settings FROM risk_limit_versions v
       WHERE v.limit_id = l.id AND v.effective_at <= clock_timestamp() ORDER BY v.version DESC LIMIT 1) v
     LEFT JOIN agents a ON a.id = l.agent_id LEFT JOIN trader_groups g ON g.id = l.group_id
     WHERE v.settings <> '{}' AND (l.scope NOT IN ('trader', 'self') OR l.trader_id = ANY (?::uuid[]))`,
    [traders],
  );
  return rows.map(toLine);
}

/** The rehearsals that played exactly these lines: one that is set anew is another line. */
async function rehearsalsOf(db: Knex, changeId: string, drafted: readonly ChangeLine[]): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `SELECT r.id FROM risk_rehearsals r WHERE r.change_id = ? AND ARRAY(
       SELECT line ->> 'id' FROM jsonb_array_elements(r.lines) AS line ORDER BY 1) = ARRAY(SELECT id FROM unnest(?::text[]) AS id ORDER BY 1)`,
    [changeId, drafted.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}
