import type { Knex } from "knex";

/** Trades that two traders make within seconds of each other, counted as the fills come: opposite ones, and the same ones. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE link_trades (
      signal text NOT NULL CONSTRAINT link_trades_signal_known CHECK (signal IN ('opposite-trades', 'copied-trades')),
      trader_a uuid NOT NULL REFERENCES traders(id),
      trader_b uuid NOT NULL REFERENCES traders(id),
      times bigint NOT NULL,
      last_at timestamptz NOT NULL,
      PRIMARY KEY (trader_a, trader_b, signal),
      CONSTRAINT link_trades_two_in_order CHECK (trader_a < trader_b)
    );
    CREATE INDEX link_trades_b ON link_trades (trader_b);
    CREATE TABLE link_fill_counts (
      trader_id uuid PRIMARY KEY REFERENCES traders(id),
      fills bigint NOT NULL
    );
    COMMENT ON TABLE link_fill_counts IS 'how many fills of each trader were compared: what his matches are a share of';
    CREATE TABLE link_fills_read (
      is_one boolean PRIMARY KEY DEFAULT true CONSTRAINT link_fills_read_is_one CHECK (is_one),
      last_fill_id bigint NOT NULL
    );
    COMMENT ON TABLE link_fills_read IS 'fills up to this one were compared';
    INSERT INTO link_fills_read (last_fill_id) VALUES (0);
    GRANT SELECT, INSERT, UPDATE ON link_trades, link_fill_counts TO truewick_app;
    GRANT SELECT, UPDATE ON link_fills_read TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("DROP TABLE link_fills_read, link_fill_counts, link_trades");
}
