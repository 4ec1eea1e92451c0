import type { Knex } from "knex";

const view = (more: string): string => `
    CREATE VIEW admin_day_close_steps WITH (security_invoker = true) AS
      SELECT s.id, s.close_id, c.tenant_id, c.book_date, s.step_no, s.step, s.state, s.figures, s.told_by, s.told_at${more}
      FROM day_close_steps s JOIN day_closes c ON c.id = s.close_id;
    GRANT SELECT ON admin_day_close_steps TO truewick_app;`;

/** A step of a close says how long it took, and while it waits, for what and until when. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE day_close_steps
      ADD COLUMN took_ms int CONSTRAINT day_close_steps_took_not_negative CHECK (took_ms >= 0),
      ADD COLUMN waits_for text CONSTRAINT day_close_steps_waits_known CHECK (waits_for IN ('writers', 'sealing', 'marks', 'cut-off')),
      ADD COLUMN waits_until timestamptz,
      ADD CONSTRAINT day_close_steps_waits_while_pending CHECK (state = 'pending' OR num_nonnulls(waits_for, waits_until) = 0);
    COMMENT ON COLUMN day_close_steps.took_ms IS 'of the try that ended it, without what it waited before; null: not known';
    COMMENT ON COLUMN day_close_steps.waits_until IS 'at the latest; null: until it is so';
    GRANT UPDATE (took_ms, waits_for, waits_until) ON day_close_steps TO truewick_app;
    DROP VIEW admin_day_close_steps;
    ${view(", s.took_ms, s.waits_for, s.waits_until")}
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_day_close_steps;
    ${view("")}
    ALTER TABLE day_close_steps DROP COLUMN took_ms, DROP COLUMN waits_for, DROP COLUMN waits_until;
  `);
}
