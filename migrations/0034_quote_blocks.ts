import type { Knex } from "knex";

/** Quotes sealed in hash-chained, signed blocks, and what remains to prove a fill when a block's quotes are swept. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE proof_keys (
      key_id text PRIMARY KEY CONSTRAINT proof_keys_key_id_shape CHECK (key_id ~ '^[0-9a-f]{16}$'),
      public_key bytea NOT NULL UNIQUE CONSTRAINT proof_keys_is_ed25519 CHECK (octet_length(public_key) = 32),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT proof_keys_named_by_key CHECK (key_id = left(encode(sha256(public_key), 'hex'), 16))
    );
    COMMENT ON TABLE proof_keys IS 'every key that ever sealed a block or signed a receipt; the private halves are never here';

    CREATE TABLE quote_blocks (
      instrument_id text NOT NULL REFERENCES instruments(id),
      block_no bigint NOT NULL,
      first_seq bigint NOT NULL,
      last_seq bigint NOT NULL,
      quotes int NOT NULL,
      merkle_root bytea NOT NULL CONSTRAINT quote_blocks_root_length CHECK (octet_length(merkle_root) = 32),
      prev_hash bytea NOT NULL CONSTRAINT quote_blocks_prev_length CHECK (octet_length(prev_hash) = 32),
      sealed_at timestamptz NOT NULL,
      key_id text NOT NULL REFERENCES proof_keys(key_id),
      hash bytea NOT NULL UNIQUE CONSTRAINT quote_blocks_hash_length CHECK (octet_length(hash) = 32),
      signature bytea NOT NULL CONSTRAINT quote_blocks_signature_length CHECK (octet_length(signature) = 64),
      PRIMARY KEY (instrument_id, block_no),
      UNIQUE (instrument_id, last_seq),
      CONSTRAINT quote_blocks_holds_its_range CHECK (quotes BETWEEN 1 AND last_seq - first_seq + 1)
    );
    COMMENT ON COLUMN quote_blocks.quotes IS 'less than last_seq - first_seq + 1 only where numbers were missing when it was sealed';

    CREATE FUNCTION quote_block_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      head quote_blocks;
    BEGIN
      SELECT * INTO head FROM quote_blocks WHERE instrument_id = NEW.instrument_id ORDER BY block_no DESC LIMIT 1;
      IF NEW.block_no <> coalesce(head.block_no, 0) + 1 OR NEW.first_seq <= coalesce(head.last_seq, -1)
         OR NEW.prev_hash <> coalesce(head.hash, decode(repeat('00', 32), 'hex')) THEN
        RAISE EXCEPTION 'block % of % does not follow block %', NEW.block_no, NEW.instrument_id, coalesce(head.block_no, 0)
          USING ERRCODE = '23514', CONSTRAINT = 'quote_blocks_chain';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER quote_blocks_chain BEFORE INSERT ON quote_blocks FOR EACH ROW EXECUTE FUNCTION quote_block_follows();

    CREATE TABLE swept_blocks (
      instrument_id text NOT NULL,
      block_no bigint NOT NULL,
      kept int NOT NULL,
      swept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (instrument_id, block_no),
      FOREIGN KEY (instrument_id, block_no) REFERENCES quote_blocks (instrument_id, block_no)
    );
    COMMENT ON TABLE swept_blocks IS 'blocks whose quotes are gone but for those that an order or a fill names';

    CREATE TABLE quote_proofs (
      instrument_id text NOT NULL,
      seq bigint NOT NULL,
      block_no bigint NOT NULL,
      leaf_index int NOT NULL,
      path bytea NOT NULL CONSTRAINT quote_proofs_path_of_hashes CHECK (octet_length(path) % 32 = 0),
      PRIMARY KEY (instrument_id, seq),
      FOREIGN KEY (instrument_id, block_no) REFERENCES quote_blocks (instrument_id, block_no)
    );
    COMMENT ON TABLE quote_proofs IS 'inclusion paths of the quotes that were kept when their block was swept: hashes of 32 bytes, the lowest first';

    CREATE TRIGGER proof_keys_append_only BEFORE UPDATE OR DELETE ON proof_keys FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER proof_keys_no_truncate BEFORE TRUNCATE ON proof_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER quote_blocks_append_only BEFORE UPDATE OR DELETE ON quote_blocks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER quote_blocks_no_truncate BEFORE TRUNCATE ON quote_blocks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER swept_blocks_append_only BEFORE UPDATE OR DELETE ON swept_blocks FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER swept_blocks_no_truncate BEFORE TRUNCATE ON swept_blocks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER quote_proofs_append_only BEFORE UPDATE OR DELETE ON quote_proofs FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER quote_proofs_no_truncate BEFORE TRUNCATE ON quote_proofs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE proof_keys ENABLE ALWAYS TRIGGER proof_keys_append_only;
    ALTER TABLE proof_keys ENABLE ALWAYS TRIGGER proof_keys_no_truncate;
    ALTER TABLE quote_blocks ENABLE ALWAYS TRIGGER quote_blocks_chain;
    ALTER TABLE quote_blocks ENABLE ALWAYS TRIGGER quote_blocks_append_only;
    ALTER TABLE quote_blocks ENABLE ALWAYS TRIGGER quote_blocks_no_truncate;
    ALTER TABLE swept_blocks ENABLE ALWAYS TRIGGER swept_blocks_append_only;
    ALTER TABLE swept_blocks ENABLE ALWAYS TRIGGER swept_blocks_no_truncate;
    ALTER TABLE quote_proofs ENABLE ALWAYS TRIGGER quote_proofs_append_only;
    ALTER TABLE quote_proofs ENABLE ALWAYS TRIGGER quote_proofs_no_truncate;

    GRANT SELECT, INSERT ON proof_keys, quote_blocks, swept_blocks, quote_proofs TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE quote_proofs, swept_blocks, quote_blocks, proof_keys;
    DROP FUNCTION quote_block_follows();
  `);
}
