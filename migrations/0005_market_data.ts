import type { Knex } from "knex";

/** Quotes in the order they were received, and the bars made of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE quotes (
      instrument_id text NOT NULL REFERENCES instruments(id),
      seq bigint NOT NULL,
      bid_ticks bigint,
      ask_ticks bigint,
      last_ticks bigint,
      last_lots numeric(20, 8),
      venue_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL,
      source text NOT NULL,
      flag text CONSTRAINT quotes_flag_known CHECK (flag IN ('crossed', 'not-positive', 'out-of-order', 'off-tick')),
      PRIMARY KEY (instrument_id, seq)
    );
    COMMENT ON COLUMN quotes.flag IS 'null: tradable; otherwise why this quote may not price an order';
    CREATE INDEX quotes_received ON quotes USING brin (received_at);

    CREATE TABLE bars (
      instrument_id text NOT NULL REFERENCES instruments(id),
      interval text NOT NULL CONSTRAINT bars_interval_known CHECK (interval IN ('1m', '5m', '15m', '30m', '1h', '4h', '1d')),
      opened_at timestamptz NOT NULL,
      open_ticks bigint NOT NULL,
      high_ticks bigint NOT NULL,
      low_ticks bigint NOT NULL,
      close_ticks bigint NOT NULL,
      volume numeric(20, 8) NOT NULL DEFAULT 0,
      source text NOT NULL,
      final boolean NOT NULL DEFAULT false,
      rev int NOT NULL DEFAULT 0,
      last_seq bigint NOT NULL,
      PRIMARY KEY (instrument_id, interval, opened_at),
      CONSTRAINT bars_high_is_highest CHECK (high_ticks >= greatest(open_ticks, close_ticks, low_ticks)),
      CONSTRAINT bars_low_is_lowest CHECK (low_ticks <= least(open_ticks, close_ticks))
    );

    GRANT SELECT, INSERT, DELETE ON quotes TO truewick_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON bars TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE bars, quotes;
  `);
}
