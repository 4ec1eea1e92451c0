import type { LossSlot } from "#contracts/loss-names.ts";
import { liftLoss, type StandingBreach } from "#core/loss-state.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { loadMarks } from "../margin/index.ts";
import { writeLossStates } from "../risk/index.ts";
import { findTogether, lockAccounts } from "../trading/index.ts";
import { loadViews } from "./load-views.ts";
import { weighLosses } from "./weigh-losses.ts";

export type LiftRefusal = "UNKNOWN_BREACH" | "ENDS_BY_ITSELF" | "LIFTED_ALREADY" | "SPANS_PARTNERS";

interface Row {
  tenant_id: number;
  account_id: string;
  slot: LossSlot;
  at_ms: number;
  ends_at: Date | null;
  now: Date;
}

const nothingRecent = { since: () => [], turns: () => [], place: () => 0, placeAfter: () => 0, lastBefore: () => null };

/**
 * Ends a breach that stands until somebody ends it; the account may trade again at once, and its loss is counted anew from what is there.
 * So are those of the accounts that count as one with it: what they have lost was lost together, and would breach again at once. What ends
 * with a reset is not lifted: it was agreed on beforehand.
 */
export async function liftBreach(
  announce: (announcement: Announcement) => void,
  work: Work,
  actor: Actor,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<Result<null, LiftRefusal>> {
  const { rows } = await work.db.raw<{ rows: Row[] }>(
    `SELECT tenant_id, account_id, slot, (extract(epoch FROM at) * 1000)::float8 AS at_ms, ends_at, clock_timestamp() AS now FROM loss_breaches WHERE id = ?`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) return refuse("UNKNOWN_BREACH");
  if (row.ends_at !== null) return refuse("ENDS_BY_ITSELF");
  const { account_id: accountId, slot, now: at } = row;
  const mates = await findTogether(work.db, [accountId]);
  const ids = [accountId, ...(mates.get(accountId) ?? [])];
  const accounts = await lockAccounts(work.db, ids);
  if (actor.tenantId !== null && [...accounts.values()].some((account) => account.tenant_id !== actor.tenantId))
    return refuse("SPANS_PARTNERS");
  const views = await loadViews(work.db, ids, mates, at.getTime());
  if (views.get(accountId)?.losses.states.get(slot)?.breach?.at !== row.at_ms) return refuse("LIFTED_ALREADY");
  const groups = weighLosses(views, {
    ...{ marks: await loadMarks(work.db), recent: nothingRecent, fromOf: () => null, at },
  });
  const lifted = groups.flat().flatMap(({ view: { losses, rules }, weighed: { facts } }) => {
    const state = losses.states.get(slot);
    if (state === undefined) return [];
    const rule = rules.find((one) => one.slot === slot)?.rule;
    // One that ends with its reset stands, though what it was found by is counted anew.
    const { breach } = state;
    const left = breach?.endsAt == null ? null : breach;
    const after = rule === undefined ? state : liftLoss(state, rule, facts);
    return [
      { accountId: losses.accountId, slot, state: { ...after, breach: left }, breach: left === null ? breach : null },
    ];
  });
  await writeLossStates(work.db, lifted);
  await noteLifts(work, actor, lifted, reason);
  work.afterCommit(() => {
    for (const one of lifted) announce({ kind: "settled", accountId: one.accountId, orderIds: [] });
  });
  return ok(null);
}

/** Of each breach that stood until now. */
async function noteLifts(
  work: Work,
  actor: Actor,
  lifted: readonly { readonly accountId: string; readonly slot: LossSlot; readonly breach: StandingBreach | null }[],
  reason: string,
): Promise<void> {
  const standing = lifted.flatMap(({ accountId, slot, breach }) =>
    breach === null ? [] : [{ accountId, slot, breach }],
  );
  const { rows } = await work.db.raw<{ rows: { id: string; tenant_id: number }[] }>(
    `INSERT INTO loss_lifts (breach_id, lifted_by_id, lifted_by, reason)
     SELECT b.id, ?, ?, ? FROM unnest(?::uuid[], ?::text[], ?::float8[]) AS n (account_id, slot, at_ms)
       JOIN loss_breaches b ON (b.account_id, b.slot) = (n.account_id, n.slot) AND b.at = to_timestamp(n.at_ms / 1000)
     RETURNING breach_id AS id, (SELECT tenant_id FROM loss_breaches WHERE id = breach_id)`,
    [
      ...[actor.id, actor.name, reason],
      standing.map(({ accountId }) => accountId),
      standing.map(({ slot }) => slot),
      standing.map(({ breach }) => breach.at),
    ],
  );
  const [before, after] = [{ state: "until-lifted" }, { state: "lifted" }];
  for (const { id, tenant_id: tenantId } of rows)
    work.audit({ action: "lift", resource: "risk-breaches", objectId: id, tenantId, before, after, reason });
}
