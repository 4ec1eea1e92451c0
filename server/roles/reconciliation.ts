import type { TaskReason } from "#contracts/reconciliation-names.ts";
import {
  claimTask,
  incompleteChannels,
  noteTask,
  overdueTasks,
  performAsked,
  reopenTask,
  resolveTask,
} from "../capabilities/reconciliation/index.ts";
import { probedGauge } from "../platform/metrics.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import type { Announcement } from "../platform/realtime/announcement.ts";
import type { Command, Commands } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";
import type { Shared } from "./shared.ts";

const lookMs = 1_000;

/** Makes the comparisons that people asked for. For the one scheduler that leads. */
export function startReconciliation({ db, transact, bus, log, payments }: Shared): Repetition {
  const deps = { db, transact, announce: (told: Announcement) => bus.publish(told), ...payments };
  const failed = (err: unknown, runId?: string): void => log.error({ err, runId }, "a reconciliation failed");
  return repeat(lookMs, async () => {
    await performAsked(deps, failed).catch(failed);
  });
}

/** Above 0 is an alarm. Once a process: a scheduler may lead several times in its life. */
export function measureReconciliation({ metrics, db }: Pick<Shared, "metrics" | "db">): void {
  const help =
    "Differences between the books and the channels that nobody has resolved for more than three business days.";
  probedGauge(metrics, "truewick_reconciliation_overdue", help, () => overdueTasks(db));
  const incomplete = "Channels whose last comparison is incomplete, but for those that were taken out of the settings.";
  probedGauge(metrics, "truewick_reconciliation_incomplete", incomplete, () => incompleteChannels(db));
}

/** What staff do with a difference. */
export function taskCommands(announce: (announcement: Announcement) => void): NonNullable<Commands[string]> {
  const told =
    (
      run: (
        ...given: Parameters<Command>
      ) => Promise<{ ok: true } | { ok: false; refusal: { code: string; field?: string } }>,
    ): Command =>
    async (...given) => {
      const answer = await run(...given);
      return answer.ok ? { ok: true, value: null } : refusedAt(answer.refusal.code, answer.refusal.field);
    };
  return {
    claim: told((work, actor, { id }) => claimTask(work, announce, actor, id)),
    note: told((work, actor, { id, input }) => noteTask(work, announce, actor, { id, note: String(input.note) })),
    reopen: told((work, actor, { id, input }) => reopenTask(work, announce, actor, { id, note: String(input.note) })),
    resolve: told((work, actor, { id, input: { reason, note, mendedBy } }) =>
      resolveTask(work, announce, actor, {
        ...{ id, reason: reason as TaskReason, note: String(note) },
        mendedBy: typeof mendedBy === "string" && mendedBy !== "" ? mendedBy.toLowerCase() : null,
      }),
    ),
  };
}
