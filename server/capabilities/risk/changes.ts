import type { RiskChangeState } from "#contracts/risk-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type ChangeLine, changeLines } from "./change-lines.ts";
import { insertLine, type LimitRefusal, lockLine, saveVersion } from "./write-limits.ts";

/** A change of the risk table that somebody begins to write. */
export interface NewChange {
  readonly name: string;
  readonly reason: string;
  /** ISO 8601; absent: its versions hold as soon as it is applied. */
  readonly effectiveAt?: string;
}

export type ChangeRefusal =
  | LimitRefusal
  | {
      readonly code:
        | "NO_PERSON"
        | "NOT_IN_THIS_STATE"
        | "NO_LINES"
        | "OWN_CHANGE"
        | "NOT_OWN_CHANGE"
        | "BEGINS_IN_THE_PAST";
      readonly field?: string;
    }
  /** `line`: which one. */
  | { readonly code: "LINE_CHANGED_SINCE"; readonly line: string };

interface ChangeRow {
  id: string;
  state: RiskChangeState;
  reason: string;
  author_id: string;
  author: string;
  effective_at: Date | null;
}

/** Begins a draft. Nothing holds before it is applied. */
export async function draftChange(
  work: Work,
  actor: Actor,
  { name, reason, effectiveAt }: NewChange,
): Promise<Result<{ id: string }, ChangeRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  if (effectiveAt !== undefined && (await isPast(work, effectiveAt)))
    return refuse({ code: "BEGINS_IN_THE_PAST", field: "effectiveAt" });
  const id = newId();
  const author = { author_id: actor.id, author: actor.name };
  await work.db("risk_changes").insert({ id, name, reason, effective_at: effectiveAt ?? null, ...author });
  const after = { name, effectiveAt: effectiveAt ?? null };
  work.audit({ action: "create", resource: "risk-changes", objectId: id, tenantId: null, after, reason });
  return ok({ id });
}

/** Locks a change that is still a draft, for setting its lines. */
export async function lockDraft(work: Work, id: string): Promise<Result<null, ChangeRefusal>> {
  const row = await lockChange(work, id);
  return row?.state === "draft" ? ok(null) : refuse({ code: "NOT_IN_THIS_STATE" });
}

/** Asks for a second person. The lines are fixed from here on. */
export async function proposeChange(work: Work, actor: Actor, id: string): Promise<Result<null, ChangeRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const row = await lockChange(work, id);
  if (row?.state !== "draft") return refuse({ code: "NOT_IN_THIS_STATE" });
  if (row.author_id !== actor.id) return refuse({ code: "NOT_OWN_CHANGE" });
  if ((await changeLines(work.db, id)).length === 0) return refuse({ code: "NO_LINES" });
  await work
    .db("risk_changes")
    .where({ id })
    .update({ state: "proposed", proposed_at: work.db.raw("clock_timestamp()") });
  audit(work, row, { action: "propose", to: "proposed" });
  return ok(null);
}

/** How the audit log calls each end. */
const actions = { apply: "applied", approve: "applied", reject: "rejected", withdraw: "withdrawn" } as const;

export interface ChangeDecision {
  readonly id: string;
  readonly action: keyof typeof actions;
  readonly note: string;
}

/**
 * Ends a change. What was proposed is approved or rejected by another person than its author; a draft is applied by whoever may write the
 * table, where no line loosens so far that a second person is needed. Withdrawn is what its author takes back.
 * Applying writes all lines or none: one that has a newer version than the draft saw is refused.
 */
