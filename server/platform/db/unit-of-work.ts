import type { Knex } from "knex";
import { openPrepared, prepared } from "./prepared.ts";

/** A job promised by a transaction; the relay puts it into the queue. Payloads carry ids only. */
export interface OutboxEntry {
  readonly job: string;
  readonly payload: Record<string, unknown>;
}

/** An outbox row as it was committed. */
export interface WrittenOutboxEntry extends OutboxEntry {
  readonly id: bigint;
}

/** Who acts, for the audit log and row scopes. */
export interface Actor {
  readonly kind: "staff" | "trader" | "system";
  readonly id: string | null;
  readonly name: string;
  readonly role: string | null;
  readonly tenantId: number | null;
  readonly ip: string | null;
  readonly traceId: string | null;
}

export const systemActor: Actor = {
  kind: "system",
  id: null,
  name: "system",
  role: null,
  tenantId: null,
  ip: null,
  traceId: null,
};

export interface AuditEntry {
  readonly action: string;
  readonly resource: string;
  readonly objectId: string | null;
  readonly tenantId?: number | null;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
}

/** One transaction: what is read and written through `db`, promised to `outbox`, and told after the commit. */
export interface Work {
  readonly db: Knex.Transaction;
  readonly outbox: (job: string, payload: Record<string, unknown>) => void;
  readonly audit: (entry: AuditEntry) => void;
  readonly afterCommit: (tell: () => void) => void;
}

export type Transact = <T>(actor: Actor, run: (work: Work) => Promise<T>) => Promise<T>;

/** Serialization failure, deadlock, lock timeout: the transaction had no effect and may be tried again. */
const retryable = new Set(["40001", "40P01", "55P03"]);
const attemptsMax = 5;

/** Where a process without a relay of its own says which outbox rows it has just committed: ids, comma-separated. */
export const outboxChannel = "truewick_outbox";
/** A notice holds fewer than 8,000 bytes; rows that are not named in it wait for the sweep. */
const noticedMax = 300;

/**
 * Runs a command in one transaction: its outbox and audit rows are written with it, its announcements are made only
 * after the commit. Deadlocks are retried with jitter, at most `attemptsMax` times.
 * `onOutbox` hears of promised jobs after the commit (the fast path past the relay). Without it the relays of other
 * processes are woken by NOTIFY, which costs the commit a lock that all databases of the server share (decision 0011).
 */
export function transactor(db: Knex, onOutbox?: (entries: readonly WrittenOutboxEntry[]) => void): Transact {
  const once = async <T>(actor: Actor, run: (work: Work) => Promise<T>): Promise<T> => {
    const promised: OutboxEntry[] = [];
    const audits: AuditEntry[] = [];
    const announcements: (() => void)[] = [];
    let written: readonly WrittenOutboxEntry[] = [];
    const result = await db.transaction(async (trx) => {
      await openPrepared(trx);
      const value = await run({
        db: trx,
        outbox: (job, payload) => promised.push({ job, payload }),
        audit: (entry) => audits.push(entry),
        afterCommit: (tell) => announcements.push(tell),
      });
      await writeAudit(trx, actor, audits);
      written = await writeOutbox(trx, promised);
      if (onOutbox === undefined && written.length > 0) await notify(trx, written);
      return value;
    });
    for (const tell of announcements) tell();
    if (written.length > 0) onOutbox?.(written);
    return result;
  };
  return async (actor, run) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(actor, run);
      } catch (error) {
        const code = (error as { code?: string }).code ?? "";
        if (!retryable.has(code) || attempt >= attemptsMax) throw error;
        await new Promise((resolve) => setTimeout(resolve, attempt * 5 * (1 + Math.random())));
      }
    }
  };
}

async function writeOutbox(
  trx: Knex.Transaction,
  entries: readonly OutboxEntry[],
): Promise<readonly WrittenOutboxEntry[]> {
  if (entries.length === 0) return [];
  return prepared<WrittenOutboxEntry>(
    trx,
    "INSERT INTO outbox (job, payload) SELECT * FROM unnest(?::text[], ?::jsonb[]) RETURNING id, job, payload",
    [entries.map((entry) => entry.job), entries.map((entry) => JSON.stringify(entry.payload))],
  );
}

async function notify(trx: Knex.Transaction, written: readonly WrittenOutboxEntry[]): Promise<void> {
  const ids = written.slice(0, noticedMax).map((entry) => entry.id.toString());
  await trx.raw("SELECT pg_notify(?, ?)", [outboxChannel, ids.join(",")]);
}

async function writeAudit(trx: Knex.Transaction, actor: Actor, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await trx("audit_log").insert(
    entries.map((entry) => ({
      tenant_id: entry.tenantId === undefined ? actor.tenantId : entry.tenantId,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      role: actor.role,
      ip: actor.ip,
      trace_id: actor.traceId,
      action: entry.action,
      resource: entry.resource,
      object_id: entry.objectId,
      before: entry.before === undefined ? null : toJson(entry.before),
      after: entry.after === undefined ? null : toJson(entry.after),
      reason: entry.reason ?? null,
    })),
  );
}

/** JSON with bigints as strings. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? part.toString() : part));
