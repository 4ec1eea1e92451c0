import type { Knex } from "knex";

/** Files that finance asked for: what is asked never changes, and what was made is told with its size, hash and rows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE exports (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      report text NOT NULL CONSTRAINT exports_report_known
        CHECK (report IN ('ledger', 'trial-balance', 'trades', 'commissions', 'withdrawals', 'adjustments')),
      book text NOT NULL CONSTRAINT exports_book_known CHECK (book IN ('live', 'demo')),
      from_date date NOT NULL,
      to_date date NOT NULL,
      profile text NOT NULL CONSTRAINT exports_profile_known CHECK (profile IN ('system', 'excel')),
      separator text NOT NULL CONSTRAINT exports_separator_known CHECK (separator IN ('comma', 'semicolon', 'tab')),
      time_zone text NOT NULL,
      state text NOT NULL DEFAULT 'queued' CONSTRAINT exports_state_known
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
      attempts int NOT NULL DEFAULT 0,
      rows_total numeric(20, 0),
      rows_done numeric(20, 0) NOT NULL DEFAULT 0,
      bytes numeric(20, 0),
      sha256 text CONSTRAINT exports_sha256_shape CHECK (sha256 ~ '^[0-9a-f]{64}$'),
      failure text,
      requested_by_id uuid NOT NULL,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      started_at timestamptz,
      finished_at timestamptz,
      expires_at timestamptz,
      CONSTRAINT exports_period_in_order CHECK (from_date <= to_date AND to_date - from_date <= 366),
      CONSTRAINT exports_file_is_whole CHECK (num_nonnulls(bytes, sha256, expires_at) = CASE WHEN state IN ('succeeded', 'expired') THEN 3 ELSE 0 END),
      CONSTRAINT exports_end_has_time CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL)),
      CONSTRAINT exports_failure_is_told CHECK ((state = 'failed') = (failure IS NOT NULL))
    );
    COMMENT ON COLUMN exports.to_date IS 'book dates, both included';
    CREATE INDEX exports_waiting ON exports (requested_at) WHERE state IN ('queued', 'running');
    CREATE INDEX exports_kept ON exports (expires_at) WHERE state = 'succeeded';
    CREATE INDEX exports_requested ON exports (requested_at DESC);
    CREATE TRIGGER exports_no_delete BEFORE DELETE ON exports FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER exports_no_truncate BEFORE TRUNCATE ON exports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE exports ENABLE ALWAYS TRIGGER exports_no_delete;
    ALTER TABLE exports ENABLE ALWAYS TRIGGER exports_no_truncate;

    GRANT SELECT ON exports TO truewick_app;
    GRANT INSERT (id, tenant_id, report, book, from_date, to_date, profile, separator, time_zone, requested_by_id, requested_by) ON exports TO truewick_app;
    GRANT UPDATE (state, attempts, rows_total, rows_done, bytes, sha256, failure, started_at, finished_at, expires_at) ON exports TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE exports");
}
