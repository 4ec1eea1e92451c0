import type { Knex } from "knex";
import type { CloseStepName } from "#contracts/close-names.ts";
import { readClose, readPlan } from "./closes.store.ts";
import type { Figures } from "./step.ts";
import { closeSteps } from "./steps.ts";

/** What each step that is left would do now, in order. Writes nothing: the steps only look. Null: there is no such close. */
export async function foreseeClose(
  db: Knex,
  id: bigint,
): Promise<readonly { readonly step: CloseStepName; readonly figures: Figures }[] | null> {
  const close = await readClose(db, id);
  if (close === null) return null;
  const { done } = await readPlan(db, id);
  const foreseen: { step: CloseStepName; figures: Figures }[] = [];
  for (const { name, foresee } of closeSteps.filter((step) => !done.includes(step.name)))
    foreseen.push({ step: name, figures: await foresee(db, close) });
  return foreseen;
}
