import type { Knex } from "knex";

/**
 * Corrections of a balance by hand: asked for by one person, decided by another. What was asked for never changes, so the approval
 * is of exactly that; the money moves in the transaction of the approval, and at no other time.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE adjustments (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      account_id uuid NOT NULL,
      amount_minor bigint NOT NULL CONSTRAINT adjustments_amount_not_zero CHECK (amount_minor <> 0),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      reason_code text NOT NULL CONSTRAINT adjustments_reason_known
        CHECK (reason_code IN ('correction', 'goodwill', 'fee-refund', 'chargeback', 'write-off')),
      note text NOT NULL CONSTRAINT adjustments_note_given CHECK (length(btrim(note)) BETWEEN 3 AND 450),
      state text NOT NULL DEFAULT 'requested' CONSTRAINT adjustments_state_known
        CHECK (state IN ('requested', 'posted', 'rejected', 'withdrawn')),
      requested_by_id uuid NOT NULL,
      requested_by text NOT NULL,
      requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      decided_by_id uuid,
      decided_by text,
      decided_at timestamptz,
      decision_note text,
      group_id uuid CONSTRAINT adjustments_posted_once UNIQUE,
      CONSTRAINT adjustments_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      CONSTRAINT adjustments_currency_scale FOREIGN KEY (currency, currency_scale) REFERENCES currencies (code, scale),
      CONSTRAINT adjustments_two_people CHECK (state NOT IN ('posted', 'rejected') OR decided_by_id <> requested_by_id),
      CONSTRAINT adjustments_withdrawn_by_maker CHECK (state <> 'withdrawn' OR decided_by_id = requested_by_id),
      CONSTRAINT adjustments_decision_is_whole CHECK (
        num_nonnulls(decided_by_id, decided_by, decided_at, decision_note) = CASE state WHEN 'requested' THEN 0 ELSE 4 END),
      CONSTRAINT adjustments_posted_has_group CHECK ((state = 'posted') = (group_id IS NOT NULL))
    );
    COMMENT ON COLUMN adjustments.amount_minor IS 'minor units of the account''s currency: + is paid in, - is taken out';
    COMMENT ON COLUMN adjustments.group_id IS 'the transfers that moved the money';
    CREATE INDEX adjustments_open ON adjustments (requested_at) WHERE state = 'requested';
    CREATE INDEX adjustments_account ON adjustments (account_id, requested_at DESC);
    CREATE INDEX adjustments_requested ON adjustments (requested_at DESC);

    CREATE FUNCTION decide_adjustment_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state <> 'requested' THEN
        RAISE EXCEPTION 'adjustment % was decided', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'adjustments_decided_once';
      END IF;
      IF (NEW.id, NEW.tenant_id, NEW.account_id, NEW.amount_minor, NEW.currency, NEW.currency_scale, NEW.reason_code, NEW.note,
          NEW.requested_by_id, NEW.requested_by, NEW.requested_at)
        IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.account_id, OLD.amount_minor, OLD.currency, OLD.currency_scale, OLD.reason_code,
          OLD.note, OLD.requested_by_id, OLD.requested_by, OLD.requested_at) THEN
        RAISE EXCEPTION 'what adjustment % asks for is fixed', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'adjustments_request_is_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER adjustments_decide_once BEFORE UPDATE ON adjustments FOR EACH ROW EXECUTE FUNCTION decide_adjustment_once();
    CREATE TRIGGER adjustments_no_delete BEFORE DELETE ON adjustments FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER adjustments_no_truncate BEFORE TRUNCATE ON adjustments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE adjustments ENABLE ALWAYS TRIGGER adjustments_decide_once;
    ALTER TABLE adjustments ENABLE ALWAYS TRIGGER adjustments_no_delete;
    ALTER TABLE adjustments ENABLE ALWAYS TRIGGER adjustments_no_truncate;

    CREATE VIEW admin_adjustments WITH (security_invoker = true) AS
      SELECT j.id, j.tenant_id, j.account_id, a.trader_id, a.book, to_major(j.amount_minor, j.currency_scale) AS amount, j.currency,
        j.reason_code, j.note, j.state, j.requested_by_id, j.requested_by, j.requested_at, j.decided_by, j.decided_at,
        j.decision_note, j.group_id
      FROM adjustments j JOIN accounts a ON a.id = j.account_id;

    GRANT SELECT, INSERT ON adjustments TO truewick_app;
    GRANT UPDATE (state, decided_by_id, decided_by, decided_at, decision_note, group_id) ON adjustments TO truewick_app;
    GRANT SELECT ON admin_adjustments TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_adjustments;
    DROP TABLE adjustments;
    DROP FUNCTION decide_adjustment_once();
  `);
}
