import type { Knex } from "knex";

/**
 * Money that comes by bank transfer: the house's accounts that traders pay to, a standing reference for each account of a trader, and the
 * bank's statements, each taken once, each beginning where the last one ended.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- ISO 13616, ISO 7064 MOD 97-10.
    CREATE FUNCTION is_iban(iban text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' AND mod((
        SELECT string_agg(CASE WHEN c ~ '[0-9]' THEN c ELSE (ascii(c) - 55)::text END, '' ORDER BY n)
        FROM regexp_split_to_table(substr(iban, 5) || left(iban, 4), '') WITH ORDINALITY AS t (c, n) WHERE c ~ '^[A-Z0-9]$')::numeric, 97) = 1
    $$;

    CREATE TABLE bank_accounts (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int NOT NULL REFERENCES partners(id),
      holder text NOT NULL CONSTRAINT bank_accounts_holder_given CHECK (length(btrim(holder)) BETWEEN 1 AND 140),
      iban text NOT NULL CONSTRAINT bank_accounts_iban_valid CHECK (is_iban(iban)),
      bic text CONSTRAINT bank_accounts_bic_valid CHECK (bic ~ '^[A-Z0-9]{8}([A-Z0-9]{3}|)$'),
      bank_name text,
      currency text NOT NULL REFERENCES currencies(code),
      is_offered boolean NOT NULL DEFAULT true,
      csv_delimiter text NOT NULL DEFAULT 'semicolon' CONSTRAINT bank_accounts_csv_delimiter_known CHECK (csv_delimiter IN ('comma', 'semicolon', 'tab')),
      csv_decimal_point text NOT NULL DEFAULT 'comma' CONSTRAINT bank_accounts_csv_point_known CHECK (csv_decimal_point IN ('point', 'comma')),
      csv_date_order text NOT NULL DEFAULT 'DMY' CONSTRAINT bank_accounts_csv_order_known CHECK (csv_date_order IN ('YMD', 'DMY', 'MDY')),
      csv_date text, csv_amount text, csv_text text, csv_name text, csv_reference text,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT bank_accounts_once UNIQUE (tenant_id, iban, currency),
      CONSTRAINT bank_accounts_within_tenant UNIQUE (id, tenant_id)
    );
    COMMENT ON COLUMN bank_accounts.is_offered IS 'traders are told to pay to it';

    CREATE TABLE payment_references (
      reference text PRIMARY KEY,
      tenant_id int NOT NULL,
      account_id uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT payment_references_once UNIQUE (account_id),
      CONSTRAINT payment_references_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
    );
    COMMENT ON TABLE payment_references IS 'what a trader writes on a transfer of any amount to that account of his';
    CREATE TRIGGER payment_references_fixed BEFORE UPDATE OR DELETE ON payment_references FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE payment_references ENABLE ALWAYS TRIGGER payment_references_fixed;

    CREATE TABLE bank_statements (
      id uuid PRIMARY KEY,
      tenant_id int NOT NULL,
      bank_account_id uuid NOT NULL,
      place int NOT NULL CONSTRAINT bank_statements_place_positive CHECK (place > 0),
      format text NOT NULL CONSTRAINT bank_statements_format_known CHECK (format IN ('camt053', 'mt940', 'csv')),
      file_hash bytea NOT NULL CONSTRAINT bank_statements_hash_is_sha256 CHECK (length(file_hash) = 32),
      file bytea NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      opening_minor bigint NOT NULL,
      closing_minor bigint NOT NULL,
      lines int NOT NULL,
      imported_by_id uuid NOT NULL,
      imported_by text NOT NULL,
      imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT bank_statements_account_same_tenant FOREIGN KEY (bank_account_id, tenant_id) REFERENCES bank_accounts (id, tenant_id),
      CONSTRAINT bank_statements_file_once UNIQUE (bank_account_id, file_hash),
      CONSTRAINT bank_statements_place_once UNIQUE (bank_account_id, place)
    );
    CREATE TABLE statement_lines (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      bank_account_id uuid NOT NULL,
      statement_id uuid NOT NULL REFERENCES bank_statements(id),
      row_no int NOT NULL,
      line_key text NOT NULL,
      booked_on date NOT NULL,
      amount_minor bigint NOT NULL CONSTRAINT statement_lines_amount_given CHECK (amount_minor <> 0),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      bank_reference text NOT NULL,
      party_name text NOT NULL,
      text text NOT NULL,
      deposit_id uuid REFERENCES deposits(id),
      CONSTRAINT statement_lines_once UNIQUE (bank_account_id, line_key),
      CONSTRAINT statement_lines_in_is_a_deposit CHECK ((amount_minor > 0) = (deposit_id IS NOT NULL))
    );
    COMMENT ON COLUMN statement_lines.line_key IS 'SHA-256 of what names the line, with its number among those alike; the payment number of its deposit';
    CREATE INDEX statement_lines_statement ON statement_lines (statement_id, id);
    CREATE INDEX statement_lines_deposit ON statement_lines (deposit_id) WHERE deposit_id IS NOT NULL;
    CREATE TRIGGER bank_statements_append_only BEFORE UPDATE OR DELETE ON bank_statements FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER bank_statements_no_truncate BEFORE TRUNCATE ON bank_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER statement_lines_append_only BEFORE UPDATE OR DELETE ON statement_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER statement_lines_no_truncate BEFORE TRUNCATE ON statement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE bank_statements ENABLE ALWAYS TRIGGER bank_statements_append_only;
    ALTER TABLE bank_statements ENABLE ALWAYS TRIGGER bank_statements_no_truncate;
    ALTER TABLE statement_lines ENABLE ALWAYS TRIGGER statement_lines_append_only;
    ALTER TABLE statement_lines ENABLE ALWAYS TRIGGER statement_lines_no_truncate;

    ALTER TABLE payment_events ADD COLUMN payer_name text;

    CREATE VIEW admin_bank_statements WITH (security_invoker = true) AS
      SELECT s.id, s.tenant_id, s.bank_account_id, s.place, s.format, encode(s.file_hash, 'hex') AS file_hash, s.currency,
        to_major(s.opening_minor, s.currency_scale) AS opening, to_major(s.closing_minor, s.currency_scale) AS closing, s.lines,
        s.imported_by, s.imported_at
      FROM bank_statements s;
    CREATE VIEW admin_statement_lines WITH (security_invoker = true) AS
      SELECT l.id, l.tenant_id, l.bank_account_id, l.statement_id, l.row_no, l.booked_on, to_major(l.amount_minor, l.currency_scale) AS amount,
        l.currency, l.bank_reference, l.party_name, l.text, l.deposit_id
      FROM statement_lines l;

    GRANT SELECT, INSERT, UPDATE ON bank_accounts TO truewick_app;
    GRANT SELECT, INSERT ON payment_references, bank_statements, statement_lines TO truewick_app;
    GRANT SELECT ON admin_bank_statements, admin_statement_lines TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_statement_lines, admin_bank_statements;
    ALTER TABLE payment_events DROP COLUMN payer_name;
    DROP TABLE statement_lines, bank_statements, payment_references, bank_accounts;
    DROP FUNCTION is_iban(text);
  `);
}
