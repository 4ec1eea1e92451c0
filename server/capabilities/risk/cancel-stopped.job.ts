import type { Knex } from "knex";
import { systemActor, type Transact, type Work } from "../../platform/db/unit-of-work.ts";

export interface CancelStoppedPorts {
  readonly db: Knex;
  readonly transact: Transact;
  /** Cancels working orders of accounts inside a transaction and returns how many; it locks the accounts. */
  readonly cancelWorking: (
    work: Work,
    accountIds: readonly string[],
    why: { readonly code: "KILL_SWITCH"; readonly instrumentId?: string },
  ) => Promise<number>;
  readonly announceChanged: (id: string) => void;
}

/** Accounts whose orders are cancelled in one transaction. */
const accountsMax = 200;

interface OpenSwitch {
  id: string;
  instrument_id: string | null;
}

/**
 * Cancels the working orders of switches that were thrown to do so, in batches. Killed in the middle it goes on where it was:
 * cancelled orders are found no more. A switch lifted meanwhile cancels nothing further. Returns how many were cancelled.
 */
export async function cancelStopped(ports: CancelStoppedPorts): Promise<number> {
  const { rows } = await ports.db.raw<{ rows: OpenSwitch[] }>(
    `SELECT id, instrument_id FROM kill_switches
     WHERE cancel_working AND cancelled_at IS NULL AND lifted_at IS NULL ORDER BY thrown_at`,
  );
  let cancelled = 0;
  for (const { id, instrument_id } of rows) {
    for (;;) {
      const batch = await cancelBatch(ports, id, instrument_id);
      cancelled += batch ?? 0;
      if (batch === null) break;
    }
    ports.announceChanged(id);
  }
  return cancelled;
}

/** Null: nothing is left, or the switch was lifted. */
function cancelBatch(ports: CancelStoppedPorts, id: string, instrumentId: string | null): Promise<number | null> {
  return ports.transact(systemActor, async (work) => {
    const accountIds = await stoppedAccounts(work.db, id);
    if (accountIds.length === 0) {
      await work.db.raw(
        "UPDATE kill_switches SET cancelled_at = clock_timestamp() WHERE id = ? AND lifted_at IS NULL AND cancelled_at IS NULL",
        [id],
      );
      return null;
    }
    const why = { code: "KILL_SWITCH" as const, ...(instrumentId === null ? {} : { instrumentId }) };
    const count = await ports.cancelWorking(work, accountIds, why);
    await work.db.raw(
      "UPDATE kill_switches SET cancelled_orders = cancelled_orders + ? WHERE id = ? AND lifted_at IS NULL",
      [count, id],
    );
    return count;
  });
}

/** Accounts the switch concerns that have an order waiting for its trigger. What is due already is settled, not cancelled. */
async function stoppedAccounts(db: Knex, id: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    `SELECT DISTINCT o.account_id FROM kill_switches s, orders o
       JOIN accounts a ON a.id = o.account_id JOIN traders t ON t.id = a.trader_id LEFT JOIN agents g ON g.id = t.agent_id
     WHERE s.id = ? AND s.lifted_at IS NULL AND o.state = 'working' AND o.due_seq IS NULL
       AND (s.instrument_id IS NULL OR o.instrument_id = s.instrument_id)
       AND (s.tenant_id IS NULL OR a.tenant_id = s.tenant_id)
       AND (s.agent_id IS NULL OR s.agent_id = ANY (g.line)) AND (s.account_id IS NULL OR s.account_id = a.id)
     ORDER BY o.account_id LIMIT ?`,
    [id, accountsMax],
  );
  return rows.map((row) => row.account_id);
}
