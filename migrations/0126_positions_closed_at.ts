import type { Knex } from "knex";

/** When a position was last closed stands on its row: a decision that asks how long it was held has the row in its hands anyway. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE positions ADD COLUMN closed_at timestamptz;
    COMMENT ON COLUMN positions.closed_at IS 'when its lots came to none; null while there are some, and before the first';
    UPDATE positions p SET closed_at = f.filled_at
      FROM (SELECT account_id, instrument_id, max(filled_at) AS filled_at FROM fills GROUP BY 1, 2) f
      WHERE p.lots = 0 AND f.account_id = p.account_id AND f.instrument_id = p.instrument_id;
    ALTER TABLE positions ADD CONSTRAINT positions_closed_is_flat CHECK (closed_at IS NULL OR lots = 0);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("ALTER TABLE positions DROP COLUMN closed_at");
}
