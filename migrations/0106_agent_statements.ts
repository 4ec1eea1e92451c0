import type { Knex } from "knex";

const before = "'ledger', 'trial-balance', 'trades', 'commissions', 'deposits', 'withdrawals', 'adjustments'";

/** Statements of agents as a report, by hand and by schedule. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(known(`${before}, 'agent-statements'`));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE exports DISABLE TRIGGER exports_no_delete;
    DELETE FROM exports WHERE report = 'agent-statements' OR schedule_id IN (SELECT id FROM export_schedules WHERE report = 'agent-statements');
    ALTER TABLE exports ENABLE ALWAYS TRIGGER exports_no_delete;
    ALTER TABLE export_schedules DISABLE TRIGGER export_schedules_no_delete;
    DELETE FROM export_schedules WHERE report = 'agent-statements';
    ALTER TABLE export_schedules ENABLE ALWAYS TRIGGER export_schedules_no_delete;
    ${known(before)}`);
}

const known = (reports: string): string => `
  ALTER TABLE exports DROP CONSTRAINT exports_report_known,
    ADD CONSTRAINT exports_report_known CHECK (report IN (${reports}));
  ALTER TABLE export_schedules DROP CONSTRAINT export_schedules_report_known,
    ADD CONSTRAINT export_schedules_report_known CHECK (report IN (${reports}));`;
