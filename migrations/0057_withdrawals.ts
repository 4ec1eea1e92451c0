import type { Knex } from "knex";

/**
 * Money that leaves: where it may go, what the operator allows, and each withdrawal from the request to its end. The database
 * itself keeps four eyes: nothing is approved without as many different people as it needs, and what they approved never changes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE traders ADD COLUMN tier smallint NOT NULL DEFAULT 1 CONSTRAINT traders_tier_known CHECK (tier BETWEEN 0 AND 4);
    COMMENT ON COLUMN traders.tier IS 'how well the trader is known: 0 e-mail only, 1 named, 2 identified, 3 with source of funds, 4 by agreement';

    CREATE TABLE payment_channels (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int REFERENCES partners(id),
      channel text NOT NULL CONSTRAINT payment_channels_channel_known CHECK (channel IN ('bank')),
      currency text NOT NULL REFERENCES currencies(code),
      tier smallint CONSTRAINT payment_channels_tier_known CHECK (tier BETWEEN 0 AND 4),
      withdrawals_enabled boolean NOT NULL DEFAULT true,
      min_minor bigint NOT NULL DEFAULT 1 CONSTRAINT payment_channels_min_positive CHECK (min_minor > 0),
      max_minor bigint,
      day_count int CONSTRAINT payment_channels_day_count_not_negative CHECK (day_count >= 0),
      day_max_minor bigint,
      month_max_minor bigint,
      auto_up_to_minor bigint NOT NULL DEFAULT 0,
      four_eyes_above_minor bigint NOT NULL DEFAULT 0,
      cooling_hours int NOT NULL DEFAULT 24 CONSTRAINT payment_channels_cooling_sane CHECK (cooling_hours BETWEEN 0 AND 720),
      fee_fixed_minor bigint NOT NULL DEFAULT 0,
      fee_ppm int NOT NULL DEFAULT 0 CONSTRAINT payment_channels_fee_ppm_sane CHECK (fee_ppm BETWEEN 0 AND 1000000),
      fee_min_minor bigint NOT NULL DEFAULT 0,
      fee_max_minor bigint,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT payment_channels_once UNIQUE NULLS NOT DISTINCT (tenant_id, channel, currency, tier),
      CONSTRAINT payment_channels_amounts_not_negative CHECK (
        least(auto_up_to_minor, four_eyes_above_minor, fee_fixed_minor, fee_min_minor, day_max_minor, month_max_minor, fee_max_minor) >= 0),
      CONSTRAINT payment_channels_max_from_min CHECK (max_minor >= min_minor),
      CONSTRAINT payment_channels_fee_max_from_min CHECK (fee_max_minor >= fee_min_minor),
      CONSTRAINT payment_channels_auto_below_four_eyes CHECK (auto_up_to_minor <= four_eyes_above_minor)
    );
    COMMENT ON COLUMN payment_channels.tenant_id IS 'null: for every partner without a row of its own';
    COMMENT ON COLUMN payment_channels.tier IS 'null: for traders of every tier without a row of its own';

    CREATE TABLE payout_targets (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      channel text NOT NULL CONSTRAINT payout_targets_channel_known CHECK (channel IN ('bank')),
      name text NOT NULL CONSTRAINT payout_targets_name_given CHECK (length(btrim(name)) BETWEEN 1 AND 70),
      address text NOT NULL CONSTRAINT payout_targets_address_given CHECK (length(address) BETWEEN 4 AND 120),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      removed_at timestamptz,
      CONSTRAINT payout_targets_trader_same_tenant FOREIGN KEY (tenant_id, trader_id) REFERENCES traders (tenant_id, id),
      CONSTRAINT payout_targets_same_trader UNIQUE (id, trader_id)
    );
    COMMENT ON COLUMN payout_targets.address IS 'bank: an IBAN without spaces; name: whose account it is';
    CREATE UNIQUE INDEX payout_targets_once ON payout_targets (trader_id, channel, address) WHERE removed_at IS NULL;

    CREATE TABLE withdrawals (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL,
      request_id uuid NOT NULL,
      channel text NOT NULL CONSTRAINT withdrawals_channel_known CHECK (channel IN ('bank')),
      target_id uuid NOT NULL,
      target_name text NOT NULL,
      target_address text NOT NULL,
      amount_minor bigint NOT NULL,
      fee_minor bigint NOT NULL CONSTRAINT withdrawals_fee_within CHECK (fee_minor >= 0 AND fee_minor < amount_minor),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      checks jsonb NOT NULL,
      content_hash bytea NOT NULL CONSTRAINT withdrawals_hash_is_sha256 CHECK (length(content_hash) = 32),
      reviews_needed smallint NOT NULL CONSTRAINT withdrawals_reviews_known CHECK (reviews_needed BETWEEN 0 AND 2),
      requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      not_before timestamptz NOT NULL,
      state text NOT NULL CONSTRAINT withdrawals_state_known CHECK (state IN ('in-review', 'approved', 'sent', 'confirmed', 'rejected',
        'cancelled', 'returned')),
      review_1_by_id uuid, review_1_by text, review_1_at timestamptz,
      review_2_by_id uuid, review_2_by text, review_2_at timestamptz,
      reference text,
      sent_by_id uuid, sent_by text, sent_at timestamptz,
      ended_by text, ended_at timestamptz,
      note text,
      version int NOT NULL DEFAULT 1,
      CONSTRAINT withdrawals_request_once UNIQUE (account_id, request_id),
      CONSTRAINT withdrawals_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      CONSTRAINT withdrawals_target_same_trader FOREIGN KEY (target_id, trader_id) REFERENCES payout_targets (id, trader_id),
      CONSTRAINT withdrawals_review_1_is_whole CHECK (num_nonnulls(review_1_by_id, review_1_by, review_1_at) IN (0, 3)),
      CONSTRAINT withdrawals_review_2_is_whole CHECK (num_nonnulls(review_2_by_id, review_2_by, review_2_at) IN (0, 3)),
      CONSTRAINT withdrawals_two_people CHECK (review_2_by_id IS NULL OR (review_1_by_id IS NOT NULL AND review_2_by_id <> review_1_by_id)),
      CONSTRAINT withdrawals_four_eyes CHECK (state NOT IN ('approved', 'sent', 'confirmed', 'returned')
        OR num_nonnulls(review_1_by_id, review_2_by_id) >= reviews_needed),
      CONSTRAINT withdrawals_sent_is_whole CHECK (
        num_nonnulls(reference, sent_by_id, sent_by, sent_at) = CASE WHEN state IN ('sent', 'confirmed', 'returned') THEN 4 ELSE 0 END),
      CONSTRAINT withdrawals_not_sent_early CHECK (sent_at >= not_before),
      CONSTRAINT withdrawals_end_is_whole CHECK (
        num_nonnulls(ended_by, ended_at) = CASE WHEN state IN ('in-review', 'approved', 'sent') THEN 0 ELSE 2 END)
    );
    COMMENT ON COLUMN withdrawals.amount_minor IS 'what leaves the account, fee included; paid out is the amount less the fee';
    COMMENT ON COLUMN withdrawals.content_hash IS 'SHA-256 of what is approved: account, amount, fee, currency, channel, target';
    CREATE INDEX withdrawals_open ON withdrawals (requested_at) WHERE state IN ('in-review', 'approved', 'sent');
    CREATE INDEX withdrawals_account ON withdrawals (account_id, requested_at DESC);
    CREATE INDEX withdrawals_requested ON withdrawals (requested_at DESC);

    -- What was asked for and decided about never changes; a state is left only for those that may follow it.
    CREATE FUNCTION keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.id, NEW.tenant_id, NEW.trader_id, NEW.account_id, NEW.request_id, NEW.channel, NEW.target_id, NEW.target_name,
          NEW.target_address, NEW.amount_minor, NEW.fee_minor, NEW.currency, NEW.currency_scale, NEW.checks, NEW.content_hash,
          NEW.reviews_needed, NEW.requested_at, NEW.not_before)
        IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.trader_id, OLD.account_id, OLD.request_id, OLD.channel, OLD.target_id, OLD.target_name,
          OLD.target_address, OLD.amount_minor, OLD.fee_minor, OLD.currency, OLD.currency_scale, OLD.checks, OLD.content_hash,
          OLD.reviews_needed, OLD.requested_at, OLD.not_before)
        OR (OLD.review_1_by_id IS NOT NULL AND (NEW.review_1_by_id, NEW.review_1_at) IS DISTINCT FROM (OLD.review_1_by_id, OLD.review_1_at))
        OR (OLD.review_2_by_id IS NOT NULL AND (NEW.review_2_by_id, NEW.review_2_at) IS DISTINCT FROM (OLD.review_2_by_id, OLD.review_2_at)) THEN
        RAISE EXCEPTION 'what withdrawal % asks for is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'withdrawals_request_is_fixed';
      END IF;
      IF NEW.state <> OLD.state AND NOT (CASE OLD.state
          WHEN 'in-review' THEN NEW.state IN ('approved', 'rejected', 'cancelled')
          WHEN 'approved' THEN NEW.state IN ('sent', 'rejected', 'cancelled')
          WHEN 'sent' THEN NEW.state IN ('confirmed', 'returned')
          ELSE false END) THEN
        RAISE EXCEPTION 'withdrawal % is %, not to be %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'withdrawals_state_follows';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER withdrawals_kept BEFORE UPDATE ON withdrawals FOR EACH ROW EXECUTE FUNCTION keep_withdrawal();
    CREATE TRIGGER withdrawals_no_delete BEFORE DELETE ON withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER withdrawals_no_truncate BEFORE TRUNCATE ON withdrawals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE withdrawals ENABLE ALWAYS TRIGGER withdrawals_kept;
    ALTER TABLE withdrawals ENABLE ALWAYS TRIGGER withdrawals_no_delete;
    ALTER TABLE withdrawals ENABLE ALWAYS TRIGGER withdrawals_no_truncate;

    CREATE FUNCTION keep_payout_target() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.removed_at IS NOT NULL OR (NEW.id, NEW.tenant_id, NEW.trader_id, NEW.channel, NEW.name, NEW.address, NEW.created_at)
          IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.trader_id, OLD.channel, OLD.name, OLD.address, OLD.created_at) THEN
        RAISE EXCEPTION 'payout target % is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'payout_targets_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER payout_targets_kept BEFORE UPDATE ON payout_targets FOR EACH ROW EXECUTE FUNCTION keep_payout_target();
    CREATE TRIGGER payout_targets_no_delete BEFORE DELETE ON payout_targets FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE payout_targets ENABLE ALWAYS TRIGGER payout_targets_kept;
    ALTER TABLE payout_targets ENABLE ALWAYS TRIGGER payout_targets_no_delete;

    CREATE VIEW admin_withdrawals WITH (security_invoker = true) AS
      SELECT w.id, w.tenant_id, w.trader_id, w.account_id, w.channel, w.target_name, w.target_address,
        to_major(w.amount_minor, w.currency_scale) AS amount, to_major(w.fee_minor, w.currency_scale) AS fee,
        to_major(w.amount_minor - w.fee_minor, w.currency_scale) AS paid_out, w.currency, w.checks, encode(w.content_hash, 'hex') AS content_hash,
        w.reviews_needed, num_nonnulls(w.review_1_by_id, w.review_2_by_id) AS reviews, w.requested_at, w.not_before, w.state,
        w.review_1_by, w.review_1_at, w.review_2_by, w.review_2_at, w.reference, w.sent_by, w.sent_at, w.ended_by, w.ended_at, w.note, w.version
      FROM withdrawals w;
    CREATE VIEW admin_payment_channels WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.channel, p.currency, p.tier, p.withdrawals_enabled, to_major(p.min_minor, c.scale) AS least,
        to_major(p.max_minor, c.scale) AS most, p.day_count, to_major(p.day_max_minor, c.scale) AS day_most,
        to_major(p.month_max_minor, c.scale) AS month_most, to_major(p.auto_up_to_minor, c.scale) AS auto_up_to,
        to_major(p.four_eyes_above_minor, c.scale) AS four_eyes_above, p.cooling_hours, to_major(p.fee_fixed_minor, c.scale) AS fee_fixed,
        p.fee_ppm, to_major(p.fee_min_minor, c.scale) AS fee_least, to_major(p.fee_max_minor, c.scale) AS fee_most,
        p.created_at, p.updated_at, p.version
      FROM payment_channels p JOIN currencies c ON c.code = p.currency;
    CREATE OR REPLACE VIEW admin_traders WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.agent_id, t.group_id, t.external_ref, t.name, t.email, t.locale, t.state, t.created_at,
        t.updated_at, t.version, coalesce(g.line, '{}') AS agent_line, t.tier
      FROM traders t LEFT JOIN agents g ON g.id = t.agent_id;

    GRANT SELECT, INSERT ON withdrawals, payout_targets TO truewick_app;
    GRANT UPDATE (state, review_1_by_id, review_1_by, review_1_at, review_2_by_id, review_2_by, review_2_at, reference, sent_by_id, sent_by,
      sent_at, ended_by, ended_at, note, version) ON withdrawals TO truewick_app;
    GRANT UPDATE (removed_at) ON payout_targets TO truewick_app;
    GRANT SELECT, INSERT, UPDATE ON payment_channels TO truewick_app;
    GRANT SELECT ON admin_withdrawals, admin_payment_channels TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_payment_channels;
    DROP VIEW admin_withdrawals;
    DROP TABLE withdrawals;
    DROP FUNCTION keep_withdrawal();
    DROP TABLE payout_targets;
    DROP FUNCTION keep_payout_target();
    DROP TABLE payment_channels;
    DROP VIEW admin_traders;
    CREATE VIEW admin_traders WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.agent_id, t.group_id, t.external_ref, t.name, t.email, t.locale, t.state, t.created_at,
        t.updated_at, t.version, coalesce(g.line, '{}') AS agent_line
      FROM traders t LEFT JOIN agents g ON g.id = t.agent_id;
    GRANT SELECT ON admin_traders TO truewick_app;
    ALTER TABLE traders DROP COLUMN tier;
  `);
}
