import type { Knex } from "knex";
import type { CommissionSkip } from "#contracts/commission-names.ts";

/** Who looks: of the whole house, of a partner, or of an agent's line. */
export interface WaterfallViewer {
  readonly role: string;
  readonly tenantId: number | null;
  readonly agentId: string | null;
}

export interface SeenFill {
  tenant_id: number;
  book: string;
  book_date: string;
  /** As booked; null: its date is not computed yet. */
  house_minor: bigint | null;
}

/** The agent whose line the viewer is held to; null: none, he sees all of his partner's. */
export const lineOf = ({ role, agentId }: WaterfallViewer): string | null => (role === "agent" ? agentId : null);

/**
 * A fill, if the viewer may know of it. An agent's staff may when its trader is of their line now, or when somebody of their line
 * has a commission of it: what was earned before a move stays theirs to see.
 */
export async function seenFill(db: Knex, viewer: WaterfallViewer, fillId: bigint): Promise<SeenFill | undefined> {
  const line = lineOf(viewer);
  if (viewer.role === "agent" && (line === null || viewer.tenantId === null)) return undefined;
  const { rows } = await db.raw<{ rows: SeenFill[] }>(
    `SELECT f.tenant_id, f.book, coalesce(w.book_date, book_date_of(f.filled_at))::text AS book_date, w.house_minor
     FROM fills f JOIN traders t ON t.id = f.trader_id LEFT JOIN agents a ON a.id = t.agent_id
       LEFT JOIN commission_fills w ON w.fill_id = f.id
     WHERE f.id = ? AND (?::int IS NULL OR f.tenant_id = ?::int) AND (?::uuid IS NULL OR a.line @> ARRAY[?::uuid] OR EXISTS (
       SELECT FROM commissions c JOIN agents g ON g.id = c.agent_id WHERE c.fill_id = f.id AND c.reverses IS NULL AND g.line @> ARRAY[?::uuid]))`,
    [fillId.toString(), viewer.tenantId, viewer.tenantId, line, line, line],
  );
  return rows[0];
}

export interface BookedLevel {
  level: number;
  agent_id: string;
  amount_minor: bigint;
  why: CommissionSkip | null;
  /** Zero or negative. */
  taken_back_minor: bigint;
}

/** What was booked of a fill, by level. */
export async function bookedLevels(db: Knex, fillId: bigint): Promise<ReadonlyMap<number, BookedLevel>> {
  const { rows } = await db.raw<{ rows: BookedLevel[] }>(
    `SELECT c.level, c.agent_id, c.amount_minor, c.why,
       coalesce((SELECT sum(r.amount_minor) FROM commissions r WHERE r.reverses = c.id), 0)::bigint AS taken_back_minor
     FROM commissions c WHERE c.fill_id = ? AND c.reverses IS NULL ORDER BY c.level`,
    [fillId.toString()],
  );
  return new Map(rows.map((row) => [row.level, row]));
}

/** Names of those agents that the viewer may know: an agent's staff know their own line and below. */
export async function knownNames(
  db: Knex,
  viewer: WaterfallViewer,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const line = lineOf(viewer);
  const { rows } = await db.raw<{ rows: { id: string; name: string }[] }>(
    "SELECT id, name FROM agents WHERE id = ANY (?::uuid[]) AND (?::uuid IS NULL OR line @> ARRAY[?::uuid])",
    [[...agentIds], line, line],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** How a plan's version is called. */
export async function versionName(db: Knex, versionId: string): Promise<{ name: string; version: number } | undefined> {
  return db("commission_plan_versions as v")
    .join("commission_plans as p", "p.id", "v.plan_id")
    .where({ "v.id": versionId })
    .first("p.name", "v.version");
}
