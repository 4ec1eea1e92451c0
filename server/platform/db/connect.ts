import knex, { type Knex } from "knex";
import pg from "pg";

/** bigint columns are bigint here (never a float), dates stay the text "2026-11-22". */
const int8 = 20;
const date = 1082;
pg.types.setTypeParser(int8, BigInt);
pg.types.setTypeParser(date, (text) => text);

export interface DatabaseSettings {
  readonly url: string;
  readonly applicationName: string;
  readonly poolMax: number;
  /** Longest a statement may run, in ms; reports get their own pool with a longer one. */
  readonly statementTimeoutMs: number;
  /**
   * How long a transaction may wait for our next statement before the server ends its session: a process that hangs must not
   * keep others from the accounts that it locked. Default: 5 s; streams to slow readers need longer.
   */
  readonly idleInTransactionMs?: number;
  /** Results are streamed (COPY) on its connections: these do not send statements that are given together at once, as others do. */
  readonly streams?: boolean;
}

const idleInTransactionMs = 5_000;

/** The role switched to at connect, where the URL says `?role=`: the application's own role under an owner's login. */
function connectionOf(address: string): { connectionString: string; options: string } {
  const url = new URL(address);
  const role = url.searchParams.get("role");
  url.searchParams.delete("role");
  const settings = ["timezone=UTC", "lock_timeout=10s", ...(role === null ? [] : [`role=${role}`])];
  return { connectionString: url.toString(), options: settings.map((setting) => `-c ${setting}`).join(" ") };
}

/** A pool of connections as the application role. The session's zone is UTC, whatever the server's is. */
export function connectDatabase(settings: DatabaseSettings): Knex {
  const connection: Knex.PgConnectionConfig & { readonly pipeline: boolean } = {
    ...connectionOf(settings.url),
    application_name: settings.applicationName,
    statement_timeout: settings.statementTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleInTransactionMs ?? idleInTransactionMs,
    pipeline: settings.streams !== true,
  };
  return knex({
    client: "pg",
    connection,
    pool: { min: 0, max: settings.poolMax },
    acquireConnectionTimeout: 10_000,
  });
}
