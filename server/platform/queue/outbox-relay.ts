import type { Knex } from "knex";
import type { Logger } from "pino";
import { listenTo } from "../db/listen.ts";
import { outboxChannel, type WrittenOutboxEntry } from "../db/unit-of-work.ts";
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
 * later. A process without a relay notifies with its rows' ids, and whichever relay is first takes them; whatever was left
 * behind (a crash, a Redis that was away) is swept up: less than a second after its commit, while the queue takes jobs.
 * A job may be put in twice, never not at all: handlers are idempotent.
 */
export function startOutboxRelay(options: RelayOptions): OutboxRelay {
  const { db, log, enqueue } = options;
  let done: bigint[] = [];
  let noticed = new Set<string>();
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
    const named = [...noticed];
    noticed = new Set();
    try {
      await forget();
      while ((await sweep(options, named)) === sweepMax && !isStopped);
    } catch (error) {
      log.warn({ err: error }, "outbox: this round failed, the next one tries again");
    }
  };

  const sweeping = repeat(sweepEveryMs, round);
  const listening = listenTo(db, outboxChannel, log, (payload) => {
    for (const id of payload.split(",")) if (/^\d+$/.test(id)) noticed.add(id);
    sweeping.wake();
  });

  return {
    hear,
    stop: async () => {
      isStopped = true;
      await listening.stop();
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

const due = "(created_at < clock_timestamp() - make_interval(secs => ?) OR id = ANY (?::bigint[]))";

/**
 * Puts stale and named rows into the queue and deletes those that went in; several relays share the work by skipping each other's
 * rows. Returns how many were handled; 0 also when the queue takes none, so that nobody goes on trying at once.
 */
async function sweep({ db, enqueue }: RelayOptions, named: readonly string[]): Promise<number> {
  const bindings = [sweepAfterMs / 1000, [...named]];
  const { rows: waiting } = await db.raw(`SELECT FROM outbox WHERE ${due} LIMIT 1`, bindings);
  if (waiting.length === 0) return 0;
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: Row[] }>(
      `SELECT id, job, payload FROM outbox WHERE ${due} ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED`,
      [...bindings, sweepMax],
    );
    const [first, ...others] = rows;
    if (first === undefined) return 0;
    // One feels the way: a queue that is away is not asked five hundred times.
    const ahead = await Promise.allSettled([enqueue(first.job, first.payload)]);
    const isAway = ahead[0]?.status === "rejected" && others.length > 0 && others[0]?.job === first.job;
    const rest = isAway ? [] : await Promise.allSettled(others.map((row) => enqueue(row.job, row.payload)));
    const results = [...ahead, ...rest];
    const gone = rows.filter((_row, index) => results[index]?.status === "fulfilled").map((row) => row.id.toString());
    await trx.raw("DELETE FROM outbox WHERE id = ANY (?::bigint[])", [gone]);
    const failed = results.find((result) => result.status === "rejected");
    if (gone.length === 0 && failed !== undefined) throw failed.reason;
    return gone.length === rows.length ? rows.length : 0;
  });
}
