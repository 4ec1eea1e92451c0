import type { Knex } from "knex";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { LossRuleFault } from "#contracts/loss-names.ts";
import type { OwnLimits, OwnLimitsReply } from "#contracts/own-limits-api.ts";
import type { OwnLossAction } from "#contracts/own-names.ts";
import { ownSettings } from "#contracts/own-names.ts";
import { type LossRule, type LossRuleCell, parseLossRule, writeLossRule } from "#core/loss-rule.ts";
import { heldAtOnce } from "#core/own-limits.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { type RiskSettings, readSettings, type WrittenSettings, writeSetting } from "#core/risk-settings.ts";
import type { WindowProblem } from "#core/trading-window.ts";
import type { Transact, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { insertLine, type LineTarget, lockLine, saveVersion } from "../risk/index.ts";
import { lockAccounts, traderActor } from "../trading/index.ts";

export interface OwnLimitsPorts {
  readonly transact: Transact;
  readonly readDb: Knex;
  readonly announce: (announcement: Announcement) => void;
}

/** By field what is wrong with it, as the risk table's settings and rules have it. */
export type OwnLimitsRefusal =
  | { readonly code: "LIMIT_INVALID"; readonly problems: Readonly<Record<string, OwnLimitProblem>> }
  | { readonly code: "TOO_MANY_CHANGES" };
export type OwnLimitProblem = WindowProblem | LossRuleFault | "unknown-name" | "negative" | "too-large";

export interface OwnLimitsCommands {
  readonly read: (trader: TraderIdentity) => Promise<OwnLimitsReply>;
  readonly set: (trader: TraderIdentity, wanted: OwnLimits) => Promise<Result<OwnLimitsReply, OwnLimitsRefusal>>;
}

/** Versions that a trader may write in a day: tightening, and taking back what waits, writes one, loosening two. */
const versionsADay = 40;

/**
 * Limits that a trader sets for himself: a line of the risk table of scope `self`, beside those of the house; the stricter holds. What is
 * stricter than before holds at once, behind the locks of his accounts; what is looser holds after a delay, as a version that is still to
 * come. Whatever he asks for next takes its place; the same again changes nothing, nor begins the waiting anew.
 */
export const openOwnLimits = ({ transact, readDb, announce }: OwnLimitsPorts): OwnLimitsCommands => ({
  read: (trader) => readOwnLimits(readDb, trader),
  set: (trader, wanted) =>
    transact(traderActor(trader), async (work) => {
      const known = await loadClasses(work.db, wanted.allowed ?? []);
      const read = readWanted(wanted, known);
      if (!read.ok) return refuse({ code: "LIMIT_INVALID", problems: read.refusal });
      const accountIds = await lockOwn(work.db, trader);
      const saved = await save(work, trader, read.value, known);
      if (!saved.ok) return saved;
      work.afterCommit(() => {
        // The loss watch weighs them anew, and his windows ask for what binds him.
        if (saved.value) for (const accountId of accountIds) announce({ kind: "settled", accountId, orderIds: [] });
      });
      return ok(await readOwnLimits(work.db, trader));
    }),
});

/** The trader's row before his accounts: two changes of his wait for each other, and orders for both. */
async function lockOwn(db: Knex, { traderId }: TraderIdentity): Promise<readonly string[]> {
  await db.raw("SELECT id FROM traders WHERE id = ? FOR NO KEY UPDATE", [traderId]);
  const own: { id: string }[] = await db("accounts").where({ trader_id: traderId }).select("id");
  return [
    ...(
      await lockAccounts(
        db,
        own.map(({ id }) => id),
      )
    ).keys(),
  ];
}

/** Writes what holds at once and what holds later; false: nothing is other than before. */
async function save(
  work: Work,
  trader: TraderIdentity,
  wanted: RiskSettings,
  known: Classes,
): Promise<Result<boolean, OwnLimitsRefusal>> {
  const { db } = work;
  const target = targetOf(trader);
  const line = await lockLine(db, target);
  const later = line === null ? null : await laterOf(db, line.id);
  const inForce = parsed(line?.settings ?? {});
  const atOnce = heldAtOnce(inForce, wanted, (id) => known.get(id) ?? null);
  if (isSame(wanted, later === null ? inForce : parsed(later.settings))) return ok(false);
  const id = line?.id ?? (await insertLine(db, target));
  const { rows } = await db.raw<{ rows: { count: number; from: Date }[] }>(
    `SELECT (SELECT count(*)::int FROM risk_limit_versions WHERE limit_id = ? AND created_at > clock_timestamp() - interval '1 day') AS count,
       clock_timestamp() + make_interval(hours => own_limit_delay_hours) AS from FROM risk_policy`,
    [id],
  );
  const [policy] = rows;
  assert(policy !== undefined, "there is no risk policy");
  if (policy.count >= versionsADay) return refuse({ code: "TOO_MANY_CHANGES" });
  let version = line?.version ?? 0;
  const write = async (settings: RiskSettings, before: RiskSettings, from: Date | null): Promise<void> => {
    const now = { id, version, settings: toStored(before), target };
    const note = { isOwn: true, effectiveFrom: from?.toISOString() ?? null };
    const saved = await saveVersion(work, traderActor(trader), now, toStored(settings), note);
    assert(saved.ok, `own limits were refused: ${JSON.stringify(saved)}`);
    version = saved.value.version;
  };
  if (later !== null || !isSame(atOnce, inForce)) await write(atOnce, inForce, null);
  if (!isSame(atOnce, wanted)) await write(wanted, atOnce, policy.from);
  return ok(true);
}

async function readOwnLimits(db: Knex, trader: TraderIdentity): Promise<OwnLimitsReply> {
  const { rows } = await db.raw<{ rows: { hours: number; id: string | null; settings: WrittenSettings | null }[] }>(
    `SELECT p.own_limit_delay_hours AS hours, l.id, (SELECT v.settings FROM risk_limit_versions v
       WHERE v.limit_id = l.id AND v.effective_at <= clock_timestamp() ORDER BY v.version DESC LIMIT 1) AS settings
     FROM risk_policy p LEFT JOIN risk_limits l ON l.scope = 'self' AND l.trader_id = ?`,
    [trader.traderId],
  );
  const [row] = rows;
  assert(row !== undefined, "there is no risk policy");
  const later = row.id === null ? null : await laterOf(db, row.id);
  return {
    inForce: toOwnLimits(parsed(row.settings ?? {})),
    later:
      later === null ? null : { limits: toOwnLimits(parsed(later.settings)), from: later.effective_at.toISOString() },
    delayHours: row.hours,
  };
}

/** The newest version, while its time has not come. */
async function laterOf(db: Knex, lineId: string): Promise<{ settings: WrittenSettings; effective_at: Date } | null> {
  const { rows } = await db.raw<{ rows: { settings: WrittenSettings; effective_at: Date }[] }>(
    `SELECT v.settings, v.effective_at FROM risk_limits l JOIN risk_limit_versions v ON (v.limit_id, v.version) = (l.id, l.version)
     WHERE l.id = ? AND v.effective_at > clock_timestamp()`,
    [lineId],
  );
  return rows[0] ?? null;
}

/** Instrument -> its class, and class -> itself. */
type Classes = ReadonlyMap<string, string>;

async function loadClasses(db: Knex, names: readonly string[]): Promise<Classes> {
  if (names.length === 0) return new Map();
  const { rows } = await db.raw<{ rows: { name: string; class: string }[] }>(
    `SELECT id AS name, asset_class AS class FROM instruments WHERE id = ANY (?::text[])
     UNION SELECT asset_class, asset_class FROM instruments WHERE asset_class = ANY (?::text[])`,
    [[...names], [...names]],
  );
  return new Map(rows.map((row) => [row.name, row.class]));
}

function readWanted(
  wanted: OwnLimits,
  known: Classes,
): Result<RiskSettings, Readonly<Record<string, OwnLimitProblem>>> {
  const cell = ruleCell(wanted);
  const rule = cell === null ? null : parseLossRule("own-daily-loss", cell);
  if (rule?.ok === false)
    return refuse(Object.fromEntries(rule.refusal.map(({ field, fault }) => [`dailyLoss.${field}`, fault])));
  if ((wanted.allowed ?? []).some((name) => !known.has(name))) return refuse({ allowed: "unknown-name" });
  const read = readSettings({ ...wanted, dailyLoss: cell });
  return read.ok ? read : refuse({ [read.refusal.field]: read.refusal.problem as OwnLimitProblem });
}

const targetOf = ({ tenantId, traderId }: TraderIdentity): LineTarget => ({
  ...{ scope: "self", tenantId, traderId },
  ...{ agentId: null, groupId: null, instrumentId: null, assetClass: null },
});

/** As a cell of the table: counted from what is booked at its time, open results included. */
const ruleCell = ({ dailyLoss }: OwnLimits): LossRuleCell | null =>
  dailyLoss === null ? null : { ...dailyLoss, unit: "money", base: "balance-at-reset", measure: "equity" };

function parsed(written: WrittenSettings): RiskSettings {
  const read = readSettings(written);
  assert(read.ok, `a trader's own limits can't be read: ${JSON.stringify(written)}`);
  return read.value;
}

const toStored = (settings: RiskSettings): WrittenSettings =>
  Object.fromEntries(
    ownSettings.flatMap((name) =>
      settings[name] === undefined ? [] : [[name, writeSetting(name, settings[name])] as const],
    ),
  );

const isSame = (one: RiskSettings, other: RiskSettings): boolean =>
  JSON.stringify(toStored(one)) === JSON.stringify(toStored(other));

/** The reverse of `readWanted`. */
function toOwnLimits(settings: RiskSettings): OwnLimits {
  const stored = toStored(settings) as Partial<OwnLimits>;
  return {
    ...{ maxLotsPerOrder: null, maxPositionLots: null, maxOrdersPerMinute: null, tradingWindows: null, allowed: null },
    ...stored,
    dailyLoss: settings.dailyLoss === undefined ? null : ownLoss(settings.dailyLoss),
  };
}

function ownLoss(rule: LossRule): NonNullable<OwnLimits["dailyLoss"]> {
  const { amount, resetTime, resetZone } = writeLossRule(rule);
  return { amount, resetTime, resetZone, action: rule.action as OwnLossAction };
}
