import type { Knex } from "knex";

/**
 * One margin line for each account and instrument instead of a hold for each order and position: what is held for both stands on
 * the position's row, and the database moves `balances.held` with it. `holds` are for withdrawals only from here on; the
 * old ones stay as history.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Most lots the position can reach, either way, as its waiting orders fill, times the margin; and a fee for each lot that opens.
    CREATE FUNCTION margin_line(lots bigint, pending_buy bigint, pending_sell bigint, margin bigint, fee bigint) RETURNS bigint
      LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT most * margin + (most - abs(lots)) * fee FROM (SELECT greatest(pending_buy + lots, pending_sell - lots) AS most) s
    $$;

    ALTER TABLE positions DROP CONSTRAINT positions_flat_is_empty,
      ADD CONSTRAINT positions_flat_is_empty CHECK (lots <> 0 OR cost_ticks = 0),
      ADD CONSTRAINT positions_margin_not_negative CHECK (margin_minor >= 0);
    COMMENT ON COLUMN positions.margin_minor IS 'held for the position and the account''s open orders in the instrument: margin_line(), or less while the account''s money is exhausted';
    COMMENT ON COLUMN positions.terms_version IS 'the newest terms it was traded or ordered under: price of its ticks, margin and fee of its line';

    -- From what is held for orders and positions now to lines. Until the end the balances are moved by hand, within one transaction.
    CREATE TEMP TABLE old_holds ON COMMIT DROP AS
      SELECT id, ledger_account_id FROM holds WHERE state = 'open' AND kind IN ('order', 'position');
    UPDATE holds h SET state = 'voided' FROM old_holds o WHERE h.id = o.id;
    UPDATE positions SET margin_minor = 0 WHERE margin_minor <> 0;

    CREATE FUNCTION apply_margin_lines() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      -- One lock order everywhere (by ledger account), one update of each touched balance and statement.
      IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM n WHERE margin_minor <> 0) THEN RETURN NULL; END IF;
        PERFORM FROM balances WHERE ledger_account_id IN (SELECT a.ledger_account_id FROM n JOIN accounts a ON a.id = n.account_id)
          ORDER BY ledger_account_id FOR NO KEY UPDATE;
        UPDATE balances b SET held = b.held + d.delta, version = b.version + 1
          FROM (SELECT a.ledger_account_id, sum(n.margin_minor)::bigint AS delta FROM n JOIN accounts a ON a.id = n.account_id GROUP BY 1) d
          WHERE b.ledger_account_id = d.ledger_account_id AND d.delta <> 0;
      ELSE
        IF NOT EXISTS (SELECT FROM n JOIN o USING (id) WHERE n.margin_minor <> o.margin_minor OR n.account_id <> o.account_id) THEN RETURN NULL; END IF;
        PERFORM FROM balances
          WHERE ledger_account_id IN (SELECT a.ledger_account_id FROM (SELECT account_id FROM n UNION SELECT account_id FROM o) s
            JOIN accounts a ON a.id = s.account_id)
          ORDER BY ledger_account_id FOR NO KEY UPDATE;
        UPDATE balances b SET held = b.held + d.delta, version = b.version + 1
          FROM (SELECT a.ledger_account_id, sum(s.margin)::bigint AS delta
                FROM (SELECT account_id, margin_minor AS margin FROM n UNION ALL SELECT account_id, -margin_minor FROM o) s
                  JOIN accounts a ON a.id = s.account_id GROUP BY 1) d
          WHERE b.ledger_account_id = d.ledger_account_id AND d.delta <> 0;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER positions_apply_insert AFTER INSERT ON positions
      REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION apply_margin_lines();
    CREATE TRIGGER positions_apply_update AFTER UPDATE ON positions
      REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION apply_margin_lines();
    CREATE TRIGGER positions_no_delete BEFORE DELETE ON positions FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER positions_no_truncate BEFORE TRUNCATE ON positions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_apply_insert;
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_apply_update;
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_no_delete;
    ALTER TABLE positions ENABLE ALWAYS TRIGGER positions_no_truncate;

    ALTER TABLE holds DROP CONSTRAINT holds_kind_known;
    ALTER TABLE holds ADD CONSTRAINT holds_kind_known CHECK (kind = 'withdrawal' OR (kind IN ('order', 'position') AND state <> 'open'));

    -- Every open order has the row of its line; a line takes what the account's money covers, in the order of the instruments' names.
    INSERT INTO positions (tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots, cost_ticks, margin_minor)
      SELECT tenant_id, trader_id, account_id, book, instrument_id, max(terms_version), 0, 0, 0
      FROM orders WHERE state IN ('accepted', 'working') GROUP BY tenant_id, trader_id, account_id, book, instrument_id
      ON CONFLICT (account_id, instrument_id) DO UPDATE SET terms_version = greatest(positions.terms_version, excluded.terms_version);
    DO $$
    DECLARE line record;
    BEGIN
      FOR line IN
        SELECT p.id, a.ledger_account_id, margin_line(p.lots, coalesce(w.buy, 0), coalesce(w.sell, 0),
          t.initial_margin_minor, t.fee_per_side_minor) AS required
        FROM positions p JOIN accounts a ON a.id = p.account_id
          JOIN instrument_terms t ON t.instrument_id = p.instrument_id AND t.terms_version = p.terms_version
          LEFT JOIN (SELECT account_id, instrument_id, sum(lots) FILTER (WHERE side = 'buy')::bigint AS buy,
              sum(lots) FILTER (WHERE side = 'sell')::bigint AS sell
            FROM orders WHERE state IN ('accepted', 'working') AND NOT reduce_only GROUP BY 1, 2) w
            ON w.account_id = p.account_id AND w.instrument_id = p.instrument_id
        WHERE p.lots <> 0 OR w.account_id IS NOT NULL
        ORDER BY a.ledger_account_id, p.instrument_id
      LOOP
        UPDATE positions SET margin_minor = (SELECT greatest(0, least(line.required, b.posted - b.held)) FROM balances b
          WHERE b.ledger_account_id = line.ledger_account_id) WHERE id = line.id;
      END LOOP;
    END $$;
  `);
}

/** Lines of positions become holds again. Those of open orders cannot be told apart: it fails while there are any. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DO $$ BEGIN
      IF EXISTS (SELECT FROM orders WHERE state IN ('accepted', 'working')) THEN
        RAISE EXCEPTION 'orders are open: settle or cancel them before going back';
      END IF;
    END $$;
    CREATE TEMP TABLE old_lines ON COMMIT DROP AS
      SELECT p.id, a.ledger_account_id, p.margin_minor FROM positions p JOIN accounts a ON a.id = p.account_id WHERE p.margin_minor > 0;
    UPDATE positions SET margin_minor = 0 WHERE margin_minor > 0;
    DROP TRIGGER positions_apply_insert ON positions;
    DROP TRIGGER positions_apply_update ON positions;
    DROP TRIGGER positions_no_delete ON positions;
    DROP TRIGGER positions_no_truncate ON positions;
    DROP FUNCTION apply_margin_lines();
    DROP FUNCTION margin_line(bigint, bigint, bigint, bigint, bigint);
    ALTER TABLE holds DROP CONSTRAINT holds_kind_known;
    ALTER TABLE holds ADD CONSTRAINT holds_kind_known CHECK (kind IN ('order', 'position', 'withdrawal'));
    INSERT INTO holds (ledger_account_id, kind, ref_id, amount) SELECT ledger_account_id, 'position', id, margin_minor FROM old_lines;
    UPDATE positions p SET margin_minor = o.margin_minor FROM old_lines o WHERE p.id = o.id;
    ALTER TABLE positions DROP CONSTRAINT positions_margin_not_negative, DROP CONSTRAINT positions_flat_is_empty,
      ADD CONSTRAINT positions_flat_is_empty CHECK (lots <> 0 OR (cost_ticks = 0 AND margin_minor = 0));
    COMMENT ON COLUMN positions.margin_minor IS NULL;
    COMMENT ON COLUMN positions.terms_version IS NULL;
  `);
}
