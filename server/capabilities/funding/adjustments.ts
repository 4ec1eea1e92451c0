import type { AdjustmentReason, AdjustmentState } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits, parseDecimal } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { fund } from "../accounts/index.ts";

/** A correction of a balance that somebody asks for. */
export interface NewAdjustment {
  readonly accountId: string;
  /** Decimal in major units of the account's currency: + is paid in, - is taken out. */
  readonly amount: string;
  readonly reasonCode: AdjustmentReason;
  /** What happened, for whoever approves and for the auditor. */
  readonly note: string;
}

export interface AdjustmentRefusal {
  readonly code:
    | "UNKNOWN_ACCOUNT"
    | "AMOUNT_TOO_FINE"
    | "AMOUNT_ZERO"
    | "NOTE_TOO_SHORT"
    | "NO_PERSON"
    | "OWN_ADJUSTMENT"
    | "NOT_OWN_ADJUSTMENT"
    | "DECIDED_ALREADY"
    | "INSUFFICIENT_FUNDS";
  readonly field?: string;
}

const noteChars = { min: 3, max: 450 };

/** Asks for an adjustment. No money moves, and nothing is held: somebody else decides about it. */
export async function requestAdjustment(
  work: Work,
  actor: Actor,
  wanted: NewAdjustment,
): Promise<Result<{ id: string }, AdjustmentRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const account = await work.db("accounts").where({ id: wanted.accountId }).first();
  const isReached = account !== undefined && (actor.tenantId === null || actor.tenantId === account.tenant_id);
  if (!isReached) return refuse({ code: "UNKNOWN_ACCOUNT", field: "accountId" });
  const amount = parseDecimal(wanted.amount, account.currency_scale);
  if (amount === null) return refuse({ code: "AMOUNT_TOO_FINE", field: "amount" });
  if (amount === 0n) return refuse({ code: "AMOUNT_ZERO", field: "amount" });
  const note = wanted.note.trim();
  if (note.length < noteChars.min || note.length > noteChars.max)
    return refuse({ code: "NOTE_TOO_SHORT", field: "note" });
  const id = newId();
  await work.db("adjustments").insert({
    id,
    tenant_id: account.tenant_id,
    account_id: account.id,
    amount_minor: amount.toString(),
    currency: account.currency,
    currency_scale: account.currency_scale,
    reason_code: wanted.reasonCode,
    note,
    requested_by_id: actor.id,
    requested_by: actor.name,
  });
  work.audit({
    action: "request",
    resource: "adjustments",
    objectId: id,
    tenantId: account.tenant_id,
    after: {
      accountId: account.id,
      amount: formatDecimal(amount, account.currency_scale),
      currency: account.currency,
      reasonCode: wanted.reasonCode,
    },
    reason: note,
  });
  return ok({ id });
}

/** How the audit log calls each decision. */
const actions = { posted: "post", rejected: "reject", withdrawn: "withdraw" } as const;

export interface AdjustmentDecision {
  readonly id: string;
  readonly to: Exclude<AdjustmentState, "requested">;
  readonly note: string;
}

/**
 * Decides an adjustment: whoever asked for it may only withdraw it, another person posts or rejects it. Posting moves the money in
 * this transaction, once, and is refused when the account's available money does not cover it.
 */
export async function decideAdjustment(
  work: Work,
  announce: (announcement: Announcement) => void,
  actor: Actor,
  { id, to, note }: AdjustmentDecision,
): Promise<Result<null, AdjustmentRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const { db } = work;
  const row = await db("adjustments").where({ id }).forUpdate().first();
  if (row === undefined || row.state !== "requested") return refuse({ code: "DECIDED_ALREADY" });
  const isMaker = row.requested_by_id === actor.id;
  if (to === "withdrawn" ? !isMaker : isMaker)
    return refuse({ code: isMaker ? "OWN_ADJUSTMENT" : "NOT_OWN_ADJUSTMENT" });
  let groupId: string | null = null;
  if (to === "posted") {
    const funded = await fund(work, actor, {
      accountId: row.account_id,
      amount: minorUnits(row.amount_minor),
      reason: `${row.reason_code}: ${row.note}`,
      requestId: id,
    });
    if (!funded.ok) {
      if (funded.refusal === "INSUFFICIENT_FUNDS") return refuse({ code: "INSUFFICIENT_FUNDS" });
      throw new Error(`adjustment ${id} can't be posted: ${funded.refusal}`);
    }
    groupId = funded.value.groupId;
    work.afterCommit(() => announce({ kind: "settled", accountId: row.account_id, orderIds: [] }));
  }
  await db("adjustments")
    .where({ id })
    .update({
      state: to,
      decided_by_id: actor.id,
      decided_by: actor.name,
      decided_at: db.raw("clock_timestamp()"),
      decision_note: note,
      group_id: groupId,
    });
  const [before, after] = [{ state: row.state }, { state: to }];
  work.audit({
    action: actions[to],
    resource: "adjustments",
    objectId: id,
    tenantId: row.tenant_id,
    before,
    after,
    reason: note,
  });
  return ok(null);
}
