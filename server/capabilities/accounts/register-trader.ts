import type { Locale } from "#contracts/names.ts";
import { isAcceptablePassword } from "#core/password.ts";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { type AccountsDeps, reaches } from "./deps.ts";
import { fund } from "./fund-account.ts";
import { openFor } from "./open-account.ts";

export interface NewTrader {
  readonly tenantId: number;
  readonly agentId?: string;
  /** Whose margin ladder he is on; absent: that of the default group. */
  readonly groupId?: string;
  readonly name: string;
  readonly locale?: Locale;
  /** E-mail and password: a trader who logs in with us. */
  readonly email?: string;
  /** In E.164, such as +8613800138000. */
  readonly phone?: string;
  readonly password?: string;
  /** The partner's own id of a trader who logs in with a partner token. */
  readonly externalRef?: string;
}

export type TraderRefusal =
  | "UNKNOWN_PARTNER"
  | "UNKNOWN_AGENT"
  | "PASSWORD_UNACCEPTABLE"
  | "EMAIL_TAKEN"
  | "EXTERNAL_REF_TAKEN";

/** What a new demo account is paid in, in minor units of USD: enough for some lots of every instrument. */
const demoDeposit = minorUnits(1_000_000n);

/** Registers a trader; accounts are opened separately. */
export const registerTrader =
  (deps: AccountsDeps) =>
  async (actor: Actor, trader: NewTrader): Promise<Result<{ id: string }, TraderRefusal>> => {
    if (trader.password !== undefined && !isAcceptablePassword(trader.password, [trader.email ?? "", trader.name]))
      return refuse("PASSWORD_UNACCEPTABLE");
    const passwordHash = trader.password === undefined ? null : await deps.hashPassword(trader.password);
    return deps.transact(actor, (work) => register(work, actor, trader, passwordHash));
  };

/**
 * Registers the trader a partner's token names, with a funded demo account: his first login. Refuses EXTERNAL_REF_TAKEN
 * when he exists, as after a race of two first logins.
 */
export const registerPartnerTrader =
  (deps: AccountsDeps) =>
  (
    actor: Actor,
    trader: { tenantId: number; externalRef: string; name: string; locale: Locale },
  ): Promise<Result<{ id: string }, TraderRefusal>> =>
    deps.transact(actor, async (work) => {
      const registered = await register(work, actor, trader, null);
      if (!registered.ok) return registered;
      const opened = await openFor(work, actor, { traderId: registered.value.id, book: "demo", currency: "USD" });
      assert(opened.ok, `a new trader's demo account was refused: ${opened.ok || opened.refusal}`);
      const funded = await fund(work, actor, {
        accountId: opened.value.id,
        amount: demoDeposit,
        reason: "demo account opened",
      });
      assert(funded.ok, `a new trader's demo deposit was refused: ${funded.ok || funded.refusal}`);
      return registered;
    });

async function register(
  { db, audit }: Work,
  actor: Actor,
  trader: NewTrader,
  passwordHash: string | null,
): Promise<Result<{ id: string }, TraderRefusal>> {
  const { tenantId, name, locale = "en", email = null, phone = null, externalRef = null } = trader;
  const { agentId = null, groupId = null } = trader;
  const partner = await db("partners").where({ id: tenantId }).first("id");
  if (partner === undefined || !reaches(actor, tenantId)) return refuse("UNKNOWN_PARTNER");
  if (agentId !== null) {
    const agent = await db("agents").where({ id: agentId, tenant_id: tenantId }).first("id");
    if (agent === undefined) return refuse("UNKNOWN_AGENT");
  }
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `INSERT INTO traders (tenant_id, agent_id, group_id, external_ref, email, phone, name, locale, password_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
    [tenantId, agentId, groupId, externalRef, email, phone, name, locale, passwordHash],
  );
  const id = rows[0]?.id;
  if (id === undefined) {
    const sameRef =
      externalRef !== null &&
      (await db("traders").where({ tenant_id: tenantId, external_ref: externalRef }).first("id"));
    return refuse(sameRef ? "EXTERNAL_REF_TAKEN" : "EMAIL_TAKEN");
  }
  audit({
    action: "create",
    resource: "traders",
    objectId: id,
    tenantId,
    after: { tenantId, agentId, groupId, externalRef, email, phone, name, locale },
  });
  return ok({ id });
}
