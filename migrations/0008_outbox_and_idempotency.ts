import type { Knex } from "knex";

/** Work promised in the transaction that decided it, and answers remembered by key. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE outbox (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      job text NOT NULL,
      payload jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    COMMENT ON TABLE outbox IS 'a row lives until its job is in the queue; payloads are ids only';

    CREATE TABLE idempotency_keys (
      actor text NOT NULL,
      key text NOT NULL CONSTRAINT idempotency_keys_length CHECK (length(key) BETWEEN 1 AND 128),
      request_hash bytea NOT NULL,
      status smallint NOT NULL,
      response jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (actor, key)
    );
    GRANT SELECT, INSERT, UPDATE, DELETE ON outbox, idempotency_keys TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE idempotency_keys, outbox;
  `);
}
