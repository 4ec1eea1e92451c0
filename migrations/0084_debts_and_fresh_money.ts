import type { Knex } from "knex";

/**
 * A debt that a channel's reversal left is collected from the account in parts, and never grows smaller otherwise; money of a channel
 * that may take it back is withdrawable some days after it was credited.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    INSERT INTO transfer_codes VALUES (91, 'collection');

    ALTER TABLE payment_channels ADD COLUMN deposit_withdrawable_days int NOT NULL DEFAULT 0
      CONSTRAINT payment_channels_withdrawable_days_sane CHECK (deposit_withdrawable_days BETWEEN 0 AND 365);
    COMMENT ON COLUMN payment_channels.deposit_withdrawable_days IS 'so long after it was credited a deposit can''t be withdrawn: the channel may take it back';

    ALTER TABLE deposits ADD COLUMN collected_minor bigint NOT NULL DEFAULT 0,
      ADD COLUMN moves smallint NOT NULL DEFAULT 0,
      ADD COLUMN withdrawable_at timestamptz,
      ADD CONSTRAINT deposits_collected_within CHECK (collected_minor >= 0 AND collected_minor <= owed_minor);
    COMMENT ON COLUMN deposits.collected_minor IS 'what of owed_minor was taken from the account since';
    COMMENT ON COLUMN deposits.moves IS 'transfers that may come more than once, counted: each has a leg of its own';
    COMMENT ON COLUMN deposits.withdrawable_at IS 'from then on it can be withdrawn; null: at once';
    CREATE INDEX deposits_debts ON deposits (trader_id) WHERE owed_minor > collected_minor;
    CREATE INDEX deposits_fresh ON deposits (account_id, withdrawable_at) WHERE withdrawable_at IS NOT NULL;

    CREATE FUNCTION keep_deposit_debt() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.collected_minor < OLD.collected_minor OR NEW.owed_minor < OLD.owed_minor OR NEW.moves < OLD.moves
        OR (OLD.withdrawable_at IS NOT NULL AND NEW.withdrawable_at IS DISTINCT FROM OLD.withdrawable_at) THEN
        RAISE EXCEPTION 'what deposit % left owed, and when it is withdrawable, is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'deposits_debt_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER deposits_debt_kept BEFORE UPDATE ON deposits FOR EACH ROW EXECUTE FUNCTION keep_deposit_debt();
    ALTER TABLE deposits ENABLE ALWAYS TRIGGER deposits_debt_kept;

    DROP VIEW admin_deposits;
    CREATE VIEW admin_deposits WITH (security_invoker = true) AS
      SELECT d.id, d.tenant_id, d.trader_id, d.account_id, d.channel, d.reference, d.payment_no, to_major(d.asked_minor, d.currency_scale) AS asked,
        to_major(d.received_minor, d.currency_scale) AS received, to_major(d.fee_minor, d.currency_scale) AS fee,
        to_major(d.owed_minor, d.currency_scale) AS owed, d.currency, d.checks, d.state, d.created_at, d.expires_at, d.received_at, d.credited_at,
        d.ended_at, d.next_poll_at, d.decision, d.decision_account_id, d.reviews_needed, num_nonnulls(d.review_1_by_id, d.review_2_by_id) AS reviews,
        d.review_1_by, d.review_1_at, d.review_2_by, d.review_2_at, d.decided_at, d.note, d.version,
        to_major(d.collected_minor, d.currency_scale) AS collected, d.withdrawable_at,
        CASE WHEN d.owed_minor = 0 THEN 'none' WHEN d.owed_minor > d.collected_minor THEN 'open' ELSE 'collected' END AS debt
      FROM deposits d;
    DROP VIEW admin_payment_channels;
    CREATE VIEW admin_payment_channels WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.channel, p.currency, p.tier, p.withdrawals_enabled, to_major(p.min_minor, c.scale) AS least,
        to_major(p.max_minor, c.scale) AS most, p.day_count, to_major(p.day_max_minor, c.scale) AS day_most,
        to_major(p.month_max_minor, c.scale) AS month_most, to_major(p.auto_up_to_minor, c.scale) AS auto_up_to,
        to_major(p.four_eyes_above_minor, c.scale) AS four_eyes_above, p.cooling_hours, to_major(p.fee_fixed_minor, c.scale) AS fee_fixed,
        p.fee_ppm, to_major(p.fee_min_minor, c.scale) AS fee_least, to_major(p.fee_max_minor, c.scale) AS fee_most,
        p.created_at, p.updated_at, p.version, p.deposits_enabled, to_major(p.deposit_min_minor, c.scale) AS deposit_least,
        to_major(p.deposit_max_minor, c.scale) AS deposit_most, to_major(p.deposit_day_max_minor, c.scale) AS deposit_day_most,
        to_major(p.deposit_month_max_minor, c.scale) AS deposit_month_most,
        to_major(p.deposit_four_eyes_above_minor, c.scale) AS deposit_four_eyes_above,
        to_major(p.deposit_fee_fixed_minor, c.scale) AS deposit_fee_fixed, p.deposit_fee_ppm,
        to_major(p.deposit_fee_min_minor, c.scale) AS deposit_fee_least, to_major(p.deposit_fee_max_minor, c.scale) AS deposit_fee_most,
        p.deposit_withdrawable_days
      FROM payment_channels p JOIN currencies c ON c.code = p.currency;
    GRANT SELECT ON admin_deposits, admin_payment_channels TO truewick_app;
    GRANT UPDATE (collected_minor, moves, withdrawable_at) ON deposits TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_payment_channels, admin_deposits;
    DROP TRIGGER deposits_debt_kept ON deposits;
    DROP FUNCTION keep_deposit_debt();
    ALTER TABLE deposits DROP COLUMN collected_minor, DROP COLUMN moves, DROP COLUMN withdrawable_at;
    ALTER TABLE payment_channels DROP COLUMN deposit_withdrawable_days;
    DELETE FROM transfer_codes WHERE code = 91;
    CREATE VIEW admin_deposits WITH (security_invoker = true) AS
      SELECT d.id, d.tenant_id, d.trader_id, d.account_id, d.channel, d.reference, d.payment_no, to_major(d.asked_minor, d.currency_scale) AS asked,
        to_major(d.received_minor, d.currency_scale) AS received, to_major(d.fee_minor, d.currency_scale) AS fee,
        to_major(d.owed_minor, d.currency_scale) AS owed, d.currency, d.checks, d.state, d.created_at, d.expires_at, d.received_at, d.credited_at,
        d.ended_at, d.next_poll_at, d.decision, d.decision_account_id, d.reviews_needed, num_nonnulls(d.review_1_by_id, d.review_2_by_id) AS reviews,
        d.review_1_by, d.review_1_at, d.review_2_by, d.review_2_at, d.decided_at, d.note, d.version
      FROM deposits d;
    CREATE VIEW admin_payment_channels WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.channel, p.currency, p.tier, p.withdrawals_enabled, to_major(p.min_minor, c.scale) AS least,
        to_major(p.max_minor, c.scale) AS most, p.day_count, to_major(p.day_max_minor, c.scale) AS day_most,
        to_major(p.month_max_minor, c.scale) AS month_most, to_major(p.auto_up_to_minor, c.scale) AS auto_up_to,
        to_major(p.four_eyes_above_minor, c.scale) AS four_eyes_above, p.cooling_hours, to_major(p.fee_fixed_minor, c.scale) AS fee_fixed,
        p.fee_ppm, to_major(p.fee_min_minor, c.scale) AS fee_least, to_major(p.fee_max_minor, c.scale) AS fee_most,
        p.created_at, p.updated_at, p.version, p.deposits_enabled, to_major(p.deposit_min_minor, c.scale) AS deposit_least,
        to_major(p.deposit_max_minor, c.scale) AS deposit_most, to_major(p.deposit_day_max_minor, c.scale) AS deposit_day_most,
        to_major(p.deposit_month_max_minor, c.scale) AS deposit_month_most,
        to_major(p.deposit_four_eyes_above_minor, c.scale) AS deposit_four_eyes_above,
        to_major(p.deposit_fee_fixed_minor, c.scale) AS deposit_fee_fixed, p.deposit_fee_ppm,
        to_major(p.deposit_fee_min_minor, c.scale) AS deposit_fee_least, to_major(p.deposit_fee_max_minor, c.scale) AS deposit_fee_most
      FROM payment_channels p JOIN currencies c ON c.code = p.currency;
    GRANT SELECT ON admin_deposits, admin_payment_channels TO truewick_app;
  `);
}
