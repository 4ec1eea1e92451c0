import type { Knex } from "knex";

/**
 * Money that comes in: what a trader was told to pay, what the channel said about it as it was received, and what became of it. A fact
 * of the outside is stored once (payment_events), a payment of the outside belongs to one deposit, and a deposit is credited once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE payment_channels DROP CONSTRAINT payment_channels_channel_known,
      ADD CONSTRAINT payment_channels_channel_known CHECK (channel IN ('bank', 'gateway')),
      ADD COLUMN deposits_enabled boolean NOT NULL DEFAULT false,
      ADD COLUMN deposit_min_minor bigint NOT NULL DEFAULT 1 CONSTRAINT payment_channels_deposit_min_positive CHECK (deposit_min_minor > 0),
      ADD COLUMN deposit_max_minor bigint,
      ADD COLUMN deposit_day_max_minor bigint,
      ADD COLUMN deposit_month_max_minor bigint,
      ADD COLUMN deposit_four_eyes_above_minor bigint NOT NULL DEFAULT 0,
      ADD COLUMN deposit_fee_fixed_minor bigint NOT NULL DEFAULT 0,
      ADD COLUMN deposit_fee_ppm int NOT NULL DEFAULT 0 CONSTRAINT payment_channels_deposit_fee_ppm_sane CHECK (deposit_fee_ppm BETWEEN 0 AND 1000000),
      ADD COLUMN deposit_fee_min_minor bigint NOT NULL DEFAULT 0,
      ADD COLUMN deposit_fee_max_minor bigint,
      ADD CONSTRAINT payment_channels_deposit_amounts_not_negative CHECK (least(deposit_four_eyes_above_minor, deposit_fee_fixed_minor,
        deposit_fee_min_minor, deposit_day_max_minor, deposit_month_max_minor, deposit_fee_max_minor) >= 0),
      ADD CONSTRAINT payment_channels_deposit_max_from_min CHECK (deposit_max_minor >= deposit_min_minor),
      ADD CONSTRAINT payment_channels_deposit_fee_max_from_min CHECK (deposit_fee_max_minor >= deposit_fee_min_minor);

    ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_kind_known,
      ADD CONSTRAINT ledger_accounts_kind_known CHECK (kind IN ('trader.cash', 'agent.commission', 'house.pnl', 'house.fee',
        'house.protection', 'equity.adjustment', 'suspense.unmatched', 'receivable.trader', 'withdrawal.in_flight')
        OR kind ~ '^(clearing|fx)[.][a-z0-9.-]+$');

    INSERT INTO transfer_codes VALUES (4, 'deposit-fee');

    CREATE TABLE deposits (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL REFERENCES partners(id),
      trader_id uuid,
      account_id uuid,
      request_id uuid,
      channel text NOT NULL CONSTRAINT deposits_channel_known CHECK (channel IN ('bank', 'gateway')),
      reference text,
      pay_url text,
      payment_no text,
      asked_minor bigint CONSTRAINT deposits_asked_positive CHECK (asked_minor > 0),
      received_minor bigint CONSTRAINT deposits_received_positive CHECK (received_minor > 0),
      fee_minor bigint NOT NULL DEFAULT 0 CONSTRAINT deposits_fee_within CHECK (fee_minor >= 0 AND fee_minor < coalesce(received_minor, 1)),
      owed_minor bigint NOT NULL DEFAULT 0 CONSTRAINT deposits_owed_within CHECK (owed_minor >= 0 AND owed_minor <= coalesce(received_minor, 0)),
      currency text NOT NULL REFERENCES currencies(code),
      currency_scale smallint NOT NULL,
      checks jsonb NOT NULL DEFAULT '[]',
      state text NOT NULL CONSTRAINT deposits_state_known CHECK (state IN ('waiting', 'unknown', 'underpaid', 'overpaid', 'in-review',
        'unmatched', 'credited', 'expired', 'failed', 'rejected', 'reversed')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      expires_at timestamptz,
      received_at timestamptz,
      credited_at timestamptz,
      ended_at timestamptz,
      polls int NOT NULL DEFAULT 0,
      next_poll_at timestamptz,
      decision text CONSTRAINT deposits_decision_known CHECK (decision IN ('match', 'reject', 'reverse')),
      decision_account_id uuid,
      reviews_needed smallint NOT NULL DEFAULT 0 CONSTRAINT deposits_reviews_known CHECK (reviews_needed BETWEEN 0 AND 2),
      review_1_by_id uuid, review_1_by text, review_1_at timestamptz,
      review_2_by_id uuid, review_2_by text, review_2_at timestamptz,
      decided_at timestamptz,
      note text,
      version int NOT NULL DEFAULT 1,
      CONSTRAINT deposits_request_once UNIQUE (account_id, request_id),
      CONSTRAINT deposits_reference_once UNIQUE (reference),
      CONSTRAINT deposits_payment_once UNIQUE (tenant_id, channel, payment_no),
      CONSTRAINT deposits_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      CONSTRAINT deposits_account_is_whole CHECK ((account_id IS NULL) = (trader_id IS NULL)),
      CONSTRAINT deposits_money_is_somewhere CHECK (state NOT IN ('underpaid', 'overpaid', 'in-review', 'unmatched', 'credited', 'rejected')
        OR num_nonnulls(payment_no, received_minor, received_at) = 3),
      CONSTRAINT deposits_credited_is_whole CHECK (state <> 'credited' OR num_nonnulls(account_id, credited_at) = 2),
      CONSTRAINT deposits_review_1_is_whole CHECK (num_nonnulls(review_1_by_id, review_1_by, review_1_at) IN (0, 3)),
      CONSTRAINT deposits_review_2_is_whole CHECK (num_nonnulls(review_2_by_id, review_2_by, review_2_at) IN (0, 3)),
      CONSTRAINT deposits_two_people CHECK (review_2_by_id IS NULL OR (review_1_by_id IS NOT NULL AND review_2_by_id <> review_1_by_id)),
      CONSTRAINT deposits_four_eyes CHECK (decided_at IS NULL
        OR (decision IS NOT NULL AND num_nonnulls(review_1_by_id, review_2_by_id) >= greatest(reviews_needed, 1))),
      CONSTRAINT deposits_rejected_by_people CHECK (state <> 'rejected' OR (decision = 'reject' AND decided_at IS NOT NULL))
    );
    COMMENT ON COLUMN deposits.reference IS 'ours, told to the channel; null: money came that nobody was told to pay';
    COMMENT ON COLUMN deposits.payment_no IS 'the payment''s number at the channel: a payment belongs to one deposit';
    COMMENT ON COLUMN deposits.owed_minor IS 'what was taken back by the channel and the trader had no more';
    COMMENT ON COLUMN deposits.next_poll_at IS 'when the channel is asked about it next; null: not any more';
    CREATE INDEX deposits_due ON deposits (next_poll_at) WHERE next_poll_at IS NOT NULL;
    CREATE INDEX deposits_account ON deposits (account_id, created_at DESC);
    CREATE INDEX deposits_created ON deposits (created_at DESC);
    CREATE INDEX deposits_open ON deposits (created_at) WHERE state IN ('unknown', 'underpaid', 'overpaid', 'in-review', 'unmatched');

    -- What was asked for never changes; whose it is, which payment it is and what came are said once; a state is left only for those that may follow.
    CREATE FUNCTION keep_deposit() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      open_states text[] := ARRAY['waiting', 'unknown', 'expired', 'failed'];
    BEGIN
      IF (NEW.id, NEW.tenant_id, NEW.request_id, NEW.channel, NEW.reference, NEW.asked_minor, NEW.currency, NEW.currency_scale, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.request_id, OLD.channel, OLD.reference, OLD.asked_minor, OLD.currency, OLD.currency_scale, OLD.created_at)
        OR (OLD.account_id IS NOT NULL AND (NEW.account_id, NEW.trader_id) IS DISTINCT FROM (OLD.account_id, OLD.trader_id))
        OR (OLD.payment_no IS NOT NULL AND NEW.payment_no IS DISTINCT FROM OLD.payment_no)
        OR (OLD.received_minor IS NOT NULL AND NEW.received_minor IS DISTINCT FROM OLD.received_minor)
        OR (OLD.credited_at IS NOT NULL AND (NEW.credited_at, NEW.fee_minor) IS DISTINCT FROM (OLD.credited_at, OLD.fee_minor)) THEN
        RAISE EXCEPTION 'what deposit % is for is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'deposits_fixed';
      END IF;
      IF NEW.state <> OLD.state AND NOT (CASE
          WHEN OLD.state = ANY (open_states) THEN NEW.state <> 'rejected'
          WHEN OLD.state IN ('underpaid', 'overpaid', 'in-review', 'unmatched') THEN NEW.state IN ('credited', 'rejected', 'reversed')
          WHEN OLD.state = 'credited' THEN NEW.state = 'reversed'
          ELSE false END) THEN
        RAISE EXCEPTION 'deposit % is %, not to be %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'deposits_state_follows';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER deposits_kept BEFORE UPDATE ON deposits FOR EACH ROW EXECUTE FUNCTION keep_deposit();
    CREATE TRIGGER deposits_no_delete BEFORE DELETE ON deposits FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER deposits_no_truncate BEFORE TRUNCATE ON deposits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE deposits ENABLE ALWAYS TRIGGER deposits_kept;
    ALTER TABLE deposits ENABLE ALWAYS TRIGGER deposits_no_delete;
    ALTER TABLE deposits ENABLE ALWAYS TRIGGER deposits_no_truncate;

    CREATE TABLE payment_events (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL REFERENCES partners(id),
      channel text NOT NULL,
      external_id text NOT NULL CONSTRAINT payment_events_external_id_given CHECK (length(external_id) BETWEEN 1 AND 400),
      deposit_id uuid NOT NULL REFERENCES deposits(id),
      source text NOT NULL CONSTRAINT payment_events_source_known CHECK (source IN ('notice', 'answer', 'statement')),
      payment_no text NOT NULL,
      status text NOT NULL CONSTRAINT payment_events_status_known CHECK (status IN ('pending', 'paid', 'failed', 'reversed')),
      amount_minor bigint NOT NULL CONSTRAINT payment_events_amount_positive CHECK (amount_minor > 0),
      currency text NOT NULL REFERENCES currencies(code),
      currency_scale smallint NOT NULL,
      body bytea NOT NULL CONSTRAINT payment_events_body_bounded CHECK (length(body) <= 65536),
      received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT payment_events_once UNIQUE (tenant_id, channel, external_id)
    );
    COMMENT ON COLUMN payment_events.external_id IS 'names the fact: the same said again is the same row';
    COMMENT ON COLUMN payment_events.body IS 'the bytes as received';
    CREATE INDEX payment_events_deposit ON payment_events (deposit_id, id);
    CREATE TRIGGER payment_events_append_only BEFORE UPDATE OR DELETE ON payment_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER payment_events_no_truncate BEFORE TRUNCATE ON payment_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE payment_events ENABLE ALWAYS TRIGGER payment_events_append_only;
    ALTER TABLE payment_events ENABLE ALWAYS TRIGGER payment_events_no_truncate;

    CREATE VIEW admin_deposits WITH (security_invoker = true) AS
      SELECT d.id, d.tenant_id, d.trader_id, d.account_id, d.channel, d.reference, d.payment_no, to_major(d.asked_minor, d.currency_scale) AS asked,
        to_major(d.received_minor, d.currency_scale) AS received, to_major(d.fee_minor, d.currency_scale) AS fee,
        to_major(d.owed_minor, d.currency_scale) AS owed, d.currency, d.checks, d.state, d.created_at, d.expires_at, d.received_at, d.credited_at,
        d.ended_at, d.next_poll_at, d.decision, d.decision_account_id, d.reviews_needed, num_nonnulls(d.review_1_by_id, d.review_2_by_id) AS reviews,
        d.review_1_by, d.review_1_at, d.review_2_by, d.review_2_at, d.decided_at, d.note, d.version
      FROM deposits d;
    CREATE VIEW admin_payment_events WITH (security_invoker = true) AS
      SELECT e.id, e.tenant_id, e.channel, e.external_id, e.deposit_id, e.source, e.payment_no, e.status,
        to_major(e.amount_minor, e.currency_scale) AS amount, e.currency, encode(e.body, 'escape') AS body, e.received_at
      FROM payment_events e;
    CREATE OR REPLACE VIEW admin_payment_channels WITH (security_invoker = true) AS
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

    GRANT SELECT, INSERT ON deposits, payment_events TO truewick_app;
    GRANT UPDATE (trader_id, account_id, pay_url, payment_no, received_minor, fee_minor, owed_minor, checks, state, received_at, credited_at, ended_at,
      polls, next_poll_at, decision, decision_account_id, reviews_needed, review_1_by_id, review_1_by, review_1_at, review_2_by_id, review_2_by,
      review_2_at, decided_at, note, version) ON deposits TO truewick_app;
    GRANT SELECT ON admin_deposits, admin_payment_events TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_payment_channels, admin_payment_events, admin_deposits;
    DROP TABLE payment_events;
    DROP TABLE deposits;
    DROP FUNCTION keep_deposit();
    DELETE FROM transfer_codes WHERE code = 4;
    ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_kind_known,
      ADD CONSTRAINT ledger_accounts_kind_known CHECK (kind IN ('trader.cash', 'agent.commission', 'house.pnl', 'house.fee',
        'house.protection', 'equity.adjustment', 'suspense.unmatched', 'withdrawal.in_flight') OR kind ~ '^(clearing|fx)[.][a-z0-9.-]+$');
    ALTER TABLE payment_channels DROP CONSTRAINT payment_channels_channel_known,
      ADD CONSTRAINT payment_channels_channel_known CHECK (channel IN ('bank')),
      DROP COLUMN deposits_enabled, DROP COLUMN deposit_min_minor, DROP COLUMN deposit_max_minor, DROP COLUMN deposit_day_max_minor,
      DROP COLUMN deposit_month_max_minor, DROP COLUMN deposit_four_eyes_above_minor, DROP COLUMN deposit_fee_fixed_minor,
      DROP COLUMN deposit_fee_ppm, DROP COLUMN deposit_fee_min_minor, DROP COLUMN deposit_fee_max_minor;
    CREATE VIEW admin_payment_channels WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.channel, p.currency, p.tier, p.withdrawals_enabled, to_major(p.min_minor, c.scale) AS least,
        to_major(p.max_minor, c.scale) AS most, p.day_count, to_major(p.day_max_minor, c.scale) AS day_most,
        to_major(p.month_max_minor, c.scale) AS month_most, to_major(p.auto_up_to_minor, c.scale) AS auto_up_to,
        to_major(p.four_eyes_above_minor, c.scale) AS four_eyes_above, p.cooling_hours, to_major(p.fee_fixed_minor, c.scale) AS fee_fixed,
        p.fee_ppm, to_major(p.fee_min_minor, c.scale) AS fee_least, to_major(p.fee_max_minor, c.scale) AS fee_most,
        p.created_at, p.updated_at, p.version
      FROM payment_channels p JOIN currencies c ON c.code = p.currency;
    GRANT SELECT ON admin_payment_channels TO truewick_app;
  `);
}
