import type { Knex } from "knex";

/** What the trigger engine needs to go on after a restart: which orders changed since when, and how far it read the quotes. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE orders ADD COLUMN waiting_xid xid8;
    COMMENT ON COLUMN orders.waiting_xid IS
      'the transaction that last changed what triggers it (or began or ended its wait); null: it never waited';
    -- Stamped by the database, whoever writes: it is the order's version for the trigger engine, and how the engine learns of changes.
    -- A change of its lots alone, as of a bracket's leg that follows the position, changes no trigger.
    CREATE FUNCTION stamp_waiting_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.waiting_xid := pg_current_xact_id();
      RETURN NEW;
    END $$;
    CREATE TRIGGER orders_stamp_new_waiting BEFORE INSERT ON orders FOR EACH ROW
      WHEN (NEW.state = 'working' AND NEW.due_seq IS NULL) EXECUTE FUNCTION stamp_waiting_order();
    CREATE TRIGGER orders_stamp_waiting BEFORE UPDATE ON orders FOR EACH ROW
      WHEN ((OLD.state = 'working' AND OLD.due_seq IS NULL) <> (NEW.state = 'working' AND NEW.due_seq IS NULL)
        OR (NEW.state = 'working' AND NEW.due_seq IS NULL
          AND (OLD.limit_ticks, OLD.stop_ticks, OLD.stop_quote_seq, OLD.active_from_seq, OLD.expires_at)
            IS DISTINCT FROM (NEW.limit_ticks, NEW.stop_ticks, NEW.stop_quote_seq, NEW.active_from_seq, NEW.expires_at)))
      EXECUTE FUNCTION stamp_waiting_order();
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_stamp_new_waiting;
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_stamp_waiting;
    UPDATE orders SET waiting_xid = pg_current_xact_id() WHERE state = 'working' AND due_seq IS NULL;
    CREATE INDEX orders_changed_waiting ON orders (waiting_xid) WHERE waiting_xid IS NOT NULL;
    CREATE INDEX orders_expiring ON orders (expires_at) WHERE state = 'working' AND due_seq IS NULL AND expires_at IS NOT NULL;

    -- One row. The epoch rises with each engine that begins to lead, so that one that lost the lead without noticing can mark nothing.
    CREATE TABLE trigger_engine (
      id boolean PRIMARY KEY DEFAULT true CONSTRAINT trigger_engine_one_row CHECK (id),
      epoch bigint NOT NULL DEFAULT 0,
      known_xid xid8
    );
    COMMENT ON COLUMN trigger_engine.known_xid IS
      'waiting orders changed by earlier transactions were tried against every quote up to their instrument''s cursor; null: none was';
    INSERT INTO trigger_engine DEFAULT VALUES;

    CREATE TABLE trigger_cursors (
      instrument_id text PRIMARY KEY REFERENCES instruments(id),
      seq bigint NOT NULL
    );
    COMMENT ON COLUMN trigger_cursors.seq IS 'the quote up to which the orders known (trigger_engine.known_xid) were tried';

    -- Quotes above this seq may still trigger a waiting order: the sweep of old quotes leaves them.
    CREATE VIEW quotes_needed WITH (security_invoker = true) AS
      SELECT o.instrument_id, min(CASE WHEN o.waiting_xid < e.known_xid
        THEN greatest(coalesce(o.active_from_seq, o.quote_seq), coalesce(c.seq, 0)) ELSE coalesce(o.active_from_seq, o.quote_seq) END) AS after_seq
      FROM orders o CROSS JOIN trigger_engine e LEFT JOIN trigger_cursors c ON c.instrument_id = o.instrument_id
      WHERE o.state = 'working' AND o.due_seq IS NULL
      GROUP BY o.instrument_id;

    ALTER TABLE order_events DROP CONSTRAINT order_events_kind_known;
    ALTER TABLE order_events ADD CONSTRAINT order_events_kind_known
      CHECK (kind IN ('amended', 'stop-reached', 'triggered', 'released', 'resized', 'cancelled', 'expired', 'rejected'));

    GRANT SELECT ON trigger_engine, trigger_cursors, quotes_needed TO truewick_app;
    GRANT UPDATE ON trigger_engine TO truewick_app;
    GRANT INSERT, UPDATE ON trigger_cursors TO truewick_app;
  `);
}

/** Events are never deleted: it fails when an order was released after a halt. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE order_events DROP CONSTRAINT order_events_kind_known;
    ALTER TABLE order_events ADD CONSTRAINT order_events_kind_known
      CHECK (kind IN ('amended', 'stop-reached', 'triggered', 'resized', 'cancelled', 'expired', 'rejected'));
    DROP VIEW quotes_needed;
    DROP TABLE trigger_engine, trigger_cursors;
    DROP TRIGGER orders_stamp_new_waiting ON orders;
    DROP TRIGGER orders_stamp_waiting ON orders;
    DROP FUNCTION stamp_waiting_order();
    DROP INDEX orders_changed_waiting, orders_expiring;
    ALTER TABLE orders DROP COLUMN waiting_xid;
  `);
}
