import { createHash } from "node:crypto";
import type { Knex } from "knex";

/** How often a standby asks whether the leader is gone. */
const askEveryMs = 2_000;

interface RawConnection {
  query: (text: string, values: unknown[]) => Promise<{ rows: { locked: boolean }[] }>;
  on: (event: "error" | "end", hear: () => void) => void;
  off: (event: "error" | "end", hear: () => void) => void;
}

export interface Leadership {
  /** Aborted when the lock is lost with its connection: another process may lead from then on. */
  readonly lost: AbortSignal;
  readonly release: () => Promise<void>;
}

/**
 * Waits until this process leads `name`: one session-level advisory lock, held on a connection of its own. Null when
 * `signal` came first. A former leader that has not noticed yet is stopped by the primary key of quotes.
 */
export async function becomeLeader(db: Knex, name: string, signal: AbortSignal): Promise<Leadership | null> {
  const key = createHash("sha256").update(`truewick feed ${name}`).digest().readBigInt64BE(0).toString();
  while (!signal.aborted) {
    const connection: RawConnection = await db.client.acquireConnection();
    let isLocked = false;
    try {
      const { rows } = await connection.query("SELECT pg_try_advisory_lock($1::bigint) AS locked", [key]);
      isLocked = rows[0]?.locked === true;
    } finally {
      // One that is kept when the server goes away would be missing from the pool, which then could never be closed.
      if (!isLocked) await db.client.releaseConnection(connection);
    }
    if (isLocked) return holding(db, connection, key);
    await pause(askEveryMs, signal);
  }
  return null;
}

function holding(db: Knex, connection: RawConnection, key: string): Leadership {
  const lost = new AbortController();
  const gone = (): void => lost.abort();
  connection.on("error", gone);
  connection.on("end", gone);
  return {
    lost: lost.signal,
    release: async () => {
      connection.off("error", gone);
      connection.off("end", gone);
      try {
        if (!lost.signal.aborted) await connection.query("SELECT pg_advisory_unlock($1::bigint) AS locked", [key]);
      } finally {
        await db.client.releaseConnection(connection);
      }
    },
  };
}

/** Resolves after `ms`, or at once when the signal comes. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
