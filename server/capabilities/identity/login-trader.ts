import type { Locale } from "#contracts/names.ts";
import type { LoginReply, LoginRequest } from "#contracts/trading-api.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import type { IdentityDeps, LoginFrom } from "./deps.ts";
import { openSession } from "./sessions.store.ts";

/** Each is one answer for all its reasons: who asks must not learn which. */
export type TraderLoginRefusal = "LOGIN_REFUSED" | "PARTNER_TOKEN_REFUSED";

interface TraderRow {
  id: string;
  tenant_id: number;
  email: string | null;
  name: string;
  locale: Locale;
  password_hash: string | null;
  state: string;
}

/** Logs a trader in by e-mail and password, or by a token that his partner's backend has signed. */
export const loginTrader =
  (deps: IdentityDeps) =>
  async (request: LoginRequest, from: LoginFrom): Promise<Result<LoginReply, TraderLoginRefusal>> => {
    const isToken = "partnerToken" in request;
    const trader = isToken ? await byPartnerToken(deps, request.partnerToken) : await byPassword(deps, request);
    const isActive = trader !== null && trader.state === "active" && (await isPartnerActive(deps, trader.tenant_id));
    if (!isActive) return refuse(isToken ? "PARTNER_TOKEN_REFUSED" : "LOGIN_REFUSED");
    return ok(await logIn(deps, trader, from));
  };

async function byPassword(
  { db, passwords }: IdentityDeps,
  { email, password }: { email: string; password: string },
): Promise<TraderRow | null> {
  const trader = await db<TraderRow>("traders").whereRaw("lower(email) = lower(?)", [email]).first();
  const hash = trader?.password_hash ?? null;
  const matches = await passwords.matches(hash, password);
  if (trader === undefined || hash === null || !matches) return null;
  if (passwords.isOutdated(hash))
    await db("traders")
      .where({ id: trader.id })
      .update({ password_hash: await passwords.hash(password) });
  return trader;
}

/**
 * The trader a partner's token names: partner and subject together, so that no partner reaches another's traders. One seen
 * for the first time is registered. Other claims than the name are of no effect.
 */
async function byPartnerToken(deps: IdentityDeps, token: string): Promise<TraderRow | null> {
  const { db, clock, partnerTokens, audiences } = deps;
  const keyId = partnerTokens.keyIdOf(token);
  if (keyId === null) return null;
  const key = await db("partner_keys as k")
    .join("partners as p", "p.id", "k.tenant_id")
    .where({ "k.id": keyId, "k.state": "active", "p.state": "active" })
    .first("k.public_key_pem", "k.tenant_id");
  if (key === undefined) return null;
  const tenantId: number = key.tenant_id;
  const now = clock.now();
  const rules = { publicKeyPem: key.public_key_pem, issuer: String(tenantId), audiences, now };
  const claims = await partnerTokens.read(token, rules);
  if (claims === null || !(await spendToken(deps, tenantId, claims.tokenId, claims.deadAt))) return null;
  const externalRef = claims.subject;
  const find = async (): Promise<TraderRow | null> =>
    (await db<TraderRow & { external_ref: string }>("traders")
      .where({ tenant_id: tenantId, external_ref: externalRef })
      .first()) ?? null;
  const known = await find();
  if (known !== null) return known;
  // A refusal here means that another first login was faster: the trader is there now.
  await deps.registerPartnerTrader(systemActor, {
    tenantId,
    externalRef,
    name: claims.name ?? externalRef,
    locale: "en",
  });
  return find();
}

/** True for the first use of a token id. Ids of dead tokens are swept on the way. */
async function spendToken({ db, clock }: IdentityDeps, tenantId: number, jti: string, deadAt: Date): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    "INSERT INTO partner_token_uses (tenant_id, jti, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    [tenantId, jti, deadAt],
  );
  await db("partner_token_uses").where({ tenant_id: tenantId }).where("expires_at", "<", clock.now()).delete();
  return rowCount === 1;
}

async function isPartnerActive({ db }: IdentityDeps, tenantId: number): Promise<boolean> {
  return (await db("partners").where({ id: tenantId, state: "active" }).first("id")) !== undefined;
}

async function logIn(deps: IdentityDeps, trader: TraderRow, from: LoginFrom): Promise<LoginReply> {
  const actor = {
    kind: "trader",
    id: trader.id,
    name: trader.name,
    role: null,
    tenantId: trader.tenant_id,
    ip: from.ip,
    traceId: from.traceId,
  } as const;
  const session = await deps.transact(actor, async (work) => {
    work.audit({ action: "login", resource: "traders", objectId: trader.id });
    return openSession(work.db, { kind: "trader", id: trader.id }, from, deps.clock.now());
  });
  const accounts = await deps
    .db("accounts")
    .where({ trader_id: trader.id })
    .orderBy([{ column: "book", order: "desc" }, { column: "created_at" }, { column: "id" }])
    .select("id", "book", "currency");
  return {
    accessToken: session.token,
    expiresAt: session.expiresAt.toISOString(),
    trader: { id: trader.id, name: trader.name, email: trader.email, locale: trader.locale },
    accounts,
  };
}
