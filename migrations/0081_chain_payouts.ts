import type { Knex } from "knex";

const functionOf = (next: string): string => `
    CREATE OR REPLACE FUNCTION keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
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
          ${next}
          ELSE false END) THEN
        RAISE EXCEPTION 'withdrawal % is %, not to be %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'withdrawals_state_follows';
      END IF;
      RETURN NEW;
    END $$;`;

const viewColumns = `w.id, w.tenant_id, w.trader_id, w.account_id, w.channel, w.target_name, w.target_address,
        to_major(w.amount_minor, w.currency_scale) AS amount, to_major(w.fee_minor, w.currency_scale) AS fee,
        to_major(w.amount_minor - w.fee_minor, w.currency_scale) AS paid_out, w.currency, w.checks, encode(w.content_hash, 'hex') AS content_hash,
        w.reviews_needed, num_nonnulls(w.review_1_by_id, w.review_2_by_id) AS reviews, w.requested_at, w.not_before, w.state,
        w.review_1_by, w.review_1_at, w.review_2_by, w.review_2_at, w.reference, w.sent_by, w.sent_at, w.ended_by, w.ended_at, w.note, w.version`;

/**
 * Money that leaves on a chain: each withdrawal has one payout at most, and a payout one signed transaction at most, which is stored before it is
 * sent. The signer's role sees what is queued for it, and writes what it signed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE withdrawals
      DROP CONSTRAINT withdrawals_state_known, DROP CONSTRAINT withdrawals_four_eyes, DROP CONSTRAINT withdrawals_sent_is_whole,
      DROP CONSTRAINT withdrawals_end_is_whole,
      ADD CONSTRAINT withdrawals_state_known CHECK (state IN ('in-review', 'approved', 'submitting', 'unknown', 'sent', 'confirmed', 'rejected',
        'cancelled', 'returned')),
      ADD CONSTRAINT withdrawals_four_eyes CHECK (state NOT IN ('approved', 'submitting', 'unknown', 'sent', 'confirmed', 'returned')
        OR num_nonnulls(review_1_by_id, review_2_by_id) >= reviews_needed),
      ADD CONSTRAINT withdrawals_sent_is_whole CHECK (CASE
        WHEN state IN ('sent', 'confirmed') OR (state = 'returned' AND sent_at IS NOT NULL) THEN
          num_nonnulls(reference, sent_by, sent_at) = 3 AND (sent_by_id IS NOT NULL OR sent_by = 'system')
        ELSE num_nonnulls(reference, sent_by_id, sent_by, sent_at) = 0 END),
      ADD CONSTRAINT withdrawals_end_is_whole CHECK (
        num_nonnulls(ended_by, ended_at) = CASE WHEN state IN ('in-review', 'approved', 'submitting', 'unknown', 'sent') THEN 0 ELSE 2 END);
    DROP INDEX withdrawals_open;
    CREATE INDEX withdrawals_open ON withdrawals (requested_at) WHERE state IN ('in-review', 'approved', 'submitting', 'unknown', 'sent');
    ${functionOf(`WHEN 'in-review' THEN NEW.state IN ('approved', 'rejected', 'cancelled')
          WHEN 'approved' THEN NEW.state IN ('submitting', 'sent', 'rejected', 'cancelled')
          WHEN 'submitting' THEN NEW.state IN ('unknown', 'sent', 'returned')
          WHEN 'unknown' THEN NEW.state IN ('sent', 'returned')
          WHEN 'sent' THEN NEW.state IN ('confirmed', 'returned')`)}

    CREATE TABLE chain_payouts (
      withdrawal_id uuid PRIMARY KEY REFERENCES withdrawals(id),
      tenant_id int NOT NULL,
      channel text NOT NULL REFERENCES channel_names (name),
      network text NOT NULL,
      contract text NOT NULL,
      to_address text NOT NULL,
      amount numeric(78, 0) NOT NULL CONSTRAINT chain_payouts_amount_positive CHECK (amount > 0),
      is_ours boolean NOT NULL,
      state text NOT NULL CONSTRAINT chain_payouts_state_known CHECK (state IN ('queued', 'signed', 'unknown', 'sent', 'confirmed', 'failed', 'void')),
      from_address text,
      nonce bigint,
      txid text,
      bytes bytea,
      expires_at timestamptz,
      signed_at timestamptz,
      problem text,
      looks int NOT NULL DEFAULT 0,
      next_look_at timestamptz,
      block_number bigint,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT chain_payouts_signed_is_whole CHECK (NOT is_ours
        OR num_nonnulls(from_address, nonce, txid, bytes, signed_at) = CASE WHEN state IN ('queued', 'void') THEN 0 ELSE 5 END),
      CONSTRAINT chain_payouts_told_has_number CHECK (is_ours OR (txid IS NOT NULL AND num_nonnulls(from_address, nonce, bytes, signed_at) = 0)),
      CONSTRAINT chain_payouts_nonce_once UNIQUE (network, from_address, nonce),
      CONSTRAINT chain_payouts_transaction_once UNIQUE (network, txid)
    );
    COMMENT ON COLUMN chain_payouts.is_ours IS 'false: a person sent it from elsewhere and told the transaction''s number';
    COMMENT ON COLUMN chain_payouts.bytes IS 'the signed transaction: stored before it is sent, the same is sent again, never another one';
    COMMENT ON COLUMN chain_payouts.problem IS 'why it is not signed yet, or why it did not pay';
    CREATE INDEX chain_payouts_due ON chain_payouts (next_look_at) WHERE next_look_at IS NOT NULL;
    CREATE INDEX chain_payouts_queued ON chain_payouts (created_at) WHERE state = 'queued';

    -- What is to be paid is fixed, what was signed is signed once, and an end is an end.
    CREATE FUNCTION keep_chain_payout() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.withdrawal_id, NEW.tenant_id, NEW.channel, NEW.network, NEW.contract, NEW.to_address, NEW.amount, NEW.is_ours, NEW.created_at)
        IS DISTINCT FROM (OLD.withdrawal_id, OLD.tenant_id, OLD.channel, OLD.network, OLD.contract, OLD.to_address, OLD.amount, OLD.is_ours, OLD.created_at)
        OR (OLD.txid IS NOT NULL AND (NEW.from_address, NEW.nonce, NEW.txid, NEW.bytes, NEW.expires_at, NEW.signed_at)
          IS DISTINCT FROM (OLD.from_address, OLD.nonce, OLD.txid, OLD.bytes, OLD.expires_at, OLD.signed_at))
        OR (NEW.state <> OLD.state AND NOT (CASE OLD.state
          WHEN 'queued' THEN NEW.state IN ('signed', 'void')
          WHEN 'signed' THEN NEW.state IN ('unknown', 'sent', 'confirmed', 'failed')
          WHEN 'unknown' THEN NEW.state IN ('sent', 'confirmed', 'failed')
          WHEN 'sent' THEN NEW.state IN ('confirmed', 'failed') OR (NEW.state = 'void' AND NOT OLD.is_ours)
          ELSE false END)) THEN
        RAISE EXCEPTION 'payout % is % and fixed', OLD.withdrawal_id, OLD.state USING ERRCODE = '23514', CONSTRAINT = 'chain_payouts_fixed';
      END IF;
      -- Whoever signs can say nothing but what he signed.
      IF OLD.state = 'queued' AND NEW.state = 'queued' AND NEW.txid IS NOT NULL THEN
        NEW.state := 'signed';
        NEW.signed_at := clock_timestamp();
        NEW.next_look_at := clock_timestamp();
        NEW.problem := NULL;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER chain_payouts_kept BEFORE UPDATE ON chain_payouts FOR EACH ROW EXECUTE FUNCTION keep_chain_payout();
    CREATE TRIGGER chain_payouts_no_delete BEFORE DELETE ON chain_payouts FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE chain_payouts ENABLE ALWAYS TRIGGER chain_payouts_kept;
    ALTER TABLE chain_payouts ENABLE ALWAYS TRIGGER chain_payouts_no_delete;

    CREATE OR REPLACE VIEW admin_withdrawals WITH (security_invoker = true) AS
      SELECT ${viewColumns}, p.state AS payout_state, p.problem AS payout_problem
      FROM withdrawals w LEFT JOIN chain_payouts p ON p.withdrawal_id = w.id;

    GRANT SELECT ON chain_payouts TO truewick_app;
    GRANT INSERT (withdrawal_id, tenant_id, channel, network, contract, to_address, amount, is_ours, state, txid, next_look_at) ON chain_payouts
      TO truewick_app;
    GRANT UPDATE (state, problem, looks, next_look_at, block_number) ON chain_payouts TO truewick_app;

    DO $$ BEGIN
      CREATE ROLE truewick_signer NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- roles are shared by all databases of a server
    END $$;
    GRANT truewick_signer TO CURRENT_USER;
    GRANT USAGE ON SCHEMA public TO truewick_signer;
    -- With its owner's rights: the signer sees these rows and nothing else of a withdrawal.
    CREATE FUNCTION signer_payouts(for_tenant int, for_channel text, for_network text, most int)
      RETURNS TABLE (withdrawal_id uuid, network text, contract text, to_address text, amount numeric, account_id uuid, channel text,
        amount_minor bigint, fee_minor bigint, currency text, currency_scale smallint, target_id uuid, target_name text, target_address text,
        content_hash bytea, reviews_needed smallint, reviews int, withdrawal_state text)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      SELECT p.withdrawal_id, p.network, p.contract, p.to_address, p.amount, w.account_id, w.channel, w.amount_minor, w.fee_minor, w.currency,
        w.currency_scale, w.target_id, w.target_name, w.target_address, w.content_hash, w.reviews_needed,
        num_nonnulls(w.review_1_by_id, w.review_2_by_id), w.state
      FROM chain_payouts p JOIN withdrawals w ON w.id = p.withdrawal_id
      WHERE p.state = 'queued' AND p.is_ours AND p.tenant_id = for_tenant AND p.channel = for_channel AND p.network = for_network
      ORDER BY p.created_at LIMIT most
    $$;
    REVOKE ALL ON FUNCTION signer_payouts(int, text, text, int) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION signer_payouts(int, text, text, int) TO truewick_signer;
    GRANT SELECT (withdrawal_id, state, network, from_address, nonce) ON chain_payouts TO truewick_signer;
    GRANT UPDATE (from_address, nonce, txid, bytes, expires_at, problem) ON chain_payouts TO truewick_signer;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION signer_payouts(int, text, text, int);
    DROP VIEW admin_withdrawals;
    DROP TABLE chain_payouts;
    DROP FUNCTION keep_chain_payout();
    REVOKE USAGE ON SCHEMA public FROM truewick_signer;
    CREATE VIEW admin_withdrawals WITH (security_invoker = true) AS SELECT ${viewColumns} FROM withdrawals w;
    GRANT SELECT ON admin_withdrawals TO truewick_app;
    ${functionOf(`WHEN 'in-review' THEN NEW.state IN ('approved', 'rejected', 'cancelled')
          WHEN 'approved' THEN NEW.state IN ('sent', 'rejected', 'cancelled')
          WHEN 'sent' THEN NEW.state IN ('confirmed', 'returned')`)}
    DROP INDEX withdrawals_open;
    CREATE INDEX withdrawals_open ON withdrawals (requested_at) WHERE state IN ('in-review', 'approved', 'sent');
    ALTER TABLE withdrawals
      DROP CONSTRAINT withdrawals_state_known, DROP CONSTRAINT withdrawals_four_eyes, DROP CONSTRAINT withdrawals_sent_is_whole,
      DROP CONSTRAINT withdrawals_end_is_whole,
      ADD CONSTRAINT withdrawals_state_known CHECK (state IN ('in-review', 'approved', 'sent', 'confirmed', 'rejected', 'cancelled', 'returned')),
      ADD CONSTRAINT withdrawals_four_eyes CHECK (state NOT IN ('approved', 'sent', 'confirmed', 'returned')
        OR num_nonnulls(review_1_by_id, review_2_by_id) >= reviews_needed),
      ADD CONSTRAINT withdrawals_sent_is_whole CHECK (
        num_nonnulls(reference, sent_by_id, sent_by, sent_at) = CASE WHEN state IN ('sent', 'confirmed', 'returned') THEN 4 ELSE 0 END),
      ADD CONSTRAINT withdrawals_end_is_whole CHECK (
        num_nonnulls(ended_by, ended_at) = CASE WHEN state IN ('in-review', 'approved', 'sent') THEN 0 ELSE 2 END);
  `);
}
