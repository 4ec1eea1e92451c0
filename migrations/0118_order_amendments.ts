import type { Knex } from "knex";

/**
 * Every decision about changing a working order, taken or refused, with all the checks that were made: apart from `order_refusals`, since a change
 * that was refused leaves an order in force, and what is tried on recorded orders must not take it for one.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE order_amendments (
      id uuid PRIMARY KEY,
      decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      order_id uuid NOT NULL REFERENCES orders (id),
      lots bigint NOT NULL,
      limit_ticks bigint,
      stop_ticks bigint,
      quote_seq bigint,
      quote_bid_ticks bigint,
      quote_ask_ticks bigint,
      code text,
      checks jsonb NOT NULL
    );
    CREATE INDEX order_amendments_decided ON order_amendments (decided_at DESC);
    CREATE INDEX order_amendments_order ON order_amendments (order_id);
    CREATE TRIGGER order_amendments_append_only BEFORE UPDATE OR DELETE ON order_amendments FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER order_amendments_no_truncate BEFORE TRUNCATE ON order_amendments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE order_amendments ENABLE ALWAYS TRIGGER order_amendments_append_only;
    ALTER TABLE order_amendments ENABLE ALWAYS TRIGGER order_amendments_no_truncate;
    GRANT SELECT, INSERT ON order_amendments TO truewick_app;

    DROP VIEW admin_risk_decisions;
    CREATE VIEW admin_risk_decisions WITH (security_invoker = true) AS
      ${newOrders("'new-order' AS about,")}
      UNION ALL
      SELECT m.id, m.decided_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, m.lots, 'amendment',
        CASE WHEN m.code IS NULL THEN 'accepted' ELSE 'refused' END, m.code, m.checks, o.client_order_id, o.id
      FROM order_amendments m JOIN orders o ON o.id = m.order_id;
    GRANT SELECT ON admin_risk_decisions TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_risk_decisions;
    DROP TABLE order_amendments;
    CREATE VIEW admin_risk_decisions WITH (security_invoker = true) AS ${newOrders("")};
    GRANT SELECT ON admin_risk_decisions TO truewick_app;
  `);
}

function newOrders(about: string): string {
  return `SELECT r.id, r.decided_at, r.tenant_id, r.trader_id, r.account_id, r.book, r.instrument_id, r.side, r.type, r.lots, ${about}
        'refused' AS outcome, r.code, r.checks, r.client_order_id, NULL::uuid AS order_id
      FROM order_refusals r
      UNION ALL
      SELECT o.id, o.accepted_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, o.lots, ${about}
        'accepted', NULL, o.checks, o.client_order_id, o.id
      FROM orders o WHERE o.origin = 'trader'`;
}
