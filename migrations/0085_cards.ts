import type { Knex } from "knex";

const fixed = (mayFollow: string, feeIs: string) => `
    CREATE OR REPLACE FUNCTION keep_deposit() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      open_states text[] := ARRAY['waiting', 'unknown', 'expired', 'failed'];
    BEGIN
      IF (NEW.id, NEW.tenant_id, NEW.request_id, NEW.channel, NEW.reference, NEW.asked_minor, NEW.currency, NEW.currency_scale, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.request_id, OLD.channel, OLD.reference, OLD.asked_minor, OLD.currency, OLD.currency_scale, OLD.created_at)
        OR (OLD.account_id IS NOT NULL AND (NEW.account_id, NEW.trader_id) IS DISTINCT FROM (OLD.account_id, OLD.trader_id))
        OR (OLD.payment_no IS NOT NULL AND NEW.payment_no IS DISTINCT FROM OLD.payment_no)
        OR (OLD.received_minor IS NOT NULL AND NEW.received_minor IS DISTINCT FROM OLD.received_minor)
        OR (OLD.credited_at IS NOT NULL AND (NEW.credited_at, ${feeIs}) IS DISTINCT FROM (OLD.credited_at, OLD.fee_minor)) THEN
        RAISE EXCEPTION 'what deposit % is for is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'deposits_fixed';
      END IF;
      IF NEW.state <> OLD.state AND NOT (CASE
          WHEN OLD.state = ANY (open_states) THEN NEW.state <> 'rejected'
          WHEN OLD.state IN ('underpaid', 'overpaid', 'in-review', 'unmatched') THEN NEW.state IN ('credited', 'rejected', 'reversed')
          WHEN OLD.state = 'credited' THEN NEW.state = 'reversed'${mayFollow}
          ELSE false END) THEN
        RAISE EXCEPTION 'deposit % is %, not to be %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'deposits_state_follows';
      END IF;
      RETURN NEW;
    END $$;`;

/** What stands in a deposit's view before `more`. */
const deposits = (more: string) => `
    CREATE VIEW admin_deposits WITH (security_invoker = true) AS
      SELECT d.id, d.tenant_id, d.trader_id, d.account_id, d.channel, d.reference, d.payment_no, to_major(d.asked_minor, d.currency_scale) AS asked,
        to_major(d.received_minor, d.currency_scale) AS received, to_major(d.fee_minor, d.currency_scale) AS fee,
        to_major(d.owed_minor, d.currency_scale) AS owed, d.currency, d.checks, d.state, d.created_at, d.expires_at, d.received_at, d.credited_at,
        d.ended_at, d.next_poll_at, d.decision, d.decision_account_id, d.reviews_needed, num_nonnulls(d.review_1_by_id, d.review_2_by_id) AS reviews,
        d.review_1_by, d.review_1_at, d.review_2_by, d.review_2_at, d.decided_at, d.note, d.version,
        to_major(d.collected_minor, d.currency_scale) AS collected, d.withdrawable_at,
        CASE WHEN d.owed_minor = 0 THEN 'none' WHEN d.owed_minor > d.collected_minor THEN 'open' ELSE 'collected' END AS debt${more}
      FROM deposits d;`;
const events = (more: string) => `
    CREATE VIEW admin_payment_events WITH (security_invoker = true) AS
      SELECT e.id, e.tenant_id, e.channel, e.external_id, e.deposit_id, e.source, e.payment_no, e.status,
        to_major(e.amount_minor, e.currency_scale) AS amount, e.currency, encode(e.body, 'escape') AS body, e.received_at${more}
      FROM payment_events e;`;

/** Cards: a channel that takes back a part of a payment, or all of it, and may give it back after a dispute. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    INSERT INTO channel_names VALUES ('stripe');

    ALTER TABLE deposits ADD COLUMN taken_back_minor bigint NOT NULL DEFAULT 0;
    UPDATE deposits SET taken_back_minor = received_minor WHERE state = 'reversed' AND received_minor IS NOT NULL;
    ALTER TABLE deposits ADD CONSTRAINT deposits_taken_back_within CHECK (taken_back_minor >= 0 AND taken_back_minor <= coalesce(received_minor, 0)),
      ADD CONSTRAINT deposits_reversed_is_whole CHECK (state <> 'reversed' OR taken_back_minor = coalesce(received_minor, 0)),
      DROP CONSTRAINT deposits_owed_within, ADD CONSTRAINT deposits_owed_within CHECK (owed_minor >= 0);
    COMMENT ON COLUMN deposits.taken_back_minor IS 'what of received_minor the channel has taken back, and not given back';
    COMMENT ON COLUMN deposits.owed_minor IS 'all that was ever owed for it: what the channel took back and the trader had no more';

    ALTER TABLE payment_events ADD COLUMN taken_back_minor bigint CONSTRAINT payment_events_taken_back_not_negative CHECK (taken_back_minor >= 0),
      DROP CONSTRAINT payment_events_status_known,
      ADD CONSTRAINT payment_events_status_known CHECK (status IN ('pending', 'paid', 'failed', 'disputed', 'reversed', 'given-back'));
    COMMENT ON COLUMN payment_events.taken_back_minor IS 'of the amount, taken back by then; null: the channel did not say';

    -- A dispute that was won gives back what was taken, without the fee, which went back with it.
    ${fixed(
      `
          WHEN OLD.state = 'reversed' AND OLD.credited_at IS NOT NULL THEN NEW.state = 'credited'
          WHEN OLD.state = 'reversed' THEN NEW.state IN ('in-review', 'unmatched')`,
      "CASE WHEN OLD.state = 'reversed' AND NEW.fee_minor = 0 THEN OLD.fee_minor ELSE NEW.fee_minor END",
    )}

    DROP VIEW admin_deposits;
    ${deposits(", to_major(d.taken_back_minor, d.currency_scale) AS taken_back")}
    DROP VIEW admin_payment_events;
    ${events(", to_major(e.taken_back_minor, e.currency_scale) AS taken_back")}
    GRANT SELECT ON admin_deposits, admin_payment_events TO truewick_app;
    GRANT UPDATE (taken_back_minor) ON deposits TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_payment_events, admin_deposits;
    ${fixed("", "NEW.fee_minor")}
    ALTER TABLE payment_events DROP COLUMN taken_back_minor, DROP CONSTRAINT payment_events_status_known,
      ADD CONSTRAINT payment_events_status_known CHECK (status IN ('pending', 'paid', 'failed', 'reversed'));
    ALTER TABLE deposits DROP CONSTRAINT deposits_owed_within, DROP CONSTRAINT deposits_reversed_is_whole, DROP COLUMN taken_back_minor,
      ADD CONSTRAINT deposits_owed_within CHECK (owed_minor >= 0 AND owed_minor <= coalesce(received_minor, 0));
    DELETE FROM channel_names WHERE name = 'stripe';
    ${deposits("")}
    ${events("")}
    GRANT SELECT ON admin_deposits, admin_payment_events TO truewick_app;
  `);
}
