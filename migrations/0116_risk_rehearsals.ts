import type { Knex } from "knex";

/** What a change of the risk table would have done to a period's orders: asked for by staff, played in the background, kept with the change. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE risk_rehearsals (
      id uuid PRIMARY KEY,
      change_id uuid NOT NULL REFERENCES risk_changes(id),
      book text NOT NULL CONSTRAINT risk_rehearsals_book_known CHECK (book IN ('live', 'demo')),
      from_at timestamptz NOT NULL,
      to_at timestamptz NOT NULL,
      state text NOT NULL DEFAULT 'waiting' CONSTRAINT risk_rehearsals_state_known CHECK (state IN ('waiting', 'running', 'done', 'failed')),
      attempts int NOT NULL DEFAULT 0,
      percent int NOT NULL DEFAULT 0 CONSTRAINT risk_rehearsals_percent CHECK (percent BETWEEN 0 AND 100),
      lines jsonb NOT NULL,
      result jsonb,
      failure text,
      asked_by_id uuid NOT NULL,
      asked_by text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      finished_at timestamptz,
      CONSTRAINT risk_rehearsals_period CHECK (from_at < to_at AND to_at <= from_at + interval '93 days'),
      CONSTRAINT risk_rehearsals_done_has_result CHECK ((state = 'done') = (result IS NOT NULL))
    );
    COMMENT ON COLUMN risk_rehearsals.lines IS 'of the change when it was asked for: the draft may go on';
    CREATE INDEX risk_rehearsals_change ON risk_rehearsals (change_id, created_at DESC);
    CREATE INDEX risk_rehearsals_open ON risk_rehearsals (created_at) WHERE state IN ('waiting', 'running');
    GRANT SELECT, INSERT ON risk_rehearsals TO truewick_app;
    GRANT UPDATE (state, attempts, percent, result, failure, finished_at) ON risk_rehearsals TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE risk_rehearsals");
}