export async function decideChange(
  work: Work,
  actor: Actor,
  { id, action, note }: ChangeDecision,
): Promise<Result<null, ChangeRefusal>> {
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const row = await lockChange(work, id);
  const from = action === "apply" ? ["draft"] : action === "withdraw" ? ["draft", "proposed"] : ["proposed"];
  if (row === undefined || !from.includes(row.state)) return refuse({ code: "NOT_IN_THIS_STATE" });
  const isAuthor = row.author_id === actor.id;
  if (action === "withdraw" && !isAuthor) return refuse({ code: "NOT_OWN_CHANGE" });
  if ((action === "approve" || action === "reject") && isAuthor) return refuse({ code: "OWN_CHANGE" });
  if (action === "apply" || action === "approve") {
    const written = await writeLines(work, actor, row, action === "approve" ? actor.name : null);
    if (!written.ok) return written;
  }
  await work
    .db("risk_changes")
    .where({ id })
    .update({
      ...{ state: actions[action], decided_by_id: actor.id, decided_by: actor.name },
      ...{ decided_at: work.db.raw("clock_timestamp()"), decision_note: note },
    });
  audit(work, row, { action, to: actions[action], reason: note });
  return ok(null);
}

/** Writes every line's next version in the author's name, or, with the refusal of the first that can't be, none. */
async function writeLines(
  work: Work,
  actor: Actor,
  row: ChangeRow,
  approver: string | null,
): Promise<Result<null, ChangeRefusal>> {
  const lines = await changeLines(work.db, row.id);
  if (lines.length === 0) return refuse({ code: "NO_LINES" });
  const told: Parameters<Work["audit"]>[0][] = [];
  const staged: Work = { ...work, audit: (entry) => void told.push(entry) };
  await work.db.raw("SAVEPOINT risk_change");
  for (const line of lines) {
    const written = await writeLine(staged, actor, { row, line, approver });
    if (written.ok) continue;
    await work.db.raw("ROLLBACK TO SAVEPOINT risk_change");
    return written;
  }
  await work.db.raw("RELEASE SAVEPOINT risk_change");
  for (const entry of told) work.audit(entry);
  return ok(null);
}

interface LineToWrite {
  readonly row: ChangeRow;
  readonly line: ChangeLine;
  readonly approver: string | null;
}

async function writeLine(
  work: Work,
  actor: Actor,
  { row, line: { target, seenVersion, settings }, approver }: LineToWrite,
): Promise<Result<unknown, ChangeRefusal>> {
  const now = await lockLine(work.db, target);
  if ((now?.version ?? 0) !== seenVersion) return refuse({ code: "LINE_CHANGED_SINCE", line: nameOf(target) });
  const id = now?.id ?? (await insertLine(work.db, target));
  const author = { ...actor, id: row.author_id, name: row.author };
  return saveVersion(work, author, { id, version: seenVersion, settings: now?.settings ?? {}, target }, settings, {
    ...{ effectiveFrom: row.effective_at?.toISOString() ?? null, reason: row.reason, changeId: row.id },
    ...(approver === null ? {} : { approver }),
  });
}

/** Which line of a change is meant, for the refusal. */
const nameOf = (target: ChangeLine["target"]): string =>
  [
    target.scope,
    target.tenantId,
    target.agentId ?? target.groupId ?? target.traderId,
    target.instrumentId ?? target.assetClass,
  ]
    .filter((part) => part !== null)
    .join(" ");

const lockChange = (work: Work, id: string): Promise<ChangeRow | undefined> =>
  work.db("risk_changes").where({ id }).forUpdate().first();

async function isPast(work: Work, time: string): Promise<boolean> {
  const { rows } = await work.db.raw<{ rows: { past: boolean }[] }>(
    "SELECT ?::timestamptz <= clock_timestamp() AS past",
    [time],
  );
  return rows[0]?.past === true;
}

const audit = (
  work: Work,
  { id, state }: ChangeRow,
  { action, to, reason }: { readonly action: string; readonly to: RiskChangeState; readonly reason?: string },
): void =>
  work.audit({
    ...{ action, resource: "risk-changes", objectId: id, tenantId: null, before: { state }, after: { state: to } },
    ...(reason === undefined ? {} : { reason }),
  });
