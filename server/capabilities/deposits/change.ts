import type { Work } from "../../platform/db/unit-of-work.ts";
import type { DepositRow } from "./deposits.store.ts";
import type { DepositDeps } from "./ports.ts";

/** Writes the next step of a locked deposit, and tells the trader and the back office after the commit. */
export async function change(
  { db, afterCommit }: Work,
  announce: DepositDeps["announce"],
  row: DepositRow,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db("deposits")
    .where({ id: row.id })
    .update({ ...columns, version: db.raw("version + 1") });
  const accountId = typeof columns.account_id === "string" ? columns.account_id : row.account_id;
  afterCommit(() => {
    if (accountId !== null) announce({ kind: "settled", accountId, orderIds: [] });
    announce({ kind: "changed", resource: "deposits", id: row.id });
  });
}

/** Has deposits settled at once: something new was said about them. */
export async function makeDue(
  { db, afterCommit }: Work,
  announce: DepositDeps["announce"],
  ids: readonly string[],
): Promise<void> {
  await db("deposits")
    .whereIn("id", ids)
    .update({ next_poll_at: db.raw("clock_timestamp()"), polls: 0 });
  afterCommit(() => {
    for (const id of ids) announce({ kind: "changed", resource: "deposits", id });
  });
}

/** When a deposit was credited, and when it can be withdrawn. */
export const creditedNow = ({ db }: Work, withdrawableDays: number): Readonly<Record<string, unknown>> => ({
  credited_at: db.raw("clock_timestamp()"),
  withdrawable_at:
    withdrawableDays === 0 ? null : db.raw("clock_timestamp() + make_interval(days => ?)", [withdrawableDays]),
});

/** A step of a deposit for the audit log. */
export function record(
  { audit }: Work,
  action: string,
  row: DepositRow,
  after: Readonly<Record<string, unknown>>,
  reason?: string,
): void {
  audit({
    ...{ action, resource: "deposits", objectId: row.id, tenantId: row.tenant_id },
    before: { state: row.state },
    after,
    ...(reason === undefined ? {} : { reason }),
  });
}
