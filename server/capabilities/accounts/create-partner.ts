import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { Knex } from "knex";
import { assert, ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { type AccountsDeps, reaches } from "./deps.ts";

export interface NewPartner {
  readonly code: string;
  readonly name: string;
  /** Exact origins (scheme, host, port) whose pages may embed the widget and call the trading API. */
  readonly origins: readonly string[];
}

/** A key pair of a partner's backend. The private half is shown once and stored nowhere. */
export interface PartnerKey {
  readonly keyId: string;
  readonly privateKeyPem: string;
}

export interface CreatedPartner extends PartnerKey {
  readonly id: number;
  readonly code: string;
}

export type PartnerRefusal = "PARTNER_CODE_INVALID" | "PARTNER_CODE_TAKEN" | "ORIGIN_INVALID";
const codeShape = /^[a-z][a-z0-9-]{1,39}$/;
/** No wildcards: an origin is compared as a whole. */
const hostShape = /^[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/;
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Makes a partner (tenant) with its first Ed25519 key. */
export const createPartner =
  (deps: AccountsDeps) =>
  (actor: Actor, partner: NewPartner): Promise<Result<CreatedPartner, PartnerRefusal>> =>
    deps.transact(actor, async (work) => {
      if (!codeShape.test(partner.code)) return refuse("PARTNER_CODE_INVALID");
      if (!partner.origins.every(isOrigin)) return refuse("ORIGIN_INVALID");
      const { rows } = await work.db.raw<{ rows: { id: number }[] }>(
        "INSERT INTO partners (code, name, origins) VALUES (?, ?, ?::text[]) ON CONFLICT DO NOTHING RETURNING id",
        [partner.code, partner.name, [...partner.origins]],
      );
      const id = rows[0]?.id;
      if (id === undefined) return refuse("PARTNER_CODE_TAKEN");
      const key = await addKey(work, id, partner.code);
      const { code, name, origins } = partner;
      work.audit({
        action: "create",
        resource: "partners",
        objectId: String(id),
        tenantId: id,
        after: { code, name, origins },
      });
      return ok({ id, code, ...key });
    });

/** An origin as browsers send it. Plain http only from the same machine, for development and the demo. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = url.protocol === "http:" && loopbackHosts.has(url.hostname);
  return url.origin === text && hostShape.test(url.hostname) && (url.protocol === "https:" || isPlain);
}

/** Lets pages of further origins embed the widget. Those that are allowed stay. */
export const allowOrigins =
  (deps: AccountsDeps) =>
  (
    actor: Actor,
    partnerId: number,
    origins: readonly string[],
  ): Promise<Result<null, "UNKNOWN_PARTNER" | "ORIGIN_INVALID">> =>
    deps.transact(actor, async ({ db, audit, afterCommit }) => {
      if (!origins.every(isOrigin)) return refuse("ORIGIN_INVALID");
      const partner = await db("partners").where({ id: partnerId }).forUpdate().first("origins");
      if (partner === undefined || !reaches(actor, partnerId)) return refuse("UNKNOWN_PARTNER");
      const after: string[] = [...new Set([...partner.origins, ...origins])];
      await db("partners")
        .where({ id: partnerId })
        .update({ origins: after, updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") });
      audit({
        action: "allow-origins",
        resource: "partners",
        objectId: String(partnerId),
        tenantId: partnerId,
        before: { origins: partner.origins },
        after: { origins: after },
      });
      afterCommit(() => deps.announce({ kind: "changed", resource: "partners", id: String(partnerId) }));
      return ok(null);
    });

/** A further key, so that a partner can change keys without a gap. */
export const addPartnerKey =
  (deps: AccountsDeps) =>
  (actor: Actor, partnerId: number): Promise<Result<PartnerKey, "UNKNOWN_PARTNER">> =>
    deps.transact(actor, async (work) => {
      const code = await codeOfPartner(work.db, partnerId);
      if (code === null || !reaches(actor, partnerId)) return refuse("UNKNOWN_PARTNER");
      return ok(await addKey(work, partnerId, code));
    });

/** Ends a partner's key: the next token signed with it is refused. Sessions it has opened live on. */
export const revokePartnerKey =
  (deps: AccountsDeps) =>
  (actor: Actor, partnerId: number, keyId: string): Promise<Result<null, "UNKNOWN_KEY">> =>
    deps.transact(actor, async (work) => {
      if (!reaches(actor, partnerId)) return refuse("UNKNOWN_KEY");
      const revoked = await work
        .db("partner_keys")
        .where({ id: keyId, tenant_id: partnerId, state: "active" })
        .update({ state: "revoked" });
      if (revoked === 0) return refuse("UNKNOWN_KEY");
      work.audit({
        action: "revoke-key",
        resource: "partners",
        objectId: String(partnerId),
        tenantId: partnerId,
        after: { keyId },
      });
      return ok(null);
    });

async function addKey(work: Work, tenantId: number, code: string): Promise<PartnerKey> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const keyId = `${code}-${randomBytes(6).toString("hex")}`;
  await work.db("partner_keys").insert({
    id: keyId,
    tenant_id: tenantId,
    public_key_pem: publicKey.export({ type: "spki", format: "pem" }),
  });
  work.audit({ action: "add-key", resource: "partners", objectId: String(tenantId), tenantId, after: { keyId } });
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" });
  assert(typeof privateKeyPem === "string", "a PEM export is not text");
  return { keyId, privateKeyPem };
}

async function codeOfPartner(db: Knex, id: number): Promise<string | null> {
  const row = await db("partners").where({ id }).first("code");
  return row?.code ?? null;
}
