import type { Knex } from "knex";

/** Orders whose settlement threw: how often, and what it said. An order that fails too often ends rejected, SETTLEMENT_FAILED. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE failed_settlements (
      order_id uuid PRIMARY KEY REFERENCES orders(id),
      tries int NOT NULL DEFAULT 1 CONSTRAINT failed_settlements_tries_positive CHECK (tries > 0),
      first_failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      last_failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      last_error text NOT NULL
    );
    COMMENT ON TABLE failed_settlements IS 'one row an order, kept when it ends: each is a fault of ours to be looked into';
    CREATE INDEX failed_settlements_last ON failed_settlements (last_failed_at DESC);

    CREATE VIEW admin_failed_settlements WITH (security_invoker = true) AS
      SELECT f.order_id AS id, o.tenant_id, o.trader_id, o.account_id, o.instrument_id, o.state AS order_state,
        o.due_at, f.tries, f.first_failed_at, f.last_failed_at, f.last_error
      FROM failed_settlements f JOIN orders o ON o.id = f.order_id;

    GRANT SELECT, INSERT ON failed_settlements TO truewick_app;
    GRANT UPDATE (tries, last_failed_at, last_error) ON failed_settlements TO truewick_app;
    GRANT SELECT ON admin_failed_settlements TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_failed_settlements;
    DROP TABLE failed_settlements;
  `);
}
