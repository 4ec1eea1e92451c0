import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor } from "../../platform/db/unit-of-work.ts";
import { type AccountsDeps, reaches } from "./deps.ts";

export interface NewAgent {
  readonly tenantId: number;
  /** The agent above; absent: a root of the partner's tree. */
  readonly parentId?: string;
  readonly code: string;
  readonly name: string;
  readonly email?: string;
}

export type AgentRefusal = "UNKNOWN_PARTNER" | "UNKNOWN_PARENT" | "AGENT_CODE_INVALID" | "AGENT_CODE_TAKEN";
const codeShape = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** Adds an agent (introducing broker) to a partner's tree. */
export const createAgent =
  (deps: AccountsDeps) =>
  (actor: Actor, agent: NewAgent): Promise<Result<{ id: string }, AgentRefusal>> =>
    deps.transact(actor, async ({ db, audit }) => {
      const partner = await db("partners").where({ id: agent.tenantId }).first("id");
      if (partner === undefined || !reaches(actor, agent.tenantId)) return refuse("UNKNOWN_PARTNER");
      if (!codeShape.test(agent.code)) return refuse("AGENT_CODE_INVALID");
      if (agent.parentId !== undefined) {
        const parent = await db("agents").where({ id: agent.parentId, tenant_id: agent.tenantId }).first("id");
        if (parent === undefined) return refuse("UNKNOWN_PARENT");
      }
      const { rows } = await db.raw<{ rows: { id: string }[] }>(
        "INSERT INTO agents (tenant_id, parent_id, code, name, email) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        [agent.tenantId, agent.parentId ?? null, agent.code, agent.name, agent.email ?? null],
      );
      const id = rows[0]?.id;
      if (id === undefined) return refuse("AGENT_CODE_TAKEN");
      const { tenantId, parentId = null, code, name, email = null } = agent;
      const after = { tenantId, parentId, code, name, email };
      audit({ action: "create", resource: "agents", objectId: id, tenantId, after });
      return ok({ id });
    });
