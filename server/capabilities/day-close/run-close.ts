import type { Knex } from "knex";
import type { CloseStepName } from "#contracts/close-names.ts";
import { assert } from "#core/result.ts";
import { type Actor, systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import {
  type DayClose,
  lockClose,
  nextStep,
  type PlannedStep,
  planAhead,
  readClock,
  readPlan,
  writeState,
  writeStep,
  writeWait,
} from "./closes.store.ts";
import type { ClosePorts, CloseStep, Figures } from "./step.ts";
import { closeSteps } from "./steps.ts";

export type CloseOutcome =
  | { readonly outcome: "closed" | "waits" }
  | { readonly outcome: "failed"; readonly step: string; readonly figures: Figures };

/**
 * Takes a close through its steps from where it stands. Each step's effect and outcome are one transaction under the partner's lock, so it
 * may be killed anywhere, run twice, and run by two processes at once: each step happens once. A broken rule stops it until a person lets it
 * go on; anything thrown leaves the step pending for the next run.
 */
export async function runClose(ports: ClosePorts, close: DayClose): Promise<CloseOutcome> {
  await planAnew(ports, close);
  for (;;) {
    const planned = await nextStep(ports.db, close.id);
    if (planned === null) return { outcome: "closed" };
    const step = closeSteps.find(({ name }) => name === planned.name);
    assert(step !== undefined, `day close ${close.id} plans the unknown step ${planned.name}`);
    const began = await readClock(ports.db);
    const answer = (await step.prepare?.(ports, close)) ?? { outcome: "ready", figures: {} };
    if (answer.outcome === "waits") {
      if (await writeWait(ports.db, close.id, planned.no, answer)) announceChange(ports, close);
      return { outcome: "waits" };
    }
    if (answer.outcome === "broken") return fail(ports, close, { planned, began, figures: answer.figures });
    await perform(ports, close, { planned, began, step, prepared: answer.figures });
  }
}

/** A date that was planned before an upgrade takes the steps there are now; those it has done are not done again. */
async function planAnew({ db, transact }: ClosePorts, close: DayClose): Promise<void> {
  const missing = async (reader: Knex): Promise<CloseStepName[] | null> => {
    const { done, ahead } = await readPlan(reader, close.id);
    const names = closeSteps.map(({ name }) => name).filter((name) => !done.includes(name));
    return names.join() === ahead.join() ? null : names;
  };
  if ((await missing(db)) === null) return;
  await transact(systemActor, async (work) => {
    const now = await lockClose(work.db, close);
    const names = now.state === "closed" ? null : await missing(work.db);
    if (names !== null) await planAhead(work.db, close.id, names);
  });
}

interface Performed {
  readonly planned: PlannedStep;
  readonly began: Date;
  readonly step: CloseStep;
  readonly prepared: Figures;
}

/** The step's effect, its outcome, and with the last step the close's end. Nothing, when another process was first. */
function perform(ports: ClosePorts, close: DayClose, { planned, began, step, prepared }: Performed): Promise<void> {
  return ports.transact(systemActor, async (work) => {
    const now = await lockClose(work.db, close);
    if (!isSame(await nextStep(work.db, close.id), planned)) return;
    if (now.state === "open") await writeState(work.db, close.id, "closing");
    const figures = { ...prepared, ...(await step.act?.(work, close)) };
    await writeStep(work.db, close.id, { no: planned.no, state: "done", figures, by: byOf(now), began });
    tell(work, ports, close, { action: `day-close.${planned.name}`, figures });
    if ((await nextStep(work.db, close.id)) === null) await writeState(work.db, close.id, "closed");
  });
}

async function fail(
  ports: ClosePorts,
  close: DayClose,
  { planned, began, figures }: Omit<Performed, "step" | "prepared"> & { readonly figures: Figures },
): Promise<CloseOutcome> {
  await ports.transact(systemActor, async (work) => {
    const now = await lockClose(work.db, close);
    if (!isSame(await nextStep(work.db, close.id), planned)) return;
    await writeStep(work.db, close.id, { no: planned.no, state: "failed", figures, by: byOf(now), began });
    await writeState(work.db, close.id, "failed");
    tell(work, ports, close, { action: `day-close.${planned.name}-failed`, figures });
  });
  return { outcome: "failed", step: planned.name, figures };
}

/** Another process may have been first, or have planned anew. */
const isSame = (next: PlannedStep | null, { no, name }: PlannedStep): boolean => next?.no === no && next.name === name;

const byOf = ({ askedBy }: DayClose): string => askedBy ?? (systemActor satisfies Actor).name;

function tell(work: Work, ports: ClosePorts, close: DayClose, told: { action: string; figures: Figures }): void {
  const { id, tenantId, bookDate } = close;
  work.audit({
    action: told.action,
    resource: "day-closes",
    objectId: `${id}`,
    tenantId,
    after: { bookDate, ...told.figures },
  });
  work.afterCommit(() => announceChange(ports, close));
}

function announceChange({ announce }: ClosePorts, { id }: DayClose): void {
  announce({ kind: "changed", resource: "day-closes", id: `${id}` });
  announce({ kind: "changed", resource: "day-close-steps", id: null });
}
