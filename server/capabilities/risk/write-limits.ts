import type { Knex } from "knex";
import type { LimitScope } from "#contracts/names.ts";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { looseningOf, needsSecond } from "#core/risk-change.ts";
import {
  misplaced,
  type RiskSettings,
  readSettings,
  type SettingRefusal,
  type WrittenSettings,
} from "#core/risk-settings.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

/** For whom and for what a line of the risk table is. */
export interface LineTarget {
  readonly scope: LimitScope;
  readonly tenantId: number | null;
  readonly agentId: string | null;
  readonly groupId: string | null;
  readonly traderId: string | null;
  readonly instrumentId: string | null;
  readonly assetClass: string | null;
}

/** What a version is written with beside its settings. */
export interface VersionNote {
  /** ISO 8601; absent: from now on. */
  readonly effectiveFrom?: string | null;
  readonly reason?: string | null;
  /** Whoever approved it, where a second person had to; it needs none then. */
  readonly approver?: string;
  readonly changeId?: string;
  /** Written by the trader himself, whose limits nobody else touches and nobody approves. */
  readonly isOwn?: boolean;
}

export type LimitRefusal =
  | { readonly code: "SETTING_INVALID"; readonly field: RiskSetting; readonly problem: string }
  | {
      readonly code: "LINE_EXISTS" | "LINE_EMPTY" | "BEGINS_IN_THE_PAST" | "FOUR_EYES_NEEDED" | "OWN_LIMIT";
      readonly field: string;
    };

interface LineRow {
  id: string;
  version: number;
  settings: WrittenSettings | null;
}

/** Makes a line, or gives one that had been taken away new settings. */
export async function createLine(
  work: Work,
  actor: Actor,
  target: LineTarget,
  written: WrittenSettings,
  note: VersionNote,
): Promise<Result<{ id: string }, LimitRefusal>> {
  if (target.scope === "self") return refuse({ code: "OWN_LIMIT", field: "scope" });
  const line = await lockLine(work.db, target);
  if (line !== null && Object.keys(line.settings ?? {}).length > 0)
    return refuse({ code: "LINE_EXISTS", field: "scope" });
  const id = line?.id ?? (await insertLine(work.db, target));
  const saved = await saveVersion(
    work,
    actor,
    { id, version: line?.version ?? 0, settings: {}, target },
    written,
    note,
  );
  return saved.ok ? ok({ id }) : saved;
}

/** What a line is now, for its next version. */
export interface LineNow {
  readonly id: string;
  /** Of its newest version; 0: it has none. */
  readonly version: number;
  /** In force. */
  readonly settings: WrittenSettings;
  readonly target: LineTarget;
}

/**
 * Writes the next version of a line whose row the caller has locked. It takes the place of versions that were still to come. One that loosens
 * by more than the operator's threshold is refused unless a second person approved it.
 */
export async function saveVersion(
  work: Work,
  actor: Actor,
  line: LineNow,
  written: WrittenSettings,
  note: VersionNote,
): Promise<Result<{ version: number }, LimitRefusal>> {
  if (line.target.scope === "self" && note.isOwn !== true) return refuse({ code: "OWN_LIMIT", field: "scope" });
  const settings = withoutNothing(written);
  const read = readPlaced(settings, line.target);
  if (!read.ok) return refuse({ code: "SETTING_INVALID", field: read.refusal.field, problem: read.refusal.problem });
  const before = readSettings(line.settings);
  if (line.version === 0 && Object.keys(settings).length === 0)
    return refuse({ code: "LINE_EMPTY", field: "maxLotsPerOrder" });
  if (
    note.approver === undefined &&
    note.isOwn !== true &&
    before.ok &&
    needsSecond(looseningOf(before.value, read.value), await fourEyesAbove(work.db))
  )
    return refuse({ code: "FOUR_EYES_NEEDED", field: "scope" });
  const { rows } = await work.db.raw<{ rows: { past: boolean }[] }>(
    "SELECT ?::timestamptz <= clock_timestamp() AS past",
    [note.effectiveFrom ?? null],
  );
  if (rows[0]?.past === true) return refuse({ code: "BEGINS_IN_THE_PAST", field: "effectiveAt" });
  const version = line.version + 1;
  await work.db.raw(
    `INSERT INTO risk_limit_versions (id, limit_id, version, settings, before, effective_at, change_id, author_id, author, approver, reason)
     VALUES (?, ?, ?, ?::jsonb, ?::jsonb, coalesce(?::timestamptz, clock_timestamp()), ?, ?, ?, ?, ?)`,
    [
      newId(),
      line.id,
      version,
      JSON.stringify(settings),
      JSON.stringify(line.settings),
      note.effectiveFrom ?? null,
      note.changeId ?? null,
      actor.id,
      // Whom it is about says who he is, to those who may read his name.
      note.isOwn === true ? "trader" : actor.name,
      note.approver ?? null,
      note.reason ?? null,
    ],
  );
  await work
    .db("risk_limits")
    .where({ id: line.id })
    .update({ version, updated_at: work.db.raw("clock_timestamp()") });
  auditVersion(work, line, { settings, version }, note);
  return ok({ version });
}

