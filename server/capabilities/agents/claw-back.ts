import type { ClawbackReason } from "#contracts/commission-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";

export interface Clawback {
  /** One commission, or all of a fill. */
  readonly of: { readonly commissionId: string } | { readonly fillId: string };
  readonly reasonCode: ClawbackReason;
  readonly note: string;
}

export type ClawbackRefusal = "NOTHING_TO_CLAW_BACK" | "CLAWBACK_TOO_LATE";

/** Longest that an agent has to reckon with it. */
const windowDays = 180;

/**
 * Takes commissions back: reversing rows on the book date of today, settled with the agent's next run. The original rows, and
 * what was paid for them, stay as they are. Each is taken back once.
 */
export async function clawBack(
  work: Work,
  actor: Actor,
  { of, reasonCode, note }: Clawback,
): Promise<Result<{ rows: number }, ClawbackRefusal>> {
  const { db, audit } = work;
  await awaitedByCompute(db, of, actor.tenantId);
  const [isOneSql, id] = "commissionId" in of ? ["c.id = ?", of.commissionId] : ["c.fill_id = ?", of.fillId];
  const { rows: found } = await db.raw<{ rows: { id: bigint; tenant_id: number; is_late: boolean }[] }>(
    `SELECT c.id, c.tenant_id, book_date_of(clock_timestamp()) - c.book_date > ? AS is_late FROM commissions c
     WHERE ${isOneSql} AND c.reverses IS NULL AND c.amount_minor > 0 AND (?::int IS NULL OR c.tenant_id = ?)
       AND NOT EXISTS (SELECT FROM commissions r WHERE r.reverses = c.id)`,
    [windowDays, id, actor.tenantId, actor.tenantId],
  );
  if (found.length === 0) return refuse("NOTHING_TO_CLAW_BACK");
  if (found.some((row) => row.is_late)) return refuse("CLAWBACK_TOO_LATE");
  const { rows } = await db.raw<{ rows: { id: bigint }[] }>(
    `INSERT INTO commissions (tenant_id, book_date, fill_id, agent_id, level, plan_version_id, rate, amount_minor, currency,
       currency_scale, reverses, reason_code, note, made_by)
     SELECT tenant_id, book_date_of(clock_timestamp()), fill_id, agent_id, level, plan_version_id, rate, -amount_minor, currency,
       currency_scale, id, ?, ?, ? FROM commissions WHERE id = ANY (?::bigint[]) ORDER BY id ON CONFLICT DO NOTHING RETURNING id`,
    [reasonCode, note, actor.name, found.map((row) => row.id.toString())],
  );
  if (rows.length === 0) return refuse("NOTHING_TO_CLAW_BACK");
  audit({
    action: "claw-back",
    resource: "commissionId" in of ? "commissions" : "commission-fills",
    objectId: id,
    tenantId: found[0]?.tenant_id ?? null,
    after: { reasonCode, rows: rows.length },
    reason: note,
  });
  return ok({ rows: rows.length });
}

/**
 * Held until the commit, as by everyone who dates a row that a computing run must see: else a clawback dated before the close could
 * become visible after its date was posted.
 */
async function awaitedByCompute(db: Work["db"], of: Clawback["of"], tenantId: number | null): Promise<void> {
  const [columnSql, id] = "commissionId" in of ? ["id", of.commissionId] : ["fill_id", of.fillId];
  await db.raw(
    `SELECT pg_advisory_xact_lock_shared(commission_history_lock(), t.tenant_id) FROM (
       SELECT DISTINCT tenant_id FROM commissions WHERE ${columnSql} = ? AND (?::int IS NULL OR tenant_id = ?)) t`,
    [id, tenantId, tenantId],
  );
}
