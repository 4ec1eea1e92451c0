import type { Knex } from "knex";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";

export interface AgentMove {
  readonly agentId: string;
  /** The agent above from now on; null: none, he becomes a root. */
  readonly parentId: string | null;
}

export type MoveRefusal = "UNKNOWN_AGENT" | "UNKNOWN_PARENT" | "AGENT_CYCLE" | "AGENT_THERE_ALREADY";

/** What a move would take with it. Nothing of it has happened. */
export interface MovePreview {
  readonly name: string;
  /** The line above, nearest first, before and after: who earns on orders accepted then. */
  readonly lineBefore: readonly string[];
  readonly lineAfter: readonly string[];
  /** The agent and all below him. */
  readonly agents: number;
  readonly traders: number;
  /** Orders that wait now. They keep the line of their acceptance: nobody gains or loses them by the move. */
  readonly openOrders: number;
  /** Commissions of his line that are computed and not yet paid; they stay with whom they were earned for. */
  readonly unpaidPayouts: number;
}

/** Who an actor may touch: the operator's own staff all, a partner's staff its own. */
type Reach = Pick<Actor, "tenantId">;

interface AgentRow {
  id: string;
  tenant_id: number;
  parent_id: string | null;
  name: string;
  line: string[];
}

/** Says what a move would do, or why it can't be. */
export async function previewMove(db: Knex, reach: Reach, move: AgentMove): Promise<Result<MovePreview, MoveRefusal>> {
  const decided = await decide(db, reach, move);
  if (!decided.ok) return decided;
  const { agent, parent } = decided.value;
  const { rows } = await db.raw<{ rows: { agents: number; traders: number; orders: number; payouts: number }[] }>(
    `WITH below AS (SELECT id FROM agents WHERE line @> ARRAY[?::uuid]), theirs AS (SELECT t.id FROM traders t JOIN below b ON b.id = t.agent_id)
     SELECT (SELECT count(*)::int FROM below) AS agents, (SELECT count(*)::int FROM theirs) AS traders,
       (SELECT count(*)::int FROM orders o JOIN accounts a ON a.id = o.account_id JOIN theirs t ON t.id = a.trader_id
         WHERE o.state IN ('accepted', 'working')) AS orders,
       (SELECT count(*)::int FROM commission_payouts p JOIN below b ON b.id = p.agent_id WHERE p.state <> 'paid') AS payouts`,
    [agent.id],
  );
  const names = await namesOf(db, [...agent.line, ...(parent?.line ?? [])]);
  const told = (line: readonly string[]): string[] => [...line].reverse().map((id) => names.get(id) ?? id);
  const [counts] = rows;
  return ok({
    name: agent.name,
    lineBefore: told(agent.line.slice(0, -1)),
    lineAfter: told(parent?.line ?? []),
    agents: counts?.agents ?? 0,
    traders: counts?.traders ?? 0,
    openOrders: counts?.orders ?? 0,
    unpaidPayouts: counts?.payouts ?? 0,
  });
}

/**
 * Puts an agent, and with him everybody below, under another agent. Orders accepted from now on count for the new line; the history
 * keeps both.
 */
export async function moveAgent(
  { db, audit }: Work,
  actor: Actor,
  { reason, ...move }: AgentMove & { readonly reason: string },
): Promise<Result<null, MoveRefusal>> {
  // Moves of one partner come one after the other: two at once could each be right and together make a circle.
  await db.raw("SELECT pg_advisory_xact_lock(hashtext('move-agent'))");
  const decided = await decide(db, actor, move);
  if (!decided.ok) return decided;
  const { agent } = decided.value;
  await db("agents")
    .where({ id: agent.id })
    .update({ parent_id: move.parentId, updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") });
  audit({
    action: "move",
    resource: "agents",
    objectId: agent.id,
    tenantId: agent.tenant_id,
    before: { parentId: agent.parent_id },
    after: { parentId: move.parentId },
    reason,
  });
  return ok(null);
}

async function decide(
  db: Knex,
  { tenantId }: Reach,
  { agentId, parentId }: AgentMove,
): Promise<Result<{ agent: AgentRow; parent: AgentRow | null }, MoveRefusal>> {
  const agent = await agentRow(db, agentId);
  if (agent === undefined || (tenantId !== null && agent.tenant_id !== tenantId)) return refuse("UNKNOWN_AGENT");
  const parent = parentId === null ? null : await agentRow(db, parentId);
  if (parent === undefined || (parent !== null && parent.tenant_id !== agent.tenant_id))
    return refuse("UNKNOWN_PARENT");
  if (parent?.line.includes(agent.id) === true) return refuse("AGENT_CYCLE");
  if (agent.parent_id === parentId) return refuse("AGENT_THERE_ALREADY");
  return ok({ agent, parent });
}

const agentRow = (db: Knex, id: string): Promise<AgentRow | undefined> =>
  db<AgentRow>("agents").where({ id }).first("id", "tenant_id", "parent_id", "name", "line");

async function namesOf(db: Knex, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db("agents")
    .whereIn("id", [...new Set(ids)])
    .select("id", "name");
  return new Map(rows.map((row) => [row.id, row.name]));
}
