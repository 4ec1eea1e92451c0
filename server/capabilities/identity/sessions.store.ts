import type { Knex } from "knex";
import type { StaffIdentity, TraderIdentity } from "#contracts/identity.ts";
import { assert } from "#core/result.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { hashSecret, newSecret } from "../../platform/ids.ts";
import type { IdentityDeps, LoginFrom } from "./deps.ts";

/** Longest life of a session, used or not. */
export const sessionHoursMax = 8;
/** A staff session ends when it is not used for so long. */
export const staffIdleMinutes = 15;
/** How stale `last_seen_at` may be, so that not every request is a write. */
const seenEverySeconds = 15;

export type SubjectKind = "staff" | "trader";

export interface OpenedSession {
  /** 256 bits; only its hash is stored. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Opens a session under a token of its own. */
export async function openSession(
  db: Knex,
  subject: { kind: SubjectKind; id: string },
  from: LoginFrom,
  now: Date,
): Promise<OpenedSession> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + sessionHoursMax * 3_600_000);
  await db("sessions").insert({
    token_hash: hashSecret(token),
    subject_kind: subject.kind,
    subject_id: subject.id,
    created_at: now,
    last_seen_at: now,
    expires_at: expiresAt,
    ip: from.ip,
    user_agent: from.userAgent?.slice(0, 300) ?? null,
  });
  return { token, expiresAt };
}

/** Ends one session; the person it belonged to, or null when it had ended or never was. */
export async function endSession(db: Knex, token: string): Promise<{ kind: SubjectKind; id: string } | null> {
  const { rows } = await db.raw<{ rows: { subject_kind: SubjectKind; subject_id: string }[] }>(
    `UPDATE sessions SET revoked_at = clock_timestamp() WHERE token_hash = ? AND revoked_at IS NULL
     RETURNING subject_kind, subject_id`,
    [hashSecret(token)],
  );
  const row = rows[0];
  return row === undefined ? null : { kind: row.subject_kind, id: row.subject_id };
}

/** Ends all sessions of a person. */
export async function endSessionsOf(db: Knex, kind: SubjectKind, id: string): Promise<void> {
  await db("sessions")
    .where({ subject_kind: kind, subject_id: id, revoked_at: null })
    .update({ revoked_at: db.raw("clock_timestamp()") });
}

/** Token -> the trader, where it is a live session of an active trader of an active partner. */
export async function findTraders(
  db: Knex,
  tokens: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, TraderIdentity>> {
  const hashes = tokens.map((token) => hashSecret(token));
  const placeOf = new Map(hashes.map((hash, place) => [hash.toString("base64"), place]));
  const rows = await prepared<TraderIdentity & { tokenHash: Buffer }>(
    db,
    `SELECT s.token_hash AS "tokenHash", t.id AS "traderId", t.tenant_id AS "tenantId", t.name, s.expires_at AS "expiresAt",
       ARRAY(SELECT a.id FROM accounts a WHERE a.trader_id = t.id ORDER BY a.book DESC, a.created_at, a.id) AS "accountIds"
     FROM sessions s JOIN traders t ON t.id = s.subject_id JOIN partners p ON p.id = t.tenant_id
     WHERE s.token_hash = ANY (?::bytea[]) AND s.subject_kind = 'trader' AND s.revoked_at IS NULL AND s.expires_at > ?
       AND t.state = 'active' AND p.state = 'active'`,
    [hashes, now],
  );
  return new Map(
    rows.map(({ tokenHash, ...trader }) => {
      const token = tokens[placeOf.get(tokenHash.toString("base64")) ?? -1];
      assert(token !== undefined, "a session that was not asked for was found");
      return [token, trader];
    }),
  );
}

const staffColumns = `st.id AS "staffId", st.email, st.name, st.role, st.locale, st.tenant_id AS "tenantId", st.agent_id AS "agentId"`;
const staffIsActive = `st.state = 'active' AND NOT EXISTS (SELECT FROM partners p WHERE p.id = st.tenant_id AND p.state <> 'active')
  AND NOT EXISTS (SELECT FROM agents ag WHERE ag.id = st.agent_id AND ag.state <> 'active')`;

export interface FoundStaff {
  readonly identity: StaffIdentity;
  readonly expiresAt: Date;
}

/** The member of staff of a session that is live and was used lately. `isUse`: marks it as used now. */
export async function findStaff(db: Knex, token: string, now: Date, isUse: boolean): Promise<FoundStaff | null> {
  const hash = hashSecret(token);
  const idleSince = new Date(now.getTime() - staffIdleMinutes * 60_000);
  const { rows } = await db.raw<{ rows: (StaffIdentity & { expiresAt: Date; lastSeenAt: Date })[] }>(
    `SELECT ${staffColumns}, s.expires_at AS "expiresAt", s.last_seen_at AS "lastSeenAt"
     FROM sessions s JOIN staff st ON st.id = s.subject_id
     WHERE s.token_hash = ? AND s.subject_kind = 'staff' AND s.revoked_at IS NULL AND s.expires_at > ? AND s.last_seen_at > ?
       AND ${staffIsActive}`,
    [hash, now, idleSince],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { expiresAt, lastSeenAt, ...identity } = row;
  if (isUse && now.getTime() - lastSeenAt.getTime() > seenEverySeconds * 1000)
    await db("sessions").where({ token_hash: hash }).update({ last_seen_at: now });
  return { identity, expiresAt };
}

/** The member of staff an API key was made for; keys live until they are revoked, so `expiresAt` only bounds caches. */
export async function findStaffOfKey(db: Knex, key: string, now: Date): Promise<FoundStaff | null> {
  const { rows } = await db.raw<{ rows: StaffIdentity[] }>(
    `SELECT ${staffColumns} FROM api_keys k JOIN staff st ON st.id = k.staff_id
     WHERE k.key_hash = ? AND k.revoked_at IS NULL AND ${staffIsActive}`,
    [hashSecret(key)],
  );
  const identity = rows[0];
  if (identity === undefined) return null;
  return { identity, expiresAt: new Date(now.getTime() + sessionHoursMax * 3_600_000) };
}

/** How long an ended session stays, for whoever asks what happened. */
const endedKeptDays = 30;

/** Deletes sessions that ended long ago and ids of dead partner tokens. */
export async function sweepSessions({ db, clock }: Pick<IdentityDeps, "db" | "clock">): Promise<void> {
  const now = clock.now();
  const before = new Date(now.getTime() - endedKeptDays * 86_400_000);
  await db("sessions").where("expires_at", "<", before).orWhere("revoked_at", "<", before).delete();
  await db("partner_token_uses").where("expires_at", "<", now).delete();
}
