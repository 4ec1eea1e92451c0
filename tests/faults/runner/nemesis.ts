import { setTimeout as sleep } from "node:timers/promises";
import { databaseFaults } from "./database-faults.ts";
import { type FaultName, faults, type PlannedFault } from "./fault-schedule.ts";
import { feedFaults } from "./feed-faults.ts";
import { processFaults } from "./process-faults.ts";
import { redisFaults } from "./redis-faults.ts";
import { stormFaults } from "./storm-faults.ts";
import type { World } from "./world.ts";

/** What a fault found by itself; what all faults have in common is checked at the end of the run. */
export interface Found {
  readonly notes: readonly string[];
  readonly violations: readonly string[];
}

/** Brings a fault about, lets it last, heals it, and looks at what only it can see. */
export type Fault = (world: World, planned: PlannedFault) => Promise<Found>;

export interface FaultRecord extends Found {
  readonly fault: FaultName;
  readonly target: 0 | 1;
  /** By the run's clock. */
  readonly beganMs: number;
  readonly healedMs: number;
  /** From the healing until an order that was accepted after it had been filled; null: not in the time given. */
  readonly recoveredMs: number | null;
}

const recoveryPatienceMs = 60_000;

const all: Readonly<Record<FaultName, Fault>> = {
  ...processFaults,
  ...redisFaults,
  ...databaseFaults,
  ...stormFaults,
  ...feedFaults,
};

/** One fault after the other, each at its planned time or, when the one before took longer, after it. */
export async function unleash(
  world: World,
  plan: readonly PlannedFault[],
  tell: (line: string) => void,
): Promise<FaultRecord[]> {
  const records: FaultRecord[] = [];
  for (const planned of plan) {
    await sleep(Math.max(0, planned.atMs - world.clock.nowMs()));
    const beganMs = world.clock.nowMs();
    const found = await all[planned.fault](world, planned);
    const healedMs = world.clock.nowMs();
    const recoveredMs = await recovered(world);
    const record = { fault: planned.fault, target: planned.target, beganMs, healedMs, recoveredMs, ...found };
    records.push(record);
    tell(lineOf(record));
  }
  return records;
}

export function lineOf(record: FaultRecord): string {
  const { fault, beganMs, healedMs, recoveredMs, notes, violations } = record;
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const recovery = recoveredMs === null ? "NOT RECOVERED" : `flows after ${seconds(recoveredMs)} s`;
  return [
    `${seconds(beganMs).padStart(7)} s  ${fault.padEnd(4)} ${faults[fault].says}, ${seconds(healedMs - beganMs)} s, ${recovery}`,
    ...notes.map((note) => `            ${note}`),
    ...violations.map((violation) => `            VIOLATION ${violation}`),
  ].join("\n");
}

/** Until an order that was accepted after now has been filled. */
async function recovered(world: World): Promise<number | null> {
  const beganMs = world.clock.nowMs();
  let since: string | null = null;
  while (world.clock.nowMs() - beganMs < recoveryPatienceMs) {
    try {
      if (since === null) {
        const [now] = await world.look<{ now: string }>("SELECT clock_timestamp()::text AS now");
        since = now?.now ?? null;
      } else {
        const sql = "SELECT 1 FROM orders WHERE accepted_at > $1::timestamptz AND state = 'filled' LIMIT 1";
        if ((await world.look(sql, [since])).length > 0) return Math.round(world.clock.nowMs() - beganMs);
      }
    } catch {
      // The database is not back yet.
    }
    await sleep(50);
  }
  return null;
}

export const nothing: Found = { notes: [], violations: [] };
