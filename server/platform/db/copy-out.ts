import type { Duplex, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Knex } from "knex";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

const patienceMs = 600_000;

/**
 * Streams what a COPY ... TO STDOUT says, on a read-only connection of its own: a reader may take minutes, or leave in the middle, and
 * neither may touch the pool. PostgreSQL formats; this process only moves bytes. `open` is called with the first bytes, so that
 * an error before them can still be answered as one.
 */
export async function copyOut(db: Knex, sql: string, open: () => Writable): Promise<void> {
  const connection: pg.Client = await db.client.acquireRawConnection();
  try {
    await connection.query(`SET statement_timeout = ${patienceMs}; SET default_transaction_read_only = on`);
    const rows = connection.query(copyTo(sql));
    await firstBytes(rows);
    await pipeline(rows, open());
  } catch (error) {
    abandon(connection);
    throw error;
  }
  await connection.end();
}

/** Reads of one picture of the database. */
export interface SnapshotReader {
  /** `values` are bound to $1, $2, ... */
  readonly rows: <Row>(sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  /** Streams what a COPY ... TO STDOUT says through one stream into another, and tells how many rows it was. */
  readonly copy: (sql: string, through: Duplex, to: Writable) => Promise<bigint>;
}

/**
 * Several reads as of one moment, on a read-only connection of its own that may take minutes and that is thrown away when anything
 * fails: what is half read must not come back into the pool. Unless it is alone on the machine it takes one processor at a time.
 */
export async function inSnapshot<Value>(
  db: Knex,
  read: (reader: SnapshotReader) => Promise<Value>,
  { isAlone = true } = {},
): Promise<Value> {
  const connection: pg.Client = await db.client.acquireRawConnection();
  try {
    const workers = isAlone ? "" : "SET max_parallel_workers_per_gather = 0; ";
    await connection.query(
      `SET statement_timeout = ${patienceMs}; SET work_mem = '64MB'; SET jit = off; ${workers}BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`,
    );
    const value = await read({
      rows: async (sql, values = []) => (await connection.query(sql, [...values])).rows,
      copy: async (sql, through, to) => {
        const rows = connection.query(copyTo(sql));
        await pipeline(rows, through, to);
        return BigInt(rows.rowCount);
      },
    });
    await connection.query("COMMIT");
    await connection.end();
    return value;
  } catch (error) {
    abandon(connection);
    throw error;
  }
}

/** Resolves when the first row (or the end) has come; rejects when the statement failed. */
function firstBytes(rows: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    rows.once("readable", resolve);
    rows.once("end", resolve);
    rows.once("error", reject);
  });
}

/** Ends a connection at once: PostgreSQL stops sending when there is nobody to send to. */
function abandon(connection: pg.Client): void {
  const { stream } = (connection as unknown as { connection: { stream: { destroy: () => void } } }).connection;
  stream.destroy();
}
