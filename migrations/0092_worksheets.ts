import type { Knex } from "knex";

/** Deposits as a report, and worksheets as a form. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE exports DROP CONSTRAINT exports_report_known, DROP CONSTRAINT exports_profile_known;
    ALTER TABLE exports
      ADD CONSTRAINT exports_report_known
        CHECK (report IN ('ledger', 'trial-balance', 'trades', 'commissions', 'deposits', 'withdrawals', 'adjustments')),
      ADD CONSTRAINT exports_profile_known CHECK (profile IN ('system', 'excel', 'worksheet'));
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE exports DISABLE TRIGGER exports_no_delete;
    DELETE FROM exports WHERE report = 'deposits' OR profile = 'worksheet';
    ALTER TABLE exports ENABLE ALWAYS TRIGGER exports_no_delete;
    ALTER TABLE exports DROP CONSTRAINT exports_report_known, DROP CONSTRAINT exports_profile_known;
    ALTER TABLE exports
      ADD CONSTRAINT exports_report_known
        CHECK (report IN ('ledger', 'trial-balance', 'trades', 'commissions', 'withdrawals', 'adjustments')),
      ADD CONSTRAINT exports_profile_known CHECK (profile IN ('system', 'excel'));
  `);
}
