import type { TaskReason } from "#contracts/reconciliation-names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { lockTask, record, type TaskRow } from "./tasks.store.ts";

export interface TaskRefusal {
  readonly code:
    | "UNKNOWN_TASK"
    | "NO_PERSON"
    | "NOT_IN_THIS_STATE"
    | "CLAIMED_BY_OTHER"
    | "MENDED_BY_MISSING"
    | "MENDED_BY_UNKNOWN";
  readonly field?: string;
}
type Done = Promise<Result<null, TaskRefusal>>;
type Announce = (announcement: Announcement) => void;

/** Somebody takes a difference on, also from who has it now. */
export const claimTask = (work: Work, announce: Announce, actor: Actor, id: string): Done =>
  onTask(work, announce, actor, { id, action: "claim", from: ["open", "claimed"] }, (task) =>
    task.claimed_by_id === actor.id ? refuse({ code: "NOT_IN_THIS_STATE" }) : ok(claimed(work, actor)),
  );

/** Says how far the work on it is; the audit log keeps what was said before. */
export const noteTask = (
  work: Work,
  announce: Announce,
  actor: Actor,
  { id, note }: { readonly id: string; readonly note: string },
): Done =>
  onTask(work, announce, actor, { id, action: "note", from: ["open", "claimed", "resolved"] }, () => ok({ note }));

export interface WantedResolution {
  readonly id: string;
  readonly reason: TaskReason;
  readonly note: string;
  /** Group of the transfers that mended it, for the reason `mended` alone. */
  readonly mendedBy: string | null;
}

/**
 * Ends a task though the difference is there, and says why it may be. It moves no money. `mended` names the transfers of the partner, in the
 * task's currency, that make up for it.
 */
export const resolveTask = (
  work: Work,
  announce: Announce,
  actor: Actor,
  { id, reason, note, mendedBy }: WantedResolution,
): Done =>
  onTask(work, announce, actor, { id, action: "resolve", from: ["open", "claimed"] }, async (task) => {
    const { db } = work;
    if (task.claimed_by_id !== null && task.claimed_by_id !== actor.id) return refuse({ code: "CLAIMED_BY_OTHER" });
    if ((reason === "mended") !== (mendedBy !== null)) return refuse({ code: "MENDED_BY_MISSING", field: "mendedBy" });
    const { tenant_id, currency } = task;
    const named = mendedBy && (await db("transfers").where({ tenant_id, currency, group_id: mendedBy }).first("id"));
    if (named === undefined) return refuse({ code: "MENDED_BY_UNKNOWN", field: "mendedBy" });
    const now = db.raw("clock_timestamp()");
    return ok({
      ...{ state: "resolved", reason, note, mended_by: mendedBy },
      ...{ resolved_by_id: actor.id, resolved_by: actor.name, resolved_at: now },
    });
  });

/** Makes a resolved difference work again, for who opens it. */
export const reopenTask = (
  work: Work,
  announce: Announce,
  actor: Actor,
  { id, note }: { readonly id: string; readonly note: string },
): Done =>
  onTask(work, announce, actor, { id, action: "reopen", from: ["resolved"] }, (task) =>
    task.even_on !== null
      ? refuse({ code: "NOT_IN_THIS_STATE" })
      : ok({
          ...{ ...claimed(work, actor), note, reopened: work.db.raw("reopened + 1") },
          ...{ reason: null, mended_by: null, resolved_by_id: null, resolved_by: null, resolved_at: null },
        }),
  );

const claimed = ({ db }: Work, actor: Actor) => ({
  ...{ state: "claimed", claimed_by_id: actor.id, claimed_by: actor.name, claimed_at: db.raw("clock_timestamp()") },
});

type Columns = Readonly<Record<string, unknown>>;

async function onTask(
  work: Work,
  announce: Announce,
  actor: Actor,
  { id, action, from }: { readonly id: string; readonly action: string; readonly from: readonly TaskRow["state"][] },
  decide: (task: TaskRow) => Result<Columns, TaskRefusal> | Promise<Result<Columns, TaskRefusal>>,
): Done {
  const { db } = work;
  if (actor.id === null) return refuse({ code: "NO_PERSON" });
  const task = await lockTask(db, id);
  if (task === undefined) return refuse({ code: "UNKNOWN_TASK" });
  if (!from.includes(task.state)) return refuse({ code: "NOT_IN_THIS_STATE" });
  const columns = await decide(task);
  if (!columns.ok) return columns;
  await db("reconciliation_tasks")
    .where({ id })
    .update({ ...columns.value, version: db.raw("version + 1") });
  const { state = task.state, note, reason, mended_by: mendedBy } = columns.value;
  record(work, task, action, { state, note, reason, mendedBy });
  work.afterCommit(() => announce({ kind: "changed", resource: "reconciliation-tasks", id }));
  return ok(null);
}
