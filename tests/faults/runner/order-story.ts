import type { Knex } from "knex";

/** What a developer needs first when an order went wrong: its row's moments, its events, and the quotes it lived through. */
export async function orderStory(db: Knex, orderId: string): Promise<string> {
  const { rows } = await db.raw<{ rows: { at: Date; what: string }[] }>(
    `WITH o AS (SELECT * FROM orders WHERE id = :orderId)
     SELECT at, what FROM (
       SELECT accepted_at AS at, format('%s %s accepted, version %s', origin, id, waiting_xid) AS what FROM o
       UNION ALL SELECT due_at, 'due' FROM o
       UNION ALL SELECT done_at, state FROM o
       UNION ALL SELECT e.at, format('%s %s', e.kind, e.said) FROM order_events e JOIN o ON o.id = e.order_id
       UNION ALL SELECT q.received_at, format('quote %s %s/%s %s', q.seq, q.bid_ticks, q.ask_ticks, q.flag)
         FROM quotes q JOIN o USING (instrument_id)
         WHERE q.seq BETWEEN o.active_from_seq AND least(o.trigger_quote_seq, o.active_from_seq + 20)) story
     WHERE at IS NOT NULL ORDER BY at`,
    { orderId },
  );
  return rows.map(({ at, what }) => `  ${at.toISOString()} ${what}`).join("\n");
}
