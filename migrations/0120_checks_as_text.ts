import type { Knex } from "knex";

/**
 * The checks of an accepted order as text, one row a check: [code, limit, value, headroom, source, version]. All of them were passed, or it would not
 * be there. As jsonb they cost more than the rest of the order together (measured with 40 checks: 280 us of the database, as text 8), and
 * nothing but the log of decisions ever reads them. Orders from before keep theirs in `checks`.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE orders ADD COLUMN check_rows text;
    -- Compression costs more than the bytes that it saves.
    ALTER TABLE orders ALTER COLUMN check_rows SET STORAGE EXTERNAL;
    CREATE FUNCTION passed_checks(check_rows text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', c -> 0, 'passed', true, 'limit', c -> 1, 'value', c -> 2,
        'headroom', c -> 3, 'source', c -> 4, 'version', c -> 5)) ORDER BY place), '[]')
      FROM jsonb_array_elements(check_rows::jsonb) WITH ORDINALITY AS r (c, place) $$;
    ${viewsSql("CASE WHEN o.check_rows IS NULL THEN o.checks ELSE passed_checks(o.check_rows) END")}
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE orders SET checks = passed_checks(check_rows) WHERE check_rows IS NOT NULL;
    ${viewsSql("o.checks")}
    DROP FUNCTION passed_checks(text);
    ALTER TABLE orders DROP COLUMN check_rows;
  `);
}

/** Both views that tell an order's checks, with the same columns as before. */
function viewsSql(checksSql: string): string {
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
      FROM orders o
        JOIN instrument_terms c ON c.instrument_id = o.instrument_id AND c.terms_version = o.terms_version
        JOIN traders t ON t.id = o.trader_id LEFT JOIN agents g ON g.id = t.agent_id;
    CREATE OR REPLACE VIEW admin_risk_decisions WITH (security_invoker = true) AS
      SELECT r.id, r.decided_at, r.tenant_id, r.trader_id, r.account_id, r.book, r.instrument_id, r.side, r.type, r.lots, 'new-order' AS about,
        'refused' AS outcome, r.code, r.checks, r.client_order_id, NULL::uuid AS order_id
      FROM order_refusals r
      UNION ALL
      SELECT o.id, o.accepted_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, o.lots, 'new-order',
        'accepted', NULL, ${checksSql}, o.client_order_id, o.id
      FROM orders o WHERE o.origin = 'trader'
      UNION ALL
      SELECT m.id, m.decided_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, m.lots, 'amendment',
        CASE WHEN m.code IS NULL THEN 'accepted' ELSE 'refused' END, m.code, m.checks, o.client_order_id, o.id
      FROM order_amendments m JOIN orders o ON o.id = m.order_id;
  `;
}
