import type { Knex } from "knex";
import type { Logger } from "pino";
import type { WrittenOutboxEntry } from "../db/unit-of-work.ts";
import { repeat } from "./repeat.ts";

export interface RelayOptions {
  readonly db: Knex;
  readonly log: Pick<Logger, "warn" | "error">;
  /** Puts a job of this name into its queue; rejects when it could not. */
  readonly enqueue: (job: string, payload: Record<string, unknown>) => Promise<void>;
}

export interface OutboxRelay {
  /** The fast path: entries whose transaction has just been committed by this process. */
  readonly hear: (entries: readonly WrittenOutboxEntry[]) => void;
  readonly stop: () => Promise<void>;
}

const sweepEveryMs = 250;
/** Younger rows are on the fast path of the process that wrote them. */
const sweepAfterMs = 500;
const sweepMax = 500;

/**
 * Carries promised jobs into the queue. Rows are put in at once by the process that committed them and deleted in bulk a moment
 * later; whatever was left behind (a crash, a Redis that was away) is swept up. A job may be put in twice, never
 * not at all: handlers are idempotent.
 */
export function startOutboxRelay(options: RelayOptions): OutboxRelay {
  const { db, log, enqueue } = options;
  let done: bigint[] = [];
  let isStopped = false;

  const hear = (entries: readonly WrittenOutboxEntry[]): void => {
    for (const entry of entries)
      enqueue(entry.job, entry.payload).then(
        () => done.push(entry.id),
        (error: unknown) => log.warn({ err: error, job: entry.job }, "outbox: left for the sweep"),
      );
  };

  const forget = async (): Promise<void> => {
    const ids = done.splice(0);
    if (ids.length === 0) return;
    try {
      await db.raw("DELETE FROM outbox WHERE id = ANY (?::bigint[])", [ids.map(String)]);
    } catch (error) {
      done = [...ids, ...done];
      throw error;
    }
  };

  const round = async (): Promise<void> => {
    try {
      await forget();
      while ((await sweep(db, enqueue)) === sweepMax && !isStopped);
    } catch (error) {
      log.warn({ err: error }, "outbox: this round failed, the next one tries again");
    }
  };

  const sweeping = repeat(sweepEveryMs, round);

  return {
    hear,
    stop: async () => {
      isStopped = true;
      await sweeping.stop();
      await forget().catch((error: unknown) =>
        log.warn({ err: error }, "outbox: dispatched rows stay, and go out again"),
      );
    },
  };
}

interface Row {
  id: bigint;
  job: string;
  payload: Record<string, unknown>;
}

/** Puts stale rows into the queue and deletes them; several relays share the work by skipping each other's rows. */
async function sweep(db: Knex, enqueue: RelayOptions["enqueue"]): Promise<number> {
  const seconds = sweepAfterMs / 1000;
  const { rows: waiting } = await db.raw(
    "SELECT 1 FROM outbox WHERE created_at < clock_timestamp() - make_interval(secs => ?) LIMIT 1",
    [seconds],
  );
  if (waiting.length === 0) return 0;
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: Row[] }>(
      `SELECT id, job, payload FROM outbox WHERE created_at < clock_timestamp() - make_interval(secs => ?)
       ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`,
      [seconds, sweepMax],
    );
    await Promise.all(rows.map((row) => enqueue(row.job, row.payload)));
    await trx.raw("DELETE FROM outbox WHERE id = ANY (?::bigint[])", [rows.map((row) => row.id.toString())]);
    return rows.length;
  });
}
