import type { Knex } from "knex";

/**
 * Orders that were refused, with every check that was made: what a trader was told can be looked up, and a changed table can be tried on them.
 * With the accepted ones, whose checks stand with the order, they are the log of decisions.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE order_refusals (
      id uuid PRIMARY KEY,
      decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL,
      book text NOT NULL,
      client_order_id text NOT NULL,
      instrument_id text NOT NULL,
      terms_version int NOT NULL,
      side text NOT NULL,
      type text NOT NULL,
      lots bigint NOT NULL,
      reduce_only boolean NOT NULL,
      limit_ticks bigint,
      stop_ticks bigint,
      take_profit_ticks bigint,
      stop_loss_ticks bigint,
      quote_seq bigint,
      quote_bid_ticks bigint,
      quote_ask_ticks bigint,
      code text NOT NULL,
      checks jsonb NOT NULL,
      CONSTRAINT order_refusals_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
    );
    CREATE INDEX order_refusals_decided ON order_refusals (decided_at DESC);
    CREATE INDEX order_refusals_account ON order_refusals (account_id, decided_at DESC);
    CREATE TRIGGER order_refusals_append_only BEFORE UPDATE OR DELETE ON order_refusals FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER order_refusals_no_truncate BEFORE TRUNCATE ON order_refusals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE order_refusals ENABLE ALWAYS TRIGGER order_refusals_append_only;
    ALTER TABLE order_refusals ENABLE ALWAYS TRIGGER order_refusals_no_truncate;

    CREATE VIEW admin_risk_decisions WITH (security_invoker = true) AS
      SELECT r.id, r.decided_at, r.tenant_id, r.trader_id, r.account_id, r.book, r.instrument_id, r.side, r.type, r.lots, 'refused' AS outcome, r.code,
        r.checks, r.client_order_id, NULL::uuid AS order_id
      FROM order_refusals r
      UNION ALL
      SELECT o.id, o.accepted_at, o.tenant_id, o.trader_id, o.account_id, o.book, o.instrument_id, o.side, o.type, o.lots, 'accepted', NULL,
        o.checks, o.client_order_id, o.id
      FROM orders o WHERE o.origin = 'trader';

    GRANT SELECT, INSERT ON order_refusals TO truewick_app;
    GRANT SELECT ON admin_risk_decisions TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP VIEW admin_risk_decisions; DROP TABLE order_refusals;");
}
