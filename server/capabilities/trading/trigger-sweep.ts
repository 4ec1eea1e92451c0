import type { Knex } from "knex";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import { lockAccounts } from "./accounts.store.ts";
import { apart } from "./apart.ts";
import { releaseHeld } from "./fire-triggers.ts";
import { holdEpoch, saveCursors } from "./trigger-cursors.store.ts";
import { flush, type Lead } from "./trigger-lead.ts";
import { catchUp, learn } from "./trigger-learn.ts";
import { loadChanged, loadOrders } from "./trigger-orders.store.ts";

/**
 * What the engine sees to by itself, whatever it was told: orders that changed, quotes that were stored, orders that expired or
 * were released from a halt. Then it writes down how far it is.
 */
export async function sweep<Alarm>(lead: Lead<Alarm>): Promise<void> {
  const { db } = lead.ports;
  const changes = await loadChanged(db, lead.snapshot);
  await learn(lead, changes.news);
  await flush(lead);
  await catchUp(lead);
  await expireOrders(lead);
  await releaseOrders(lead);
  lead.snapshot = changes.snapshot;
  await saveLead(lead);
}

/** Writes down how far this lead is. Only when all it found is written. */
export async function saveLead<Alarm>(lead: Lead<Alarm>): Promise<void> {
  const { ports, epoch, snapshot, book } = lead;
  const positions = [...book.lines.values()].map((line): [string, bigint] => [line.instrumentId, line.position]);
  await saveCursors(ports.db, epoch, snapshot, new Map(positions));
}

/** A quote that was received in time may be stored this much later than the order's end. */
const graceMs = 1_000;
const expiringMax = 2_000;

interface ExpiringRow {
  id: string;
  account_id: string;
  instrument_id: string;
  expires_at: Date;
  /** Nothing that was received in time can still come. */
  is_over: boolean;
}

/** Ends orders whose time is over once no quote can come that was received before it: it would still trigger them. */
async function expireOrders<Alarm>(lead: Lead<Alarm>): Promise<void> {
  const { ports, book } = lead;
  const rows = await findExpiring(ports.db);
  const expired = rows.filter((row) => {
    const newest = book.lines.get(row.instrument_id)?.newestReceivedAt ?? null;
    return row.is_over || (newest !== null && newest.getTime() >= row.expires_at.getTime());
  });
  if (expired.length === 0) return;
  const expire = (some: readonly ExpiringRow[]): Promise<unknown> =>
    ports.transact(systemActor, async (work) => {
      const accounts = await lockAccounts(work.db, [...new Set(some.map((row) => row.account_id))]);
      await holdEpoch(work.db, lead.epoch);
      await ports.expire(work, accounts, idsOf(some));
    });
  await apart(expired, expire, ({ id }, error) =>
    ports.log.error({ err: error, order: id }, "an order whose time is over cannot be ended"),
  );
  await learnAgain(lead, idsOf(expired));
}

async function findExpiring(db: Knex): Promise<ExpiringRow[]> {
  // The statement's time, not the clock's: only what is fixed for a statement can be looked up in an index.
  const { rows } = await db.raw<{ rows: ExpiringRow[] }>(
    `SELECT id, account_id, instrument_id, expires_at,
       expires_at <= statement_timestamp() - make_interval(secs => ?) AS is_over
     FROM orders WHERE state = 'working' AND due_seq IS NULL AND expires_at <= statement_timestamp()
     ORDER BY expires_at LIMIT ?`,
    [graceMs / 1_000, expiringMax],
  );
  return rows;
}

/** Lets orders wait anew that were met during a halt which is over. */
async function releaseOrders<Alarm>(lead: Lead<Alarm>): Promise<void> {
  const { ports, held, epoch } = lead;
  if (held.size === 0) return;
  const released = await apart(
    [...held.values()],
    (some) => releaseHeld(ports, epoch, some),
    ({ id }, error) => ports.log.error({ err: error, order: id }, "an order cannot wait anew after a halt"),
  );
  await learnAgain(lead, idsOf(released.flat()));
}

const idsOf = (orders: readonly { readonly id: string }[]): string[] => orders.map(({ id }) => id);

async function learnAgain<Alarm>(lead: Lead<Alarm>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await learn(lead, await loadOrders(lead.ports.db, ids));
  await flush(lead);
}
