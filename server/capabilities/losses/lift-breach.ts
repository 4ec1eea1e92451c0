import type { LossSlot } from "#contracts/loss-names.ts";
import { liftLoss } from "#core/loss-state.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { loadMarks } from "../margin/index.ts";
import { writeLossStates } from "../risk/index.ts";
import { lockAccounts } from "../trading/index.ts";
import { loadViews } from "./load-views.ts";
import { weighLosses } from "./weigh-losses.ts";

export type LiftRefusal = "UNKNOWN_BREACH" | "ENDS_BY_ITSELF" | "LIFTED_ALREADY";

interface Row {
  tenant_id: number;
  account_id: string;
  slot: LossSlot;
  at_ms: number;
  ends_at: Date | null;
  now: Date;
}

const nothingRecent = { since: () => [], turns: () => [], placeAfter: () => 0, lastBefore: () => null };

/**
 * Ends a breach that stands until somebody ends it; the account may trade again at once, and its loss is counted anew from what is there.
 * What ends with a reset is not lifted: it was agreed on beforehand.
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
  const { account_id: accountId, slot, tenant_id: tenantId, now: at } = row;
  await lockAccounts(work.db, [accountId]);
  const view = (await loadViews(work.db, [accountId], at.getTime())).get(accountId);
  const state = view?.losses.states.get(slot);
  if (view === undefined || state?.breach?.at !== row.at_ms) return refuse("LIFTED_ALREADY");
  const { facts } = weighLosses(view, { marks: await loadMarks(work.db), recent: nothingRecent, from: null, at });
  const rule = view.rules.find((one) => one.slot === slot)?.rule;
  const lifted = rule === undefined ? { ...state, breach: null } : liftLoss(state, rule, facts);
  await writeLossStates(work.db, [{ accountId, slot, state: lifted }]);
  await work.db("loss_lifts").insert({ breach_id: id, lifted_by_id: actor.id, lifted_by: actor.name, reason });
  const [before, after] = [{ state: "until-lifted" }, { state: "lifted" }];
  work.audit({ action: "lift", resource: "risk-breaches", objectId: id, tenantId, before, after, reason });
  work.afterCommit(() => announce({ kind: "settled", accountId, orderIds: [] }));
  return ok(null);
}
