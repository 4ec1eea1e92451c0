import type { Knex } from "knex";

/** Blocks over what was written to the journal and to the audit log, chained and signed: a changed byte shows, whoever changed it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE book_blocks (
      stream text NOT NULL CONSTRAINT book_blocks_stream_known CHECK (stream IN ('transfers', 'audit-log')),
      block_no bigint NOT NULL CONSTRAINT book_blocks_numbered CHECK (block_no > 0),
      from_xid xid8 NOT NULL,
      until_xid xid8 NOT NULL,
      row_count bigint NOT NULL CONSTRAINT book_blocks_not_empty CHECK (row_count > 0),
      content_hash bytea NOT NULL CONSTRAINT book_blocks_content_length CHECK (octet_length(content_hash) = 32),
      prev_hash bytea NOT NULL CONSTRAINT book_blocks_prev_length CHECK (octet_length(prev_hash) = 32),
      sealed_at timestamptz NOT NULL,
      key_id text NOT NULL REFERENCES proof_keys(key_id),
      hash bytea NOT NULL UNIQUE CONSTRAINT book_blocks_hash_length CHECK (octet_length(hash) = 32),
      signature bytea NOT NULL CONSTRAINT book_blocks_signature_length CHECK (octet_length(signature) = 64),
      PRIMARY KEY (stream, block_no),
      CONSTRAINT book_blocks_range CHECK (from_xid < until_xid)
    );
    COMMENT ON COLUMN book_blocks.from_xid IS 'the block holds all rows that transactions from this one up to until_xid (not with it) have written: all of them had ended';
    CREATE TRIGGER book_blocks_append_only BEFORE UPDATE OR DELETE ON book_blocks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER book_blocks_no_truncate BEFORE TRUNCATE ON book_blocks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE book_blocks ENABLE ALWAYS TRIGGER book_blocks_append_only;
    ALTER TABLE book_blocks ENABLE ALWAYS TRIGGER book_blocks_no_truncate;
    GRANT SELECT, INSERT ON book_blocks TO truewick_app;

    -- Transactions come in order, so a few kilobytes lead to a block's rows; a row costs next to nothing to write.
    -- As numbers: there is no such index of xid8.
    CREATE INDEX transfers_xid ON transfers USING brin ((xid::text::bigint)) WITH (pages_per_range = 32, autosummarize = on);
    CREATE INDEX audit_log_xid ON audit_log USING brin ((xid::text::bigint)) WITH (pages_per_range = 32, autosummarize = on);

    CREATE FUNCTION utc_text(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

    -- The rows that transactions in [from_xid, until_xid) have written, as they are now: how many, and SHA-256 over the SHA-256 of each
    -- row's text, in the order of their ids. The text of a row is a JSON list that begins with the name of its form.
    CREATE FUNCTION book_content(stream text, from_xid xid8, until_xid xid8) RETURNS TABLE (row_count bigint, content_hash bytea)
      LANGUAGE plpgsql STABLE AS $$
    BEGIN
      IF stream = 'transfers' THEN
        RETURN QUERY SELECT count(*), sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array('truewick/transfer/1', t.id, t.book_date,
            utc_text(t.posted_at), t.xid::text, t.tenant_id, t.book, t.currency, t.debit_account, t.credit_account, t.amount, t.code, t.group_id,
            t.leg, t.reverses, t.memo)::text, 'UTF8')), ''::bytea ORDER BY t.id), ''))
          FROM transfers t WHERE t.xid::text::bigint >= from_xid::text::bigint AND t.xid::text::bigint < until_xid::text::bigint;
      ELSE
        RETURN QUERY SELECT count(*), sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array('truewick/audit/1', l.id, utc_text(l.at),
            l.xid::text, l.tenant_id, l.actor_kind, l.actor_id, l.actor_name, l.role, l.ip, l.trace_id, l.action, l.resource, l.object_id,
            l.before, l.after, l.reason)::text, 'UTF8')), ''::bytea ORDER BY l.id), ''))
          FROM audit_log l WHERE l.xid::text::bigint >= from_xid::text::bigint AND l.xid::text::bigint < until_xid::text::bigint;
      END IF;
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION book_content(text, xid8, xid8);
    DROP FUNCTION utc_text(timestamptz);
    DROP INDEX audit_log_xid;
    DROP INDEX transfers_xid;
    DROP TABLE book_blocks;
  `);
}
