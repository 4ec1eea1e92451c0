import type { Knex } from "knex";

/** Exports that are asked for by themselves, once for each period when its last date is closed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE export_schedules (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int NOT NULL REFERENCES partners(id),
      name text NOT NULL CONSTRAINT export_schedules_name_length CHECK (length(name) BETWEEN 1 AND 100),
      report text NOT NULL CONSTRAINT export_schedules_report_known
        CHECK (report IN ('ledger', 'trial-balance', 'trades', 'commissions', 'deposits', 'withdrawals', 'adjustments')),
      book text NOT NULL DEFAULT 'live' CONSTRAINT export_schedules_book_known CHECK (book IN ('live', 'demo')),
      period text NOT NULL CONSTRAINT export_schedules_period_known CHECK (period IN ('day', 'week', 'month')),
      profile text NOT NULL DEFAULT 'excel' CONSTRAINT export_schedules_profile_known CHECK (profile IN ('system', 'excel', 'worksheet')),
      separator text NOT NULL DEFAULT 'comma' CONSTRAINT export_schedules_separator_known CHECK (separator IN ('comma', 'semicolon', 'tab')),
      time_zone text NOT NULL DEFAULT 'UTC',
      is_active boolean NOT NULL DEFAULT true,
      starts_on date NOT NULL DEFAULT book_date_of(clock_timestamp()),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT export_schedules_name_once UNIQUE (tenant_id, name)
    );
    COMMENT ON COLUMN export_schedules.starts_on IS 'the first book date it covers';
    CREATE TRIGGER export_schedules_no_delete BEFORE DELETE ON export_schedules FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE export_schedules ENABLE ALWAYS TRIGGER export_schedules_no_delete;

    ALTER TABLE exports ADD COLUMN schedule_id uuid REFERENCES export_schedules(id);
    COMMENT ON COLUMN exports.schedule_id IS 'asked for by a schedule: once for each of its periods';
    CREATE UNIQUE INDEX exports_schedule_once ON exports (schedule_id, from_date) WHERE schedule_id IS NOT NULL;

    GRANT SELECT ON export_schedules TO truewick_app;
    GRANT INSERT (id, tenant_id, name, report, book, period, profile, separator, time_zone, is_active) ON export_schedules TO truewick_app;
    GRANT UPDATE (name, is_active, updated_at, version) ON export_schedules TO truewick_app;
    GRANT INSERT (schedule_id) ON exports TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE exports DROP COLUMN schedule_id;
    DROP TABLE export_schedules;
  `);
}
