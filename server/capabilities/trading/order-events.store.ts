import type { Knex } from "knex";
import type { Actor } from "../../platform/db/unit-of-work.ts";

/** What happened to an order between its acceptance and its end, for its timeline. Prices in ticks. */
export interface OrderEvent {
  readonly orderId: string;
  readonly kind: "amended" | "triggered" | "resized" | "cancelled" | "expired" | "rejected";
  readonly said: Record<string, unknown>;
}

/** Writes events in one statement. */
export async function writeOrderEvents(
  db: Knex,
  actor: Pick<Actor, "kind" | "id">,
  events: readonly OrderEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await db.raw(
    `INSERT INTO order_events (order_id, kind, actor_kind, actor_id, said)
     SELECT n.id, n.kind, ?, ?::uuid, n.said FROM unnest(?::uuid[], ?::text[], ?::jsonb[]) WITH ORDINALITY AS n (id, kind, said, place)
     ORDER BY place`,
    [
      actor.kind,
      actor.id,
      events.map(({ orderId }) => orderId),
      events.map(({ kind }) => kind),
      events.map(({ said }) =>
        JSON.stringify(said, (_key, part) => (typeof part === "bigint" ? part.toString() : part)),
      ),
    ],
  );
}
