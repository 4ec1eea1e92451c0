import type { Knex } from "knex";

/**
 * The order path's tables: rules that foreign keys checked row by row, each with a query and a lock on the row it names, are checked once
 * for each statement. They hold as before: parents are never deleted and never change their keys (the application may not).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE orders DROP CONSTRAINT orders_account_same_tenant, DROP CONSTRAINT orders_terms;
    CREATE FUNCTION check_new_orders() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM n LEFT JOIN accounts a ON (a.id, a.tenant_id, a.trader_id, a.book) = (n.account_id, n.tenant_id, n.trader_id, n.book)
          WHERE a.id IS NULL) THEN
        RAISE EXCEPTION 'an order belongs to an account of its tenant, trader and book' USING ERRCODE = '23503', CONSTRAINT = 'orders_account_same_tenant';
      END IF;
      IF EXISTS (SELECT FROM (SELECT DISTINCT instrument_id, terms_version FROM n) t
          WHERE NOT EXISTS (SELECT FROM instrument_terms i WHERE (i.instrument_id, i.terms_version) = (t.instrument_id, t.terms_version))) THEN
        RAISE EXCEPTION 'an order names terms of its instrument' USING ERRCODE = '23503', CONSTRAINT = 'orders_terms';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER orders_check_new AFTER INSERT ON orders
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION check_new_orders();
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_check_new;

    ALTER TABLE fills DROP CONSTRAINT fills_order_id_fkey;
    CREATE FUNCTION check_new_fills() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM n LEFT JOIN orders o ON o.id = n.order_id
            AND (o.tenant_id, o.account_id, o.instrument_id, o.side) = (n.tenant_id, n.account_id, n.instrument_id, n.side)
          WHERE o.id IS NULL) THEN
        RAISE EXCEPTION 'a fill belongs to an order of its account, instrument and side' USING ERRCODE = '23503', CONSTRAINT = 'fills_order_id_fkey';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER fills_check_new AFTER INSERT ON fills
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION check_new_fills();
    ALTER TABLE fills ENABLE ALWAYS TRIGGER fills_check_new;

    ALTER TABLE transfers DROP CONSTRAINT transfers_code_known;
    CREATE FUNCTION check_new_transfers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF EXISTS (SELECT FROM (SELECT DISTINCT code FROM n) t WHERE NOT EXISTS (SELECT FROM transfer_codes c WHERE c.code = t.code)) THEN
        RAISE EXCEPTION 'there is no such transfer code' USING ERRCODE = '23503', CONSTRAINT = 'transfers_code_known';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER transfers_check_new AFTER INSERT ON transfers
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION check_new_transfers();
    ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_check_new;

    -- A statement's new rows have no statistics: the planner takes them for a thousand and reads whole tables for a hundred rows.
    DO $$
    DECLARE hot text;
    BEGIN
      FOREACH hot IN ARRAY ARRAY['apply_margin_lines', 'apply_transfers', 'check_new_orders', 'check_new_fills'] LOOP
        EXECUTE format('ALTER FUNCTION %I() SET enable_hashjoin = off', hot);
        EXECUTE format('ALTER FUNCTION %I() SET enable_mergejoin = off', hot);
        EXECUTE format('ALTER FUNCTION %I() SET enable_seqscan = off', hot);
      END LOOP;
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER FUNCTION apply_margin_lines() RESET enable_hashjoin;
    ALTER FUNCTION apply_margin_lines() RESET enable_mergejoin;
    ALTER FUNCTION apply_margin_lines() RESET enable_seqscan;
    ALTER FUNCTION apply_transfers() RESET enable_hashjoin;
    ALTER FUNCTION apply_transfers() RESET enable_mergejoin;
    ALTER FUNCTION apply_transfers() RESET enable_seqscan;
    DROP TRIGGER transfers_check_new ON transfers;
    DROP TRIGGER fills_check_new ON fills;
    DROP TRIGGER orders_check_new ON orders;
    DROP FUNCTION check_new_transfers();
    DROP FUNCTION check_new_fills();
    DROP FUNCTION check_new_orders();
    ALTER TABLE transfers ADD CONSTRAINT transfers_code_known FOREIGN KEY (code) REFERENCES transfer_codes(code);
    ALTER TABLE fills ADD CONSTRAINT fills_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);
    ALTER TABLE orders ADD CONSTRAINT orders_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      ADD CONSTRAINT orders_terms FOREIGN KEY (instrument_id, terms_version) REFERENCES instrument_terms (instrument_id, terms_version);
  `);
}
