import { createHash } from "node:crypto";
import type { Knex } from "knex";

/** The pg client of a transaction, as far as it is used here. */
interface RawConnection {
  readonly query: (query: { name: string; text: string; values: unknown[] }) => Promise<unknown>;
}

/** The pool of a Knex that is no transaction, as far as it is used here. */
interface Pooled {
  readonly acquireConnection: () => Promise<RawConnection>;
  readonly releaseConnection: (connection: RawConnection) => Promise<void>;
}

const connections = new WeakMap<Knex, RawConnection>();
const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** Lets `prepared` reach the transaction's connection without a detour. Called once, when the transaction has begun. */
export async function openPrepared(trx: Knex.Transaction): Promise<void> {
  connections.set(trx, (await trx.client.acquireConnection()) as RawConnection);
}

/**
 * Runs a statement as a named prepared one: parsed and planned once a connection. For the order path's statements, whose text is
 * constant: each text stays on the server as long as its connection. Bindings are written `?`, as in Knex.
 *
 * Within a transaction of `transactor` it is sent before this function returns. So the statements of
 * `Promise.all([first(db), second(db)])` travel together, and the server runs them in that order, each seeing what the one
 * before has locked and written. Outside of transactions it takes a connection of the pool for itself.
 */
export async function prepared<Row>(db: Knex, sql: string, bindings: readonly unknown[]): Promise<Row[]> {
  const connection = connections.get(db);
  if (connection !== undefined) return run(connection, sql, bindings);
  if (db.isTransaction) return (await db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[])).rows;
  const pool: Pooled = db.client;
  const own = await pool.acquireConnection();
  try {
    return await run(own, sql, bindings);
  } finally {
    await pool.releaseConnection(own);
  }
}

async function run<Row>(connection: RawConnection, sql: string, bindings: readonly unknown[]): Promise<Row[]> {
  const result = await connection.query({ ...statementOf(sql), values: [...bindings] });
  return (result as { rows: Row[] }).rows;
}

function statementOf(sql: string): { name: string; text: string } {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${++place}`);
  const made = { name: createHash("sha256").update(text).digest("base64url").slice(0, 24), text };
  statements.set(sql, made);
  return made;
}
