import type { Knex } from "knex";

/**
 * A stop-out of many accounts writes some events for each: what foreign keys checked row by row, each with a query and a lock, is
 * checked once for each statement, and more of it. Accounts and orders are never deleted and keep their keys.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE margin_events DROP CONSTRAINT margin_events_account_id_fkey, DROP CONSTRAINT margin_events_order_id_fkey;
    CREATE FUNCTION check_new_margin_events() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
      SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
    BEGIN
      IF EXISTS (
        SELECT FROM (SELECT DISTINCT account_id, tenant_id, trader_id, book, currency, currency_scale FROM n) e
          LEFT JOIN accounts a ON (a.id, a.tenant_id, a.trader_id, a.book, a.currency, a.currency_scale)
            = (e.account_id, e.tenant_id, e.trader_id, e.book, e.currency, e.currency_scale)
          WHERE a.id IS NULL) THEN
        RAISE EXCEPTION 'a margin event belongs to an account, its tenant, trader, book and currency'
          USING ERRCODE = '23503', CONSTRAINT = 'margin_events_account_id_fkey';
      END IF;
      IF EXISTS (
        SELECT FROM n LEFT JOIN orders o ON (o.id, o.account_id) = (n.order_id, n.account_id)
          WHERE n.order_id IS NOT NULL AND o.id IS NULL) THEN
        RAISE EXCEPTION 'a margin event names an order of its account'
          USING ERRCODE = '23503', CONSTRAINT = 'margin_events_order_id_fkey';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER margin_events_check_new AFTER INSERT ON margin_events
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION check_new_margin_events();
    ALTER TABLE margin_events ENABLE ALWAYS TRIGGER margin_events_check_new;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TRIGGER margin_events_check_new ON margin_events;
    DROP FUNCTION check_new_margin_events();
    ALTER TABLE margin_events
      ADD CONSTRAINT margin_events_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
      ADD CONSTRAINT margin_events_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);
  `);
}
