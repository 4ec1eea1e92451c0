import { createHash } from "node:crypto";
import type { Knex } from "knex";
import { arrayLiteral } from "./array-literal.ts";

/** The pg client of a transaction, as far as it is used here. */
interface RawConnection {
  readonly query: (query: { name: string; text: string; values: unknown[] }) => Promise<unknown>;
  readonly connection: { readonly stream: { readonly cork: () => void; readonly uncork: () => void } };
}

/** The pool of a Knex that is no transaction, as far as it is used here. */
interface Pooled {
  readonly acquireConnection: () => Promise<RawConnection>;
  readonly releaseConnection: (connection: RawConnection) => Promise<void>;
}

/** A pooled connection that the statements of one turn of the event loop share. */
interface Turn {
  readonly connection: Promise<RawConnection>;
  users: number;
}

const turns = new WeakMap<Knex, Turn>();
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
 * Within a transaction of `transactor` the statements of `Promise.all([first(db), second(db)])` travel together, in one write, and
 * the server runs them in that order, each seeing what the one before has locked and written. Outside of transactions the
 * statements of one turn of the event loop travel together too, on a connection of the pool; one that fails does not touch the others.
 */
export async function prepared<Row>(db: Knex, sql: string, bindings: readonly unknown[]): Promise<Row[]> {
  const connection = connections.get(db);
  if (connection !== undefined) return run(connection, sql, bindings);
  if (db.isTransaction) return (await db.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[])).rows;
  const turn = turns.get(db) ?? openTurn(db);
  turn.users += 1;
  try {
    return await run(await turn.connection, sql, bindings);
  } finally {
    turn.users -= 1;
    if (turn.users === 0) giveBack(db.client, turn);
  }
}

function openTurn(db: Knex): Turn {
  const pool: Pooled = db.client;
  const turn: Turn = { connection: pool.acquireConnection(), users: 0 };
  turns.set(db, turn);
  process.nextTick(() => turns.delete(db));
  return turn;
}

function giveBack(pool: Pooled, { connection }: Turn): void {
  connection.then(
    (held) => pool.releaseConnection(held),
    () => {}, // there is none: whoever asked was told why
  );
}

async function run<Row>(connection: RawConnection, sql: string, bindings: readonly unknown[]): Promise<Row[]> {
  const { stream } = connection.connection;
  // A write costs more than a statement: those of this turn go out as one.
  stream.cork();
  const asked = connection.query({ ...statementOf(sql), values: bindings.map(bound) });
  process.nextTick(() => stream.uncork());
  const result = await asked;
  return (result as { rows: Row[] }).rows;
}

const bound = (value: unknown): unknown => (Array.isArray(value) ? (arrayLiteral(value) ?? value) : value);

function statementOf(sql: string): { name: string; text: string } {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${++place}`);
  const made = { name: createHash("sha256").update(text).digest("base64url").slice(0, 24), text };
  statements.set(sql, made);
  return made;
}
