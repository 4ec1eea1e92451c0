import type { Knex } from "knex";

const before =
  "'daily-loss', 'daily-loss-alert', 'weekly-loss', 'weekly-loss-alert', 'trailing-drawdown', 'daily-profit', 'weekly-profit'";

const slotsAre = (slots: string): string => `
  ALTER TABLE loss_states DROP CONSTRAINT loss_states_slot_known, ADD CONSTRAINT loss_states_slot_known CHECK (slot IN (${slots}));
  ALTER TABLE loss_breaches DROP CONSTRAINT loss_breaches_slot_known, ADD CONSTRAINT loss_breaches_slot_known CHECK (slot IN (${slots}));`;

/** Limits that a trader sets for himself: a daily loss counted beside the house's, and how long he waits before he has a looser one. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ${slotsAre(`${before}, 'own-daily-loss'`)}
    ALTER TABLE risk_policy ADD COLUMN own_limit_delay_hours int NOT NULL DEFAULT 24
      CONSTRAINT risk_policy_delay_sensible CHECK (own_limit_delay_hours BETWEEN 1 AND 720);
    COMMENT ON COLUMN risk_policy.own_limit_delay_hours IS 'a trader who loosens a limit of his own waits so long for it';
    GRANT UPDATE (own_limit_delay_hours) ON risk_policy TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE loss_breaches DISABLE TRIGGER loss_breaches_append_only;
    ALTER TABLE loss_lifts DISABLE TRIGGER loss_lifts_append_only;
    DELETE FROM loss_lifts WHERE breach_id IN (SELECT id FROM loss_breaches WHERE slot = 'own-daily-loss');
    DELETE FROM loss_breaches WHERE slot = 'own-daily-loss';
    DELETE FROM loss_states WHERE slot = 'own-daily-loss';
    ALTER TABLE loss_lifts ENABLE ALWAYS TRIGGER loss_lifts_append_only;
    ALTER TABLE loss_breaches ENABLE ALWAYS TRIGGER loss_breaches_append_only;
    ${slotsAre(before)}
    ALTER TABLE risk_policy DROP COLUMN own_limit_delay_hours;
  `);
}