function auditVersion(
  work: Work,
  line: LineNow,
  to: { settings: WrittenSettings; version: number },
  note: VersionNote,
): void {
  const changed = riskSettingNames.filter((name) => told(line.settings[name]) !== told(to.settings[name]));
  const pick = (settings: WrittenSettings) => Object.fromEntries(changed.map((name) => [name, settings[name] ?? null]));
  const isGone = Object.keys(to.settings).length === 0;
  const isNew = line.version === 0 || Object.keys(line.settings).length === 0;
  work.audit({
    action: isGone ? "delete" : isNew ? "create" : "update",
    resource: "risk-limits",
    objectId: line.id,
    tenantId: line.target.tenantId,
    ...(isNew ? {} : { before: { ...pick(line.settings), version: line.version } }),
    ...(isGone ? {} : { after: { ...pick(to.settings), ...(isNew ? line.target : {}), version: to.version } }),
    ...(note.reason ? { reason: note.reason } : {}),
  });
}

const told = (value: unknown): string => JSON.stringify(value ?? null);

/** Reads settings, and whether this line can carry them. */
export function readPlaced(settings: WrittenSettings, target: LineTarget): Result<RiskSettings, SettingRefusal> {
  const read = readSettings(settings);
  if (!read.ok) return read;
  const wrong = misplaced(read.value, target);
  return wrong === null ? read : refuse(wrong);
}

const withoutNothing = (settings: WrittenSettings): WrittenSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined));

/** Per cent above which a loosening waits for a second person; null: never. */
export async function fourEyesAbove(db: Knex): Promise<bigint | null> {
  const { rows } = await db.raw<{ rows: { percent: number | null }[] }>(
    "SELECT four_eyes_above_percent AS percent FROM risk_policy",
  );
  const percent = rows[0]?.percent ?? null;
  return percent === null ? null : BigInt(percent);
}

/** The line of exactly this target, with the settings in force; null: there is none yet. */
export async function lockLine(db: Knex, target: LineTarget): Promise<LineRow | null> {
  const { rows } = await db.raw<{ rows: LineRow[] }>(
    `SELECT l.id, l.version, (SELECT v.settings FROM risk_limit_versions v WHERE v.limit_id = l.id AND v.effective_at <= clock_timestamp()
       ORDER BY v.version DESC LIMIT 1) AS settings
     FROM risk_limits l WHERE (l.scope, l.tenant_id, l.agent_id, l.group_id, l.trader_id, l.instrument_id, l.asset_class)
       IS NOT DISTINCT FROM (?::text, ?::int, ?::uuid, ?::uuid, ?::uuid, ?::text, ?::text) FOR UPDATE OF l`,
    [...targetValues(target)],
  );
  return rows[0] ?? null;
}

export async function insertLine(db: Knex, target: LineTarget): Promise<string> {
  const id = newId();
  await db.raw(
    `INSERT INTO risk_limits (scope, tenant_id, agent_id, group_id, trader_id, instrument_id, asset_class, id, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
    [...targetValues(target), id],
  );
  return id;
}

/** As its columns stand: scope, partner, agent, group, trader, instrument, class. */
export const targetValues = (target: LineTarget) =>
  [
    target.scope,
    target.tenantId,
    target.agentId,
    target.groupId,
    target.traderId,
    target.instrumentId,
    target.assetClass,
  ] as const;
