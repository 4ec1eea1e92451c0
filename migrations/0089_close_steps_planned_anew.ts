import type { Knex } from "knex";

/** A close takes the steps that exist when it runs: those of its plan that are not done may be replaced, what is done stays. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE FUNCTION day_close_step_may_be_planned() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      step day_close_steps := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    BEGIN
      IF EXISTS (SELECT FROM day_closes c WHERE c.id = step.close_id AND c.state = 'closed')
        OR (TG_OP = 'DELETE' AND step.state = 'done')
        OR EXISTS (SELECT FROM day_close_steps s WHERE s.close_id = step.close_id AND s.state = 'done' AND s.step_no > step.step_no) THEN
        RAISE EXCEPTION 'the plan of day close % may not change so', step.close_id USING ERRCODE = '23514', CONSTRAINT = 'day_close_steps_planned_ahead';
      END IF;
      RETURN step;
    END $$;
    DROP TRIGGER day_close_steps_no_delete ON day_close_steps;
    CREATE TRIGGER day_close_steps_planned_ahead BEFORE INSERT OR DELETE ON day_close_steps
      FOR EACH ROW EXECUTE FUNCTION day_close_step_may_be_planned();
    ALTER TABLE day_close_steps ENABLE ALWAYS TRIGGER day_close_steps_planned_ahead;
    GRANT DELETE ON day_close_steps TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    REVOKE DELETE ON day_close_steps FROM truewick_app;
    DROP TRIGGER day_close_steps_planned_ahead ON day_close_steps;
    DROP FUNCTION day_close_step_may_be_planned();
    CREATE TRIGGER day_close_steps_no_delete BEFORE DELETE ON day_close_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE day_close_steps ENABLE ALWAYS TRIGGER day_close_steps_no_delete;
  `);
}
