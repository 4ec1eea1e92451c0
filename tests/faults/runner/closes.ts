import { setTimeout as sleep } from "node:timers/promises";
import { closeStepNames } from "#contracts/close-names.ts";
import type { World } from "./world.ts";

const patienceMs = 90_000;
const everyMs = 200;

export interface CloseState {
  readonly state: string;
  /** Steps that are done, in the order of their numbers. */
  readonly done: readonly string[];
}

/** How far the close of a date has come; nothing is done of one that has not begun. */
export async function closeOf({ look, people }: World, day: string): Promise<CloseState> {
  // The database may not be back yet.
  const rows = await look<{ state: string; step: string | null }>(
    `SELECT c.state, s.step FROM day_closes c LEFT JOIN day_close_steps s ON s.close_id = c.id AND s.state = 'done'
     WHERE c.tenant_id = $1 AND c.book_date = $2 ORDER BY s.step_no`,
    [people.tenantId, day],
  ).catch(() => []);
  return { state: rows[0]?.state ?? "open", done: rows.flatMap(({ step }) => step ?? []) };
}

/** All but the payment, which waits for noon. */
export const isBeforePaying = ({ done }: CloseState): boolean => done.length >= closeStepNames.length - 1;

/**
 * Ends the run's last date, if none has ended yet, and waits until every date that is over is closed, commissions paid and all. Gives what is
 * wrong with it.
 */
export async function datesAreClosed(world: World): Promise<string[]> {
  const { calendar, clock } = world;
  if (calendar.ended.length === 0) await calendar.endDate();
  await calendar.noon();
  const beganMs = clock.nowMs();
  let open: { day: string; close: CloseState }[] = [];
  while (clock.nowMs() - beganMs < patienceMs) {
    const all = await Promise.all(calendar.ended.map(async (day) => ({ day, close: await closeOf(world, day) })));
    open = all.filter(({ close }) => close.state !== "closed");
    if (open.length === 0) return [];
    if (open.some(({ close }) => close.state === "failed")) break;
    await sleep(everyMs);
  }
  return open.map(
    ({ day, close }) => `the close of ${day} is ${close.state} after ${close.done.join(", ") || "nothing"}`,
  );
}
