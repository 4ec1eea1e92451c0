import type { Knex } from "knex";

/**
 * The checks of accepted orders as lines, see `check-rows.ts`, in a table of their own: an order's row is changed when it is filled and is read by every
 * decision of its account, with what nobody reads it was four times as long. Those of before move as they are. And the lots of all traders under a cap,
 * looked up by an index scan, which unlike a bitmap scan does not read the orders that have ended meanwhile again and again.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER FUNCTION passed_checks(text) RENAME TO passed_checks_of_json;
    CREATE FUNCTION passed_checks(check_rows text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN check_rows LIKE '[%' THEN passed_checks_of_json(check_rows) ELSE (
        SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', c[1], 'passed', true, 'limit', nullif(c[2], ''), 'value', nullif(c[3], ''),
            'headroom', CASE c[4] WHEN '=' THEN (c[2]::numeric - c[3]::numeric)::text ELSE nullif(c[4], '') END,
            'source', nullif(substr(s, strpos(s, ':') + 1), ''), 'version', nullif(split_part(s, ':', 1), '')::int)) ORDER BY place), '[]')
        FROM string_to_table(substr(check_rows, strpos(check_rows, E'\\n') + 1), E'\\n') WITH ORDINALITY AS r (line, place)
          CROSS JOIN LATERAL (SELECT string_to_array(line, E'\\t')) AS l (c)
          CROSS JOIN LATERAL (SELECT split_part(split_part(check_rows, E'\\n', 1), E'\\t', c[5]::int)) AS w (s)) END $$;
    CREATE TABLE order_checks (
      order_id uuid PRIMARY KEY,
      check_rows text NOT NULL
    );
    COMMENT ON TABLE order_checks IS 'written with the order, by the statement beside it; no foreign key, which would look each order up again';
    -- Compression costs more than the bytes that it saves.
    ALTER TABLE order_checks ALTER COLUMN check_rows SET STORAGE EXTERNAL;
    CREATE TRIGGER order_checks_append_only BEFORE UPDATE OR DELETE ON order_checks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER order_checks_no_truncate BEFORE TRUNCATE ON order_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE order_checks ENABLE ALWAYS TRIGGER order_checks_append_only;
    ALTER TABLE order_checks ENABLE ALWAYS TRIGGER order_checks_no_truncate;
    GRANT SELECT, INSERT ON order_checks TO truewick_app;
    INSERT INTO order_checks (order_id, check_rows) SELECT id, check_rows FROM orders WHERE check_rows IS NOT NULL;
    ${viewsSql("CASE WHEN k.check_rows IS NULL THEN o.checks ELSE passed_checks(k.check_rows) END", "LEFT JOIN order_checks k ON k.order_id = o.id")}
    ALTER TABLE orders DROP COLUMN check_rows;

    CREATE FUNCTION lots_together(ids text[], of_book text) RETURNS TABLE (tenant_id int, instrument_id text, long bigint, short bigint)
      LANGUAGE plpgsql STABLE SET enable_bitmapscan = off AS $$
      BEGIN
        RETURN QUERY SELECT s.tenant_id, s.instrument_id, sum(s.long)::bigint, sum(s.short)::bigint FROM (
          SELECT o.tenant_id, o.instrument_id, o.long, o.short FROM open_lots o WHERE o.instrument_id = ANY (ids) AND o.book = of_book
          UNION ALL
          SELECT o.tenant_id, o.instrument_id, CASE WHEN o.side = 'buy' THEN o.lots ELSE 0 END, CASE WHEN o.side = 'sell' THEN o.lots ELSE 0 END
          FROM orders o WHERE o.state IN ('accepted', 'working') AND o.instrument_id = ANY (ids) AND NOT o.reduce_only AND o.book = of_book) s
        GROUP BY 1, 2;
      END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION lots_together(text[], text);
    ALTER TABLE orders ADD COLUMN check_rows text;
    ALTER TABLE orders ALTER COLUMN check_rows SET STORAGE EXTERNAL;
    -- Ended orders are not changed by anybody else.
    ALTER TABLE orders DISABLE TRIGGER orders_end_once;
    UPDATE orders o SET checks = passed_checks(k.check_rows) FROM order_checks k WHERE k.order_id = o.id;
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_end_once;
    ${viewsSql("CASE WHEN o.check_rows IS NULL THEN o.checks ELSE passed_checks_of_json(o.check_rows) END", "")}
    DROP TABLE order_checks;
    DROP FUNCTION passed_checks(text);
    ALTER FUNCTION passed_checks_of_json(text) RENAME TO passed_checks;
  `);
}

/** Both views that tell an order's checks, with the same columns as before. */
function viewsSql(checksSql: string, joinSql: string): string {
  return `
    CREATE OR REPLACE VIEW admin_orders WITH (security_invoker = true) AS
      SELECT o.id, o.tenant_id, o.trader_id, o.account_id, o.book, o.client_order_id, o.instrument_id, o.terms_version, o.side,
        o.type, o.origin, o.reduce_only, o.time_in_force, o.expires_at, o.lots, o.filled_lots,
        as_price(o.limit_ticks * c.tick_size, c.price_decimals) AS limit_price,
        as_price(o.stop_ticks * c.tick_size, c.price_decimals) AS stop_price,
        as_price(o.take_profit_ticks * c.tick_size, c.price_decimals) AS take_profit_price,
        as_price(o.stop_loss_ticks * c.tick_size, c.price_decimals) AS stop_loss_price,
        as_price(o.average_fill_ticks * c.tick_size, c.price_decimals) AS average_fill_price,
        as_price(o.quote_bid_ticks * c.tick_size, c.price_decimals) AS quote_bid,
        as_price(o.quote_ask_ticks * c.tick_size, c.price_decimals) AS quote_ask, o.quote_seq, o.quote_venue_at,
        o.quote_received_at, o.trigger_quote_seq, o.trigger_received_at, o.state, o.rejection_code, o.cancel_code, ${checksSql} AS checks,
        o.accepted_at, o.due_at, o.done_at, coalesce(g.line, '{}') AS agent_line
      FROM orders o ${joinSql}
        JOIN instrument_terms c ON c.instrument_id = o.instrument_id AND c.terms_version = o.terms_version
        JOIN traders t ON t.id = o.trader_id LEFT JOIN agents g ON g.id = t.agent_id;
    CREATE OR REPLACE VIEW admin_risk_decisions WITH (security_invoker = true) AS
      SELECT r.id, r.decided_at, r.tenant_id, r.trader_id, r.account_id, r.book, r.instrument_id, r.side, r.type, r.lots, 'new-order' AS about,
        'refused' AS outcome, r.code, r.checks, r.client_order_id, NULL::uuid AS order_id
      FROM order_refusals r
      UNION ALL
      SELECT o.id, o.accepted_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, o.lots, 'new-order',
        'accepted', NULL, ${checksSql}, o.client_order_id, o.id
      FROM orders o ${joinSql} WHERE o.origin = 'trader'
      UNION ALL
      SELECT m.id, m.decided_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, m.lots, 'amendment',
        CASE WHEN m.code IS NULL THEN 'accepted' ELSE 'refused' END, m.code, m.checks, o.client_order_id, o.id
      FROM order_amendments m JOIN orders o ON o.id = m.order_id;
  `;
}
