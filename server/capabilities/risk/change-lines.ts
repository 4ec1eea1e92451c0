import type { Knex } from "knex";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { WrittenSettings } from "#core/risk-settings.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type LimitRefusal, type LineTarget, lockLine, readPlaced, targetValues } from "./write-limits.ts";

/** A line of a change as it is stored. */
export interface ChangeLine {
  readonly id: string;
  readonly target: LineTarget;
  /** Of the line when it was drafted; 0: there was none. */
  readonly seenVersion: number;
  readonly before: WrittenSettings;
  readonly settings: WrittenSettings;
}

export interface WantedLine {
  readonly changeId: string;
  readonly target: LineTarget;
  /** Settings that the line is to have; the others stay as the draft, or what is in force, has them. */
  readonly settings: WrittenSettings;
  /** Names of settings that the line no longer makes; "all": all of them. */
  readonly cleared: readonly string[];
}

type LineRefusal = LimitRefusal | { readonly code: "UNKNOWN_SETTING" | "UNKNOWN_LINE"; readonly field: string };

/** Sets a line of a draft whose row the caller has locked. What it saw of the table is noted, so that it is applied to nothing else. */
export async function setLine(work: Work, wanted: WantedLine): Promise<Result<{ id: string }, LineRefusal>> {
  const { changeId, target, cleared } = wanted;
  if (target.scope === "self") return refuse({ code: "OWN_LIMIT", field: "scope" });
  if (cleared.some((name) => name !== "all" && !isSetting(name)))
    return refuse({ code: "UNKNOWN_SETTING", field: "cleared" });
  const drafted = (await changeLines(work.db, changeId)).find((line) => isSameTarget(line.target, target));
  const line = await lockLine(work.db, target);
  const before = drafted?.before ?? line?.settings ?? {};
  const settings = merged(drafted?.settings ?? before, wanted);
  const read = readPlaced(settings, target);
  if (!read.ok) return refuse({ code: "SETTING_INVALID", field: read.refusal.field, problem: read.refusal.problem });
  if (JSON.stringify(sorted(settings)) === JSON.stringify(sorted(before)))
    return refuse({ code: "LINE_EMPTY", field: "maxLotsPerOrder" });
  if (drafted !== undefined) await work.db("risk_change_lines").where({ id: drafted.id }).delete();
  const id = newId();
  await work.db.raw(
    `INSERT INTO risk_change_lines (scope, tenant_id, agent_id, group_id, trader_id, instrument_id, asset_class, id, change_id, limit_id,
       seen_version, before, settings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)`,
    [
      ...targetValues(target),
      ...[id, changeId, line?.id ?? null, drafted?.seenVersion ?? line?.version ?? 0],
      ...[JSON.stringify(before), JSON.stringify(settings)],
    ],
  );
  work.audit({
    ...{ action: "set-line", resource: "risk-changes", objectId: changeId, tenantId: target.tenantId },
    ...{ before: drafted?.settings ?? before, after: { ...target, ...settings } },
  });
  return ok({ id });
}

/** Takes a line out of a draft whose row the caller has locked. */
export async function removeLine(
  work: Work,
  changeId: string,
  lineId: string,
): Promise<Result<null, { readonly code: "UNKNOWN_LINE"; readonly field: "lineId" }>> {
  const line = (await changeLines(work.db, changeId)).find(({ id }) => id === lineId);
  if (line === undefined) return refuse({ code: "UNKNOWN_LINE", field: "lineId" });
  await work.db("risk_change_lines").where({ id: lineId }).delete();
  work.audit({
    ...{ action: "remove-line", resource: "risk-changes", objectId: changeId, tenantId: line.target.tenantId },
    before: { ...line.target, ...line.settings },
  });
  return ok(null);
}

/** The lines of a change in one order everywhere, so that two that are applied at once wait for each other and do not deadlock. */
export async function changeLines(db: Knex, changeId: string): Promise<readonly ChangeLine[]> {
  const rows = await db("risk_change_lines")
    .where({ change_id: changeId })
    .orderBy(["scope", "tenant_id", "agent_id", "group_id", "trader_id", "instrument_id", "asset_class"]);
  return rows.map((row) => ({
    id: row.id,
    target: {
      scope: row.scope,
      tenantId: row.tenant_id,
      agentId: row.agent_id,
      groupId: row.group_id,
      traderId: row.trader_id,
      instrumentId: row.instrument_id,
      assetClass: row.asset_class,
    },
    seenVersion: row.seen_version,
    before: row.before,
    settings: row.settings,
  }));
}

function merged(from: WrittenSettings, { settings, cleared }: WantedLine): WrittenSettings {
  const kept = Object.entries(from).filter(([name]) => !cleared.includes("all") && !cleared.includes(name));
  const given = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(given) };
}

const isSetting = (name: string): name is RiskSetting => (riskSettingNames as readonly string[]).includes(name);

const isSameTarget = (one: LineTarget, other: LineTarget): boolean =>
  targetValues(one).every((value, place) => value === targetValues(other)[place]);

/** In the order of the names, as stored jsonb tells them in its own. */
const sorted = (settings: WrittenSettings): readonly unknown[] =>
  riskSettingNames.map((name) => JSON.stringify(settings[name] ?? null, (_key, part) => orderless(part)));

const orderless = (part: unknown): unknown =>
  typeof part === "object" && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part;
