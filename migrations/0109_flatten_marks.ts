import type { Knex } from "knex";

/** Up to which flatten time each account was flattened, so that it is done once and what is opened later stays. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE flatten_marks (
      account_id uuid PRIMARY KEY REFERENCES accounts(id),
      done_until timestamptz NOT NULL
    );
    COMMENT ON COLUMN flatten_marks.done_until IS 'the last flatten time of the account that was carried out';
    GRANT SELECT, INSERT ON flatten_marks TO truewick_app;
    GRANT UPDATE (done_until) ON flatten_marks TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE flatten_marks");
}
