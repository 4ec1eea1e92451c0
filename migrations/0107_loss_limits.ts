import type { Knex } from "knex";

/** Codes of transfers that trading makes: results, fees, the house's protection, daily settlement. All others are payments. */
const tradingCodes = "10, 11, 12, 13, 14";
const slots =
  "'daily-loss', 'daily-loss-alert', 'weekly-loss', 'weekly-loss-alert', 'trailing-drawdown', 'daily-profit', 'weekly-profit'";
const actions = "'alert', 'reduce-only', 'flatten-until-reset', 'flatten-until-lifted'";

/** What loss limits count from, what breached them, and the payments that shift no loss. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE account_payments (
      ledger_account_id bigint PRIMARY KEY REFERENCES ledger_accounts(id),
      paid_in bigint NOT NULL DEFAULT 0,
      paid_out bigint NOT NULL DEFAULT 0
    );
    COMMENT ON TABLE account_payments IS 'what went into each trading account and out of it other than by trading, minor units; a reversal takes back what it reverses';
    INSERT INTO account_payments (ledger_account_id, paid_in, paid_out)
      SELECT a.ledger_account_id, coalesce(sum(p.paid_in), 0)::bigint, coalesce(sum(p.paid_out), 0)::bigint
      FROM accounts a LEFT JOIN (
        SELECT credit_account AS id, CASE code WHEN 90 THEN 0 ELSE amount END AS paid_in, CASE code WHEN 90 THEN -amount ELSE 0 END AS paid_out
          FROM transfers WHERE code NOT IN (${tradingCodes})
        UNION ALL
        SELECT debit_account, CASE code WHEN 90 THEN -amount ELSE 0 END, CASE code WHEN 90 THEN 0 ELSE amount END
          FROM transfers WHERE code NOT IN (${tradingCodes})
      ) p ON p.id = a.ledger_account_id
      GROUP BY a.ledger_account_id;
    CREATE FUNCTION open_account_payments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      INSERT INTO account_payments (ledger_account_id) SELECT ledger_account_id FROM n;
      RETURN NULL;
    END $$;
    CREATE TRIGGER accounts_open_payments AFTER INSERT ON accounts
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION open_account_payments();
    ALTER TABLE accounts ENABLE ALWAYS TRIGGER accounts_open_payments;
    CREATE FUNCTION count_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE reversal boolean := NEW.code = 90;
    BEGIN
      UPDATE account_payments SET paid_in = paid_in + CASE WHEN reversal THEN 0 ELSE NEW.amount END,
        paid_out = paid_out - CASE WHEN reversal THEN NEW.amount ELSE 0 END WHERE ledger_account_id = NEW.credit_account;
      UPDATE account_payments SET paid_out = paid_out + CASE WHEN reversal THEN 0 ELSE NEW.amount END,
        paid_in = paid_in - CASE WHEN reversal THEN NEW.amount ELSE 0 END WHERE ledger_account_id = NEW.debit_account;
      RETURN NULL;
    END $$;
    -- Fires for payments alone: what fills post costs nothing.
    CREATE TRIGGER transfers_count_payment AFTER INSERT ON transfers
      FOR EACH ROW WHEN (NEW.code NOT IN (${tradingCodes})) EXECUTE FUNCTION count_payment();
    ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_count_payment;

    CREATE TABLE loss_states (
      account_id uuid NOT NULL REFERENCES accounts(id),
      slot text NOT NULL CONSTRAINT loss_states_slot_known CHECK (slot IN (${slots})),
      counted_since timestamptz NOT NULL,
      balance_at_reset bigint NOT NULL,
      equity_at_reset bigint NOT NULL,
      peak bigint NOT NULL,
      start bigint NOT NULL,
      breached_at timestamptz,
      breach_action text CONSTRAINT loss_states_action_known CHECK (breach_action IN (${actions})),
      breach_ends_at timestamptz,
      seen_transfer bigint NOT NULL,
      PRIMARY KEY (account_id, slot),
      CONSTRAINT loss_states_breach_is_whole CHECK ((breached_at IS NULL) = (breach_action IS NULL)
        AND (breached_at IS NOT NULL OR breach_ends_at IS NULL))
    );
    COMMENT ON TABLE loss_states IS 'what a loss is counted from; amounts are results in minor units: money of the account less what was paid in and not out again';
    COMMENT ON COLUMN loss_states.seen_transfer IS 'transfers of the account with a higher id came after this row was written';
    CREATE INDEX loss_states_breached ON loss_states (account_id) WHERE breached_at IS NOT NULL;

    CREATE TABLE loss_breaches (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL REFERENCES accounts(id),
      book text NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      slot text NOT NULL CONSTRAINT loss_breaches_slot_known CHECK (slot IN (${slots})),
      action text NOT NULL CONSTRAINT loss_breaches_action_known CHECK (action IN (${actions})),
      at timestamptz NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      counted_since timestamptz NOT NULL,
      ends_at timestamptz,
      base_minor bigint NOT NULL,
      limit_minor bigint NOT NULL,
      edge_minor bigint NOT NULL,
      measured_minor bigint NOT NULL,
      rule jsonb NOT NULL,
      source text NOT NULL,
      rule_version int NOT NULL,
      quotes jsonb NOT NULL
    );
    COMMENT ON COLUMN loss_breaches.at IS 'the quote that breached was received, or the account was looked at';
    COMMENT ON COLUMN loss_breaches.ends_at IS 'null: when it is lifted';
    COMMENT ON COLUMN loss_breaches.edge_minor IS 'balance or equity at which it breached; so are base and measured in money of the account then';
    COMMENT ON COLUMN loss_breaches.quotes IS 'instrument -> {seq, bid, ask} in ticks: the prices when it was acted upon';
    CREATE INDEX loss_breaches_account ON loss_breaches (account_id, at DESC);
    CREATE INDEX loss_breaches_at ON loss_breaches (at DESC);
    CREATE TABLE loss_lifts (
      breach_id uuid PRIMARY KEY REFERENCES loss_breaches(id),
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      lifted_by_id uuid,
      lifted_by text NOT NULL,
      reason text NOT NULL CONSTRAINT loss_lifts_reason_given CHECK (length(trim(reason)) BETWEEN 3 AND 500)
    );
    CREATE TRIGGER loss_breaches_append_only BEFORE UPDATE OR DELETE ON loss_breaches FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER loss_breaches_no_truncate BEFORE TRUNCATE ON loss_breaches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER loss_lifts_append_only BEFORE UPDATE OR DELETE ON loss_lifts FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER loss_lifts_no_truncate BEFORE TRUNCATE ON loss_lifts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE loss_breaches ENABLE ALWAYS TRIGGER loss_breaches_append_only;
    ALTER TABLE loss_breaches ENABLE ALWAYS TRIGGER loss_breaches_no_truncate;
    ALTER TABLE loss_lifts ENABLE ALWAYS TRIGGER loss_lifts_append_only;
    ALTER TABLE loss_lifts ENABLE ALWAYS TRIGGER loss_lifts_no_truncate;

    CREATE VIEW admin_risk_breaches WITH (security_invoker = true) AS
      SELECT b.id, b.at, b.tenant_id, b.trader_id, b.account_id, b.book, b.currency, b.slot, b.action,
        CASE WHEN l.breach_id IS NOT NULL THEN 'lifted' WHEN b.ends_at IS NULL THEN 'until-lifted'
          WHEN b.ends_at <= now() THEN 'over' ELSE 'until-reset' END AS state,
        to_major(b.base_minor, b.currency_scale) AS base, to_major(b.limit_minor, b.currency_scale) AS "limit",
        to_major(b.edge_minor, b.currency_scale) AS edge, to_major(b.measured_minor, b.currency_scale) AS measured,
        b.counted_since, b.ends_at, b.source, b.rule_version, b.rule, b.quotes,
        l.at AS lifted_at, l.lifted_by, l.reason AS lift_reason, coalesce(g.line, '{}') AS agent_line
      FROM loss_breaches b JOIN traders t ON t.id = b.trader_id LEFT JOIN agents g ON g.id = t.agent_id
        LEFT JOIN loss_lifts l ON l.breach_id = b.id;

    ALTER TABLE orders DROP CONSTRAINT orders_origin_known, ADD CONSTRAINT orders_origin_known
      CHECK (origin IN ('trader', 'take-profit', 'stop-loss', 'stop-out', 'flatten', 'expiry', 'roll', 'risk')) NOT VALID;
    ALTER TABLE orders VALIDATE CONSTRAINT orders_origin_known;

    GRANT SELECT ON account_payments, admin_risk_breaches TO truewick_app;
    GRANT SELECT ON SEQUENCE transfers_id_seq TO truewick_app;
    GRANT SELECT, INSERT ON loss_states, loss_breaches, loss_lifts TO truewick_app;
    GRANT UPDATE (counted_since, balance_at_reset, equity_at_reset, peak, start, breached_at, breach_action, breach_ends_at,
      seen_transfer) ON loss_states TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE orders DROP CONSTRAINT orders_origin_known, ADD CONSTRAINT orders_origin_known
      CHECK (origin IN ('trader', 'take-profit', 'stop-loss', 'stop-out', 'flatten', 'expiry', 'roll')) NOT VALID;
    REVOKE SELECT ON SEQUENCE transfers_id_seq FROM truewick_app;
    DROP VIEW admin_risk_breaches;
    DROP TABLE loss_lifts, loss_breaches, loss_states;
    DROP TRIGGER transfers_count_payment ON transfers;
    DROP FUNCTION count_payment();
    DROP TRIGGER accounts_open_payments ON accounts;
    DROP FUNCTION open_account_payments();
    DROP TABLE account_payments;
  `);
}
