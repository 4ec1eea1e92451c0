import type { Knex } from "knex";
import type { Logger } from "pino";

/** The pg client under Knex, as far as it is used here. */
interface RawConnection {
  readonly query: (text: string) => Promise<unknown>;
  readonly on: {
    (event: "notification", hear: (notice: { payload?: string }) => void): void;
    (event: "error" | "end", hear: () => void): void;
  };
  readonly end: () => Promise<void>;
}

export interface Listening {
  readonly stop: () => Promise<void>;
}

const reconnectMs = { first: 50, max: 2_000 };

/**
 * Hears NOTIFY on a channel over a connection of its own, which is opened again when it is lost. What is said meanwhile is missed:
 * whoever listens looks from time to time all the same. `channel` is a constant of ours, never an input.
 */
export function listenTo(
  db: Knex,
  channel: string,
  log: Pick<Logger, "warn">,
  hear: (payload: string) => void,
): Listening {
  const ending = new AbortController();
  let connection: RawConnection | null = null;

  const once = async (): Promise<void> => {
    const opened: RawConnection = await db.client.acquireRawConnection();
    connection = opened;
    const lost = new Promise<void>((resolve) => {
      opened.on("error", resolve);
      opened.on("end", resolve);
    });
    opened.on("notification", ({ payload = "" }) => hear(payload));
    try {
      if (ending.signal.aborted) return;
      await opened.query(`LISTEN ${channel}`);
      await lost;
    } finally {
      connection = null;
      await opened.end().catch(() => undefined);
    }
  };

  const running = (async () => {
    for (let delayMs = reconnectMs.first; !ending.signal.aborted; ) {
      const begun = performance.now();
      await once().catch((error: unknown) => log.warn({ err: error, channel }, "listening to the database failed"));
      // A connection that held for a while was a good one: the next try comes at once again.
      const isFresh = performance.now() - begun > reconnectMs.max;
      delayMs = isFresh ? reconnectMs.first : Math.min(delayMs * 2, reconnectMs.max);
      await rest(delayMs * (0.5 + Math.random() / 2), ending.signal);
    }
  })();

  return {
    stop: async () => {
      ending.abort();
      await connection?.end().catch(() => undefined);
      await running;
    },
  };
}

/** Waits, or ends at once with the signal; keeps no process alive. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
