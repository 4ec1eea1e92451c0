import type { Knex } from "knex";

const functionOf = (afterConfirmed: string): string => `
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
          WHEN 'in-review' THEN NEW.state IN ('approved', 'rejected', 'cancelled')
          WHEN 'approved' THEN NEW.state IN ('submitting', 'sent', 'rejected', 'cancelled')
          WHEN 'submitting' THEN NEW.state IN ('unknown', 'sent', 'returned')
          WHEN 'unknown' THEN NEW.state IN ('sent', 'returned')
          WHEN 'sent' THEN NEW.state IN ('confirmed', 'returned')
          ${afterConfirmed}
          ELSE false END) THEN
        RAISE EXCEPTION 'withdrawal % is %, not to be %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514', CONSTRAINT = 'withdrawals_state_follows';
      END IF;
      RETURN NEW;
    END $$;`;

const lineColumns = `l.id, l.tenant_id, l.bank_account_id, l.statement_id, l.row_no, l.booked_on, to_major(l.amount_minor, l.currency_scale) AS amount,
        l.currency, l.bank_reference, l.party_name, l.text, l.deposit_id`;

/**
 * What the house pays by its bank: approved withdrawals are gathered into a batch, which another person releases; only then is its file made,
 * once. The bank's statements say what was paid and what came back: each such line is of one withdrawal, and a withdrawal has one of each.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE payout_batches (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      bank_account_id uuid NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      state text NOT NULL DEFAULT 'gathered' CONSTRAINT payout_batches_state_known CHECK (state IN ('gathered', 'released', 'cancelled')),
      gathered_by_id uuid NOT NULL, gathered_by text NOT NULL, gathered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      released_by_id uuid, released_by text, released_at timestamptz,
      cancelled_by_id uuid, cancelled_by text, cancelled_at timestamptz,
      payouts int CONSTRAINT payout_batches_not_empty CHECK (payouts > 0),
      total_minor bigint CONSTRAINT payout_batches_total_positive CHECK (total_minor > 0),
      file bytea,
      file_hash bytea,
      version int NOT NULL DEFAULT 1,
      CONSTRAINT payout_batches_account_same_tenant FOREIGN KEY (bank_account_id, tenant_id) REFERENCES bank_accounts (id, tenant_id),
      CONSTRAINT payout_batches_two_people CHECK (released_by_id <> gathered_by_id),
      CONSTRAINT payout_batches_release_is_whole CHECK (num_nonnulls(released_by_id, released_by, released_at, payouts, total_minor, file, file_hash)
        = CASE WHEN state = 'released' THEN 7 ELSE 0 END),
      CONSTRAINT payout_batches_cancel_is_whole CHECK (num_nonnulls(cancelled_by_id, cancelled_by, cancelled_at)
        = CASE WHEN state = 'cancelled' THEN 3 ELSE 0 END),
      CONSTRAINT payout_batches_hash_is_the_files CHECK (file_hash = sha256(file))
    );
    COMMENT ON COLUMN payout_batches.file IS 'the pain.001 as it was made at the release; never made again';
    CREATE INDEX payout_batches_gathered ON payout_batches (gathered_at DESC);

    CREATE TABLE bank_payouts (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      batch_id uuid NOT NULL REFERENCES payout_batches(id),
      withdrawal_id uuid NOT NULL REFERENCES withdrawals(id),
      place int NOT NULL CONSTRAINT bank_payouts_place_positive CHECK (place > 0),
      reference text NOT NULL CONSTRAINT bank_payouts_reference_shape CHECK (reference ~ '^PAY-[0-9A-HJKMNP-TV-Z]{8}$'),
      payee text NOT NULL,
      iban text NOT NULL CONSTRAINT bank_payouts_iban_valid CHECK (is_iban(iban)),
      amount_minor bigint NOT NULL CONSTRAINT bank_payouts_amount_positive CHECK (amount_minor > 0),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      state text NOT NULL DEFAULT 'gathered' CONSTRAINT bank_payouts_state_known CHECK (state IN ('gathered', 'released', 'left-out', 'cancelled')),
      problem text,
      CONSTRAINT bank_payouts_reference_once UNIQUE (reference),
      CONSTRAINT bank_payouts_place_once UNIQUE (batch_id, place),
      CONSTRAINT bank_payouts_left_out_says_why CHECK ((state = 'left-out') = (problem IS NOT NULL)),
      CONSTRAINT bank_payouts_payee_latin CHECK (state = 'left-out' OR payee ~ '^[A-Za-z0-9/?:().,''+ -]{1,70}$')
    );
    COMMENT ON COLUMN bank_payouts.reference IS 'the end-to-end id that the bank says it by';
    CREATE UNIQUE INDEX bank_payouts_one_live ON bank_payouts (withdrawal_id) WHERE state IN ('gathered', 'released');
    CREATE INDEX bank_payouts_withdrawal ON bank_payouts (withdrawal_id);

    CREATE FUNCTION keep_payout_batch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state <> 'gathered' OR (NEW.id, NEW.tenant_id, NEW.bank_account_id, NEW.currency, NEW.currency_scale, NEW.gathered_by_id, NEW.gathered_by,
          NEW.gathered_at) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.bank_account_id, OLD.currency, OLD.currency_scale, OLD.gathered_by_id,
          OLD.gathered_by, OLD.gathered_at) THEN
        RAISE EXCEPTION 'payout batch % is % and fixed', OLD.id, OLD.state USING ERRCODE = '23514', CONSTRAINT = 'payout_batches_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE FUNCTION keep_bank_payout() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state <> 'gathered' OR (NEW.id, NEW.tenant_id, NEW.batch_id, NEW.withdrawal_id, NEW.place, NEW.reference, NEW.payee, NEW.iban,
          NEW.amount_minor, NEW.currency, NEW.currency_scale) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.batch_id, OLD.withdrawal_id, OLD.place,
          OLD.reference, OLD.payee, OLD.iban, OLD.amount_minor, OLD.currency, OLD.currency_scale) THEN
        RAISE EXCEPTION 'bank payout % is % and fixed', OLD.id, OLD.state USING ERRCODE = '23514', CONSTRAINT = 'bank_payouts_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER payout_batches_kept BEFORE UPDATE ON payout_batches FOR EACH ROW EXECUTE FUNCTION keep_payout_batch();
    CREATE TRIGGER payout_batches_no_delete BEFORE DELETE ON payout_batches FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER payout_batches_no_truncate BEFORE TRUNCATE ON payout_batches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER bank_payouts_kept BEFORE UPDATE ON bank_payouts FOR EACH ROW EXECUTE FUNCTION keep_bank_payout();
    CREATE TRIGGER bank_payouts_no_delete BEFORE DELETE ON bank_payouts FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER bank_payouts_no_truncate BEFORE TRUNCATE ON bank_payouts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE payout_batches ENABLE ALWAYS TRIGGER payout_batches_kept;
    ALTER TABLE payout_batches ENABLE ALWAYS TRIGGER payout_batches_no_delete;
    ALTER TABLE payout_batches ENABLE ALWAYS TRIGGER payout_batches_no_truncate;
    ALTER TABLE bank_payouts ENABLE ALWAYS TRIGGER bank_payouts_kept;
    ALTER TABLE bank_payouts ENABLE ALWAYS TRIGGER bank_payouts_no_delete;
    ALTER TABLE bank_payouts ENABLE ALWAYS TRIGGER bank_payouts_no_truncate;

    -- A bank may give back what it had paid.
    ${functionOf("WHEN 'confirmed' THEN NEW.state = 'returned' AND NEW.channel = 'bank'")}
    CREATE INDEX withdrawals_bank_reference ON withdrawals (tenant_id, reference) WHERE channel = 'bank' AND reference IS NOT NULL;

    ALTER TABLE statement_lines
      ADD COLUMN end_to_end_id text NOT NULL DEFAULT '',
      ADD COLUMN return_reason text,
      ADD COLUMN withdrawal_id uuid REFERENCES withdrawals(id),
      ADD COLUMN problem text CONSTRAINT statement_lines_problem_known CHECK (problem IN ('SEVERAL_PAYOUTS', 'OTHER_ACCOUNT', 'OTHER_CURRENCY',
        'AMOUNT_DIFFERS', 'TWICE', 'CAME_BACK')),
      DROP CONSTRAINT statement_lines_in_is_a_deposit,
      ADD CONSTRAINT statement_lines_in_is_somebodys CHECK (CASE WHEN amount_minor > 0 THEN num_nonnulls(deposit_id, withdrawal_id) = 1
        ELSE deposit_id IS NULL END),
      ADD CONSTRAINT statement_lines_back_is_a_return CHECK (amount_minor < 0 OR withdrawal_id IS NULL OR return_reason IS NOT NULL);
    COMMENT ON COLUMN statement_lines.return_reason IS 'null: the bank does not call it a return; empty: it gives no reason';
    COMMENT ON COLUMN statement_lines.withdrawal_id IS 'the payout that it pays (less than zero) or brings back';
    COMMENT ON COLUMN statement_lines.problem IS 'why it is not, or not simply, the payout that it names';
    CREATE UNIQUE INDEX statement_lines_paid_once ON statement_lines (withdrawal_id) WHERE amount_minor < 0;
    CREATE UNIQUE INDEX statement_lines_back_once ON statement_lines (withdrawal_id) WHERE amount_minor > 0;

    CREATE OR REPLACE VIEW admin_statement_lines WITH (security_invoker = true) AS
      SELECT ${lineColumns}, l.withdrawal_id, l.end_to_end_id, l.return_reason, l.problem,
        CASE WHEN l.deposit_id IS NOT NULL THEN 'deposit' WHEN l.withdrawal_id IS NULL THEN 'unmatched' WHEN l.amount_minor < 0 THEN 'paid'
          ELSE 'returned' END AS standing
      FROM statement_lines l;
    CREATE VIEW admin_payout_batches WITH (security_invoker = true) AS
      SELECT b.id, b.tenant_id, b.bank_account_id, b.currency, b.state, b.gathered_by, b.gathered_at, b.released_by, b.released_at,
        b.cancelled_by, b.cancelled_at, coalesce(b.payouts, p.payouts, 0)::int AS payouts,
        to_major(coalesce(b.total_minor, p.total, 0)::bigint, b.currency_scale) AS total, coalesce(p.left_out, 0)::int AS left_out,
        encode(b.file_hash, 'hex') AS file_hash, b.version
      FROM payout_batches b LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE p.state <> 'left-out') AS payouts, sum(p.amount_minor) FILTER (WHERE p.state <> 'left-out') AS total,
          count(*) FILTER (WHERE p.state = 'left-out') AS left_out
        FROM bank_payouts p WHERE p.batch_id = b.id) p ON true;
    CREATE VIEW admin_bank_payouts WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.batch_id, p.withdrawal_id, p.place, p.reference, p.payee, p.iban,
        to_major(p.amount_minor, p.currency_scale) AS amount, p.currency,
        CASE WHEN p.state = 'released' AND back.id IS NOT NULL THEN 'returned' WHEN p.state = 'released' AND paid.id IS NOT NULL THEN 'paid'
          ELSE p.state END AS state, p.problem, paid.booked_on AS paid_on, paid.bank_reference, back.booked_on AS returned_on, back.return_reason
      FROM bank_payouts p
        LEFT JOIN statement_lines paid ON paid.withdrawal_id = p.withdrawal_id AND paid.amount_minor < 0
        LEFT JOIN statement_lines back ON back.withdrawal_id = p.withdrawal_id AND back.amount_minor > 0;

    GRANT SELECT ON payout_batches, bank_payouts, admin_payout_batches, admin_bank_payouts TO truewick_app;
    GRANT INSERT (id, tenant_id, bank_account_id, currency, currency_scale, gathered_by_id, gathered_by) ON payout_batches TO truewick_app;
    GRANT UPDATE (state, released_by_id, released_by, released_at, cancelled_by_id, cancelled_by, cancelled_at, payouts, total_minor, file,
      file_hash, version) ON payout_batches TO truewick_app;
    GRANT INSERT ON bank_payouts TO truewick_app;
    GRANT UPDATE (state, problem) ON bank_payouts TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_bank_payouts, admin_payout_batches, admin_statement_lines;
    ALTER TABLE statement_lines
      DROP CONSTRAINT statement_lines_in_is_somebodys, DROP CONSTRAINT statement_lines_back_is_a_return,
      DROP COLUMN problem, DROP COLUMN withdrawal_id, DROP COLUMN return_reason, DROP COLUMN end_to_end_id,
      ADD CONSTRAINT statement_lines_in_is_a_deposit CHECK ((amount_minor > 0) = (deposit_id IS NOT NULL));
    CREATE VIEW admin_statement_lines WITH (security_invoker = true) AS SELECT ${lineColumns} FROM statement_lines l;
    GRANT SELECT ON admin_statement_lines TO truewick_app;
    DROP INDEX withdrawals_bank_reference;
    ${functionOf("")}
    DROP TABLE bank_payouts, payout_batches;
    DROP FUNCTION keep_bank_payout();
    DROP FUNCTION keep_payout_batch();
  `);
}
