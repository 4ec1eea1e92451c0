import { setTimeout as sleep } from "node:timers/promises";
import { chainFaults } from "./chain-faults.ts";
import { persist } from "./client.ts";
import { closeFaults } from "./close-faults.ts";
import { databaseFaults } from "./database-faults.ts";
import { type FaultName, faults, type PlannedFault } from "./fault-schedule.ts";
import { feedFaults } from "./feed-faults.ts";
import { paymentFaults } from "./payment-faults.ts";
import type { Plan } from "./plan.ts";
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
const calmEndMs = 1_000;

const all: Readonly<Record<FaultName, Fault>> = {
  ...processFaults,
  ...redisFaults,
  ...databaseFaults,
  ...stormFaults,
  ...feedFaults,
  ...closeFaults,
  ...paymentFaults,
  ...chainFaults,
};

/** One fault after the other, each at its planned time or, when the one before took longer, after it. */
export async function unleash(
  world: World,
  { faults: plan, options }: Plan,
  tell: (line: string) => void,
): Promise<FaultRecord[]> {
  const records: FaultRecord[] = [];
  const lastBeginMs = options.trafficMs - calmEndMs;
  for (const planned of plan) {
    // On a slow machine the faults fall behind their times: those that the traffic would not see are left out.
    if (world.clock.nowMs() > lastBeginMs) {
      tell(`            not reached: ${planned.fault}`);
      continue;
    }
    await sleep(Math.max(0, planned.atMs - world.clock.nowMs()));
    const beganMs = world.clock.nowMs();
    const found = await all[planned.fault](world, planned);
    const healedMs = world.clock.nowMs();
    const recoveredMs = await recovered(world, `probe-${planned.fault}-${planned.nth}`);
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

/** Until an order that was sent after now has been filled; sent by a client of its own, whatever the traffic does. */
async function recovered(world: World, name: string): Promise<number | null> {
  const beganMs = world.clock.nowMs();
  const isOver = (): boolean => world.clock.nowMs() - beganMs > recoveryPatienceMs;
  // A price may be stale for a moment after the healing: that is a right refusal, and another order's turn.
  for (let probe = 0; !isOver(); probe++) {
    const orderId = await placeProbe(world, `${name}-${probe}`, isOver);
    while (orderId !== null && !isOver()) {
      if (await isFilled(world, orderId)) return Math.round(world.clock.nowMs() - beganMs);
      await sleep(20);
    }
    await sleep(100);
  }
  return null;
}

/** The id of the order, once it was accepted; null when it was refused. */
async function placeProbe(world: World, clientId: string, isOver: () => boolean): Promise<string | null> {
  const { person, session } = world.prober;
  const { accountId } = person;
  const entry = world.journal.open({ kind: "order", accountId, clientId, what: "probe", cents: 0, givesUp: false });
  const before = world.journal.entries.filter(({ what }) => what === "probe").length;
  const side = before % 2 === 0 ? "sell" : "buy";
  const body = { clientOrderId: clientId, accountId, instrument: "MES", side, type: "market", lots: "1" };
  const deadline = { nowMs: world.clock.nowMs, isOver };
  await persist(entry, (node) => session.send(node, "orders", body), { node: 0, deadline });
  return entry.orderId;
}

async function isFilled({ look }: World, orderId: string): Promise<boolean> {
  // The database may not be back yet.
  const rows = await look("SELECT 1 FROM orders WHERE id = $1 AND state = 'filled'", [orderId]).catch(() => []);
  return rows.length > 0;
}

export const nothing: Found = { notes: [], violations: [] };
