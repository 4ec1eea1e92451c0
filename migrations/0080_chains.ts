import type { Knex } from "knex";

const known = ["payment_channels", "deposits", "payout_targets", "withdrawals"] as const;
const before: Readonly<Record<(typeof known)[number], string>> = {
  payment_channels: "'bank', 'gateway'",
  deposits: "'bank', 'gateway'",
  payout_targets: "'bank'",
  withdrawals: "'bank'",
};

/**
 * Money that comes on a chain: an address for each account, the blocks that were looked at, and the transfers found in them. The names of
 * the channels become rows, so that a further channel is one more row.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE channel_names (name text PRIMARY KEY CONSTRAINT channel_names_shape CHECK (name ~ '^[a-z][a-z0-9-]{1,30}$'));
    INSERT INTO channel_names VALUES ('bank'), ('gateway'), ('usdt-erc20'), ('usdt-bep20');
    GRANT SELECT ON channel_names TO truewick_app;
  `);
  for (const table of known)
    await knex.raw(
      `ALTER TABLE ?? DROP CONSTRAINT ??, ADD CONSTRAINT ?? FOREIGN KEY (channel) REFERENCES channel_names (name)`,
      [table, `${table}_channel_known`, `${table}_channel_known`],
    );
  await knex.raw(`
    ALTER TABLE payment_events DROP CONSTRAINT payment_events_source_known,
      ADD CONSTRAINT payment_events_source_known CHECK (source IN ('notice', 'answer', 'statement', 'chain'));

    CREATE TABLE chain_keys (
      channel text NOT NULL REFERENCES channel_names (name),
      key_name text NOT NULL,
      next_index int NOT NULL DEFAULT 0 CONSTRAINT chain_keys_index_not_negative CHECK (next_index >= 0),
      PRIMARY KEY (channel, key_name)
    );
    COMMENT ON TABLE chain_keys IS 'public keys that addresses are derived from, with the number of the next address: none is left out, none given twice';

    CREATE TABLE chain_addresses (
      channel text NOT NULL,
      address text NOT NULL,
      tenant_id int NOT NULL,
      account_id uuid NOT NULL,
      key_name text NOT NULL,
      address_index int NOT NULL,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (channel, address),
      CONSTRAINT chain_addresses_once UNIQUE (account_id, channel, key_name),
      CONSTRAINT chain_addresses_index_once UNIQUE (channel, key_name, address_index),
      CONSTRAINT chain_addresses_key_known FOREIGN KEY (channel, key_name) REFERENCES chain_keys (channel, key_name),
      CONSTRAINT chain_addresses_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
    );
    CREATE INDEX chain_addresses_tenant ON chain_addresses (tenant_id, channel);
    CREATE TRIGGER chain_addresses_fixed BEFORE UPDATE OR DELETE ON chain_addresses FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE chain_addresses ENABLE ALWAYS TRIGGER chain_addresses_fixed;

    CREATE TABLE chain_watches (
      tenant_id int NOT NULL REFERENCES partners(id),
      channel text NOT NULL REFERENCES channel_names (name),
      network text NOT NULL,
      contract text NOT NULL,
      first_block bigint NOT NULL,
      head_number bigint NOT NULL,
      final_number bigint NOT NULL,
      looked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (tenant_id, channel)
    );
    COMMENT ON TABLE chain_watches IS 'what is watched, of which chain and contract: settings that say another one are refused';
    COMMENT ON COLUMN chain_watches.final_number IS 'the newest block that counts; -1: none yet';

    CREATE TABLE chain_blocks (
      tenant_id int NOT NULL,
      channel text NOT NULL,
      number bigint NOT NULL,
      hash text NOT NULL,
      PRIMARY KEY (tenant_id, channel, number),
      CONSTRAINT chain_blocks_watched FOREIGN KEY (tenant_id, channel) REFERENCES chain_watches (tenant_id, channel)
    );
    COMMENT ON TABLE chain_blocks IS 'blocks up to which everything was looked at; the newest is where to go on, the others find where a reorg began';

    CREATE TABLE chain_transfers (
      tenant_id int NOT NULL,
      channel text NOT NULL,
      txid text NOT NULL,
      log_index int NOT NULL,
      occurrence int NOT NULL DEFAULT 1,
      block_number bigint NOT NULL,
      block_hash text NOT NULL,
      contract text NOT NULL,
      from_address text NOT NULL,
      to_address text NOT NULL,
      amount numeric(78, 0) NOT NULL CONSTRAINT chain_transfers_amount_positive CHECK (amount > 0),
      amount_minor bigint NOT NULL,
      remainder numeric(78, 0) NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      state text NOT NULL CONSTRAINT chain_transfers_state_known CHECK (state IN ('seen', 'counted', 'dropped', 'reversed')),
      missing_at bigint,
      seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (tenant_id, channel, txid, log_index, occurrence),
      CONSTRAINT chain_transfers_watched FOREIGN KEY (tenant_id, channel) REFERENCES chain_watches (tenant_id, channel),
      CONSTRAINT chain_transfers_address_ours FOREIGN KEY (channel, to_address) REFERENCES chain_addresses (channel, address)
    );
    COMMENT ON COLUMN chain_transfers.log_index IS 'place among the events of its transaction';
    COMMENT ON COLUMN chain_transfers.occurrence IS 'from 2 on: the chain took it back after it had counted, and it came again';
    COMMENT ON COLUMN chain_transfers.remainder IS 'of the amount, in smallest units: finer than a minor unit, nobody''s';
    COMMENT ON COLUMN chain_transfers.missing_at IS 'the newest block when it was first not in the chain any more';
    CREATE UNIQUE INDEX chain_transfers_live_once ON chain_transfers (tenant_id, channel, txid, log_index) WHERE state <> 'reversed';
    CREATE INDEX chain_transfers_block ON chain_transfers (tenant_id, channel, block_number);
    CREATE INDEX chain_transfers_open ON chain_transfers (tenant_id, channel) WHERE state = 'seen' OR (state = 'counted' AND missing_at IS NOT NULL);
    CREATE INDEX chain_transfers_to ON chain_transfers (channel, to_address, seen_at DESC);

    -- What came is fixed; a transfer may move to another block, and counts once between two reversals.
    CREATE FUNCTION keep_chain_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.tenant_id, NEW.channel, NEW.txid, NEW.log_index, NEW.occurrence, NEW.contract, NEW.from_address, NEW.to_address, NEW.amount,
          NEW.amount_minor, NEW.remainder, NEW.currency, NEW.currency_scale, NEW.seen_at)
        IS DISTINCT FROM (OLD.tenant_id, OLD.channel, OLD.txid, OLD.log_index, OLD.occurrence, OLD.contract, OLD.from_address, OLD.to_address, OLD.amount,
          OLD.amount_minor, OLD.remainder, OLD.currency, OLD.currency_scale, OLD.seen_at)
        OR (NEW.state <> OLD.state AND NOT (CASE OLD.state
          WHEN 'seen' THEN NEW.state IN ('counted', 'dropped')
          WHEN 'dropped' THEN NEW.state IN ('seen', 'counted')
          WHEN 'counted' THEN NEW.state = 'reversed'
          ELSE false END)) THEN
        RAISE EXCEPTION 'transfer % of % is % and fixed', OLD.log_index, OLD.txid, OLD.state USING ERRCODE = '23514', CONSTRAINT = 'chain_transfers_fixed';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER chain_transfers_kept BEFORE UPDATE ON chain_transfers FOR EACH ROW EXECUTE FUNCTION keep_chain_transfer();
    CREATE TRIGGER chain_transfers_no_delete BEFORE DELETE ON chain_transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();
    ALTER TABLE chain_transfers ENABLE ALWAYS TRIGGER chain_transfers_kept;
    ALTER TABLE chain_transfers ENABLE ALWAYS TRIGGER chain_transfers_no_delete;

    GRANT SELECT, INSERT ON chain_addresses, chain_transfers TO truewick_app;
    GRANT SELECT, INSERT, UPDATE ON chain_keys TO truewick_app;
    GRANT SELECT, INSERT ON chain_watches TO truewick_app;
    GRANT UPDATE (head_number, final_number, looked_at) ON chain_watches TO truewick_app;
    GRANT SELECT, INSERT, DELETE ON chain_blocks TO truewick_app;
    GRANT UPDATE (block_number, block_hash, state, missing_at) ON chain_transfers TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE chain_transfers, chain_blocks, chain_watches, chain_addresses, chain_keys;
    DROP FUNCTION keep_chain_transfer();
    ALTER TABLE payment_events DROP CONSTRAINT payment_events_source_known,
      ADD CONSTRAINT payment_events_source_known CHECK (source IN ('notice', 'answer', 'statement'));
  `);
  for (const table of known)
    await knex.raw(`ALTER TABLE ?? DROP CONSTRAINT ??, ADD CONSTRAINT ?? CHECK (channel IN (${before[table]}))`, [
      ...[table, `${table}_channel_known`, `${table}_channel_known`],
    ]);
  await knex.raw("DROP TABLE channel_names");
}
