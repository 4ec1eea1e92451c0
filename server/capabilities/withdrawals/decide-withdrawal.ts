import type { TraderIdentity } from "#contracts/identity.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { resolveHolds } from "../ledger/index.ts";
import { lockAccounts } from "../trading/index.ts";
import { actorOf, type WithdrawalDeps } from "./request-withdrawal.ts";
import { lockWithdrawal, type WithdrawalRow } from "./withdrawals.store.ts";

export type ReviewRefusal = "NO_PERSON" | "UNKNOWN_WITHDRAWAL" | "NOT_IN_THIS_STATE" | "SAME_REVIEWER";

/**
 * Says yes to a withdrawal. It is approved when as many different people as it needs have said so; the database refuses one person
 * twice, and an approval without enough of them. Moves no money.
 */
export async function approveWithdrawal(
  work: Work,
  announce: (announcement: Announcement) => void,
  actor: Actor,
  id: string,
): Promise<Result<null, ReviewRefusal>> {
  if (actor.id === null || actor.kind !== "staff") return refuse("NO_PERSON");
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "in-review") return refuse("NOT_IN_THIS_STATE");
  if (row.review_1_by_id === actor.id) return refuse("SAME_REVIEWER");
  const place = row.review_1_by_id === null ? 1 : 2;
  await change(work, announce, row, {
    [`review_${place}_by_id`]: actor.id,
    [`review_${place}_by`]: actor.name,
    [`review_${place}_at`]: work.db.raw("clock_timestamp()"),
    state: place >= row.reviews_needed ? "approved" : "in-review",
  });
  work.audit({
    action: "approve",
    resource: "withdrawals",
    objectId: id,
    tenantId: row.tenant_id,
    after: { review: place, of: row.reviews_needed, contentHash: row.content_hash.toString("hex") },
  });
  return ok(null);
}

/** Says no, also after an approval, as long as nothing was sent: the money is free again at once. */
export async function rejectWithdrawal(
  work: Work,
  announce: (announcement: Announcement) => void,
  actor: Actor,
  { id, note }: { readonly id: string; readonly note: string },
): Promise<Result<null, ReviewRefusal>> {
  if (actor.id === null || actor.kind !== "staff") return refuse("NO_PERSON");
  return release(work, announce, actor, id, { state: "rejected", note });
}

/** A trader takes his request back, as long as nothing was sent. */
export const cancelWithdrawal =
  ({ transact, announce }: WithdrawalDeps) =>
  (trader: TraderIdentity, id: string): Promise<Result<WithdrawalRow, ReviewRefusal>> => {
    const actor = actorOf(trader);
    return transact(actor, async (work) => {
      const row = await lockWithdrawal(work.db, id);
      if (row?.trader_id !== trader.traderId) return refuse("UNKNOWN_WITHDRAWAL");
      const released = await release(work, announce, actor, id, { state: "cancelled", note: null });
      if (!released.ok) return released;
      const now = await lockWithdrawal(work.db, id);
      return now === undefined ? refuse("UNKNOWN_WITHDRAWAL") : ok(now);
    });
  };

async function release(
  work: Work,
  announce: (announcement: Announcement) => void,
  actor: Actor,
  id: string,
  to: { readonly state: "rejected" | "cancelled"; readonly note: string | null },
): Promise<Result<null, ReviewRefusal>> {
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "in-review" && row.state !== "approved") return refuse("NOT_IN_THIS_STATE");
  await lockAccounts(work.db, [row.account_id]);
  await resolveHolds(work.db, "withdrawal", [id], "voided");
  await change(work, announce, row, { ...to, ended_by: actor.name, ended_at: work.db.raw("clock_timestamp()") });
  const [before, after] = [{ state: row.state }, { state: to.state }];
  const action = to.state === "rejected" ? "reject" : "cancel";
  const reason = to.note === null ? {} : { reason: to.note };
  work.audit({ action, resource: "withdrawals", objectId: id, tenantId: row.tenant_id, before, after, ...reason });
  return ok(null);
}

/** Writes the next step of a locked withdrawal, and tells the trader and the back office after the commit. */
export async function change(
  { db, afterCommit }: Work,
  announce: (announcement: Announcement) => void,
  row: WithdrawalRow,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db("withdrawals")
    .where({ id: row.id })
    .update({ ...columns, version: db.raw("version + 1") });
  afterCommit(() => {
    announce({ kind: "settled", accountId: row.account_id, orderIds: [] });
    announce({ kind: "changed", resource: "withdrawals", id: row.id });
  });
}
