import type { Knex } from "knex";

/**
 * The close of a day of a million orders writes four million rows of commissions: what foreign keys checked row by row, each with a query
 * and a lock on the row it names, is checked once for each statement, and the agent's partner with it. Agents, plan versions and
 * currencies are never deleted and keep their keys (the application may not).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE commissions DROP CONSTRAINT commissions_agent_id_fkey, DROP CONSTRAINT commissions_reverses_fkey,
      DROP CONSTRAINT commissions_currency_currency_scale_fkey;
    ALTER TABLE commission_fills DROP CONSTRAINT commission_fills_plan_version_id_fkey;

    CREATE OR REPLACE FUNCTION check_new_commissions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, book_date FROM n) e JOIN commission_days d USING (tenant_id, book_date)
          WHERE d.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the commissions of this day were posted' USING ERRCODE = '23514', CONSTRAINT = 'commissions_day_open';
      END IF;
      IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, agent_id FROM n) e LEFT JOIN agents a ON (a.id, a.tenant_id) = (e.agent_id, e.tenant_id)
          WHERE a.id IS NULL) THEN
        RAISE EXCEPTION 'a commission belongs to an agent of its partner' USING ERRCODE = '23503', CONSTRAINT = 'commissions_agent_id_fkey';
      END IF;
      IF EXISTS (SELECT FROM (SELECT DISTINCT currency, currency_scale FROM n) e
          LEFT JOIN currencies c ON (c.code, c.scale) = (e.currency, e.currency_scale) WHERE c.code IS NULL) THEN
        RAISE EXCEPTION 'a commission is in a known currency' USING ERRCODE = '23503', CONSTRAINT = 'commissions_currency_currency_scale_fkey';
      END IF;
      -- Few rows ever reverse another: only then are the others looked at. A reversal takes back exactly what was given.
      IF EXISTS (SELECT FROM n WHERE reverses IS NOT NULL) AND EXISTS (SELECT FROM n LEFT JOIN commissions o ON o.id = n.reverses AND o.reverses IS NULL
          AND (o.tenant_id, o.fill_id, o.agent_id, o.level, o.plan_version_id, o.rate, o.currency, -o.amount_minor)
            IS NOT DISTINCT FROM (n.tenant_id, n.fill_id, n.agent_id, n.level, n.plan_version_id, n.rate, n.currency, n.amount_minor)
          WHERE n.reverses IS NOT NULL AND o.id IS NULL) THEN
        RAISE EXCEPTION 'a reversal takes back what was given' USING ERRCODE = '23514', CONSTRAINT = 'commissions_reversal_is_exact';
      END IF;
      RETURN NULL;
    END $$;

    CREATE FUNCTION check_new_commission_fills() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM (SELECT DISTINCT plan_version_id FROM n WHERE plan_version_id IS NOT NULL) e
          LEFT JOIN commission_plan_versions v ON v.id = e.plan_version_id WHERE v.id IS NULL) THEN
        RAISE EXCEPTION 'a waterfall names a version of a plan' USING ERRCODE = '23503', CONSTRAINT = 'commission_fills_plan_version_id_fkey';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER commission_fills_checked AFTER INSERT ON commission_fills
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION check_new_commission_fills();
    ALTER TABLE commission_fills ENABLE ALWAYS TRIGGER commission_fills_checked;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TRIGGER commission_fills_checked ON commission_fills;
    DROP FUNCTION check_new_commission_fills();
    CREATE OR REPLACE FUNCTION check_new_commissions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM n JOIN commission_days d USING (tenant_id, book_date) WHERE d.posted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the commissions of this day were posted' USING ERRCODE = '23514', CONSTRAINT = 'commissions_day_open';
      END IF;
      IF EXISTS (SELECT FROM n LEFT JOIN commissions o ON o.id = n.reverses AND o.reverses IS NULL
          AND (o.tenant_id, o.fill_id, o.agent_id, o.level, o.plan_version_id, o.rate, o.currency, -o.amount_minor)
            IS NOT DISTINCT FROM (n.tenant_id, n.fill_id, n.agent_id, n.level, n.plan_version_id, n.rate, n.currency, n.amount_minor)
          WHERE n.reverses IS NOT NULL AND o.id IS NULL) THEN
        RAISE EXCEPTION 'a reversal takes back what was given' USING ERRCODE = '23514', CONSTRAINT = 'commissions_reversal_is_exact';
      END IF;
      RETURN NULL;
    END $$;
    ALTER TABLE commission_fills ADD CONSTRAINT commission_fills_plan_version_id_fkey FOREIGN KEY (plan_version_id) REFERENCES commission_plan_versions(id);
    ALTER TABLE commissions ADD CONSTRAINT commissions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agents(id),
      ADD CONSTRAINT commissions_reverses_fkey FOREIGN KEY (reverses) REFERENCES commissions(id),
      ADD CONSTRAINT commissions_currency_currency_scale_fkey FOREIGN KEY (currency, currency_scale) REFERENCES currencies (code, scale);
  `);
}
