import { setTimeout as sleep } from "node:timers/promises";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { type Repetition, repeat } from "../../../server/platform/queue/repeat.ts";
import { untriggered } from "./check-model.ts";
import { ask, persist } from "./client.ts";
import { datesAreClosed } from "./closes.ts";
import { checkInvariants, type Verdict } from "./invariants.ts";
import { outcomeOf } from "./journal.ts";
import { moneyHasEnded } from "./money-ends.ts";
import { type FaultRecord, unleash } from "./nemesis.ts";
import type { Plan } from "./plan.ts";
import { sample } from "./sampler.ts";
import { ends } from "./session.ts";
import { moneyFor33, stormAccount } from "./storm-faults.ts";
import { trade } from "./trader.ts";
import { openWorld, type World } from "./world.ts";

export interface RunReport {
  readonly seed: number;
  readonly sent: number;
  readonly ok: number;
  readonly refused: number;
  readonly unknown: number;
  /** Requests and their repetitions. */
  readonly attempts: number;
  readonly filled: number;
  readonly faults: readonly FaultRecord[];
  readonly verdicts: readonly Verdict[];
  readonly memory: ReadonlyMap<string, number>;
  readonly drainedMs: number | null;
  /** Money and dates that were still under way when they should all have come to an end. */
  readonly openMoney: readonly string[];
  readonly trafficMs: number;
}

/** What must be empty for a run to be green. */
export const violationsOf = (report: RunReport): string[] => [
  ...report.faults.flatMap(({ violations }) => violations),
  ...report.faults
    .filter(({ recoveredMs }) => recoveredMs === null)
    .map(({ fault }) => `${fault}: no order flowed after it`),
  ...report.verdicts.flatMap(({ invariant, broken }) => broken.map((one) => `${invariant}: ${one}`)),
  ...report.openMoney.map((one) => `B: ${one}`),
  ...(report.drainedMs === null ? ["B: not drained in time after healing"] : []),
];

const drainPatienceMs = 90_000;
/** A client's last snapshot or event may be a moment behind the database. */
const showPatienceMs = 20_000;
const privilegedEveryMs = 4_000;

/** Runs a plan from an empty machine to the verdicts. Whatever happens, nothing of it is left behind. */
export async function runFaults(plan: Plan, tell: (line: string) => void): Promise<RunReport> {
  const moneyFaults = plan.faults.filter(({ fault }) => fault === "F19").length;
  const world = await openWorld(plan, [
    stormAccount,
    stormAccount,
    ...Array.from({ length: moneyFaults }, () => moneyFor33),
  ]);
  try {
    return await run(world, plan, tell);
  } finally {
    await world.stop();
  }
}

async function run(world: World, plan: Plan, tell: (line: string) => void): Promise<RunReport> {
  await untilPriced(world);
  const samples = sample(world);
  world.clock.begin();
  tell(`seed ${plan.options.seed}: ${world.all.length} processes, ${world.people.traders.length} traders`);
  const staff = privileged(world);
  const trading = Promise.all(
    world.people.traders.map((person, at) => {
      const session = world.sessions[at];
      if (session === undefined) throw new Error(`trader ${at} has no session`);
      const { journal, market, funds, outside, clock: deadline } = world;
      const name = `s${plan.options.seed}-t${at}`;
      const ports = { person, session, journal, market, funds, outside, deadline, name };
      return trade(ports, plan.actions[at] ?? []);
    }),
  );
  const faults = await unleash(world, plan, tell);
  await trading;
  tell("the traffic has ended");
  const trafficMs = world.clock.nowMs();
  await staff.stop();
  const openMoney = await moneyHasEnded(world);
  world.market.silence(true);
  world.clock.end();
  const drainedMs = await drained(world);
  openMoney.push(...(await datesAreClosed(world)));
  await shownToAll(world);
  await samples.stop();
  const verdicts = await checkInvariants(world, samples);
  return {
    ...countsOf(world),
    seed: plan.options.seed,
    trafficMs,
    faults,
    verdicts,
    drainedMs,
    openMoney,
    memory: samples.memory,
    filled: await filled(world),
  };
}

function countsOf({ journal }: World): Pick<RunReport, "sent" | "ok" | "refused" | "unknown" | "attempts"> {
  const orders = journal.entries.filter(({ kind }) => kind === "order");
  const of = (outcome: string): number => orders.filter((entry) => outcomeOf(entry) === outcome).length;
  return {
    sent: orders.length,
    ok: of("ok"),
    refused: of("refused"),
    unknown: of("unknown"),
    attempts: orders.reduce((sum, { attempts }) => sum + attempts.length, 0),
  };
}

async function filled({ look }: World): Promise<number> {
  const [row] = await look<{ n: number }>("SELECT count(*)::int AS n FROM orders WHERE state = 'filled'");
  return row?.n ?? 0;
}

/** Until both apis have a price of each instrument that is traded. */
async function untilPriced({ urls }: World): Promise<void> {
  for (const url of urls)
    for (;;) {
      const { body } = await ask(`${url}/api/trading/instruments`);
      const priced = (body.instruments as { id: string; quote: unknown }[]).filter(({ quote }) => quote !== null);
      if (priced.length >= 3) break;
      await sleep(100);
    }
}

/** A member of staff who now and then changes what only staff may, on an instrument that nobody trades. */
function privileged(world: World): Repetition {
  let number = 0;
  return repeat(privilegedEveryMs, async () => {
    const clientId = `privileged-${number++}`;
    const entry = world.journal.open({
      kind: "privileged",
      accountId: "",
      clientId,
      what: "set-trade-mode",
      cents: 0,
      givesUp: false,
    });
    const send = async (node: number) => {
      const response = await fetch(`${world.urls[node]}/api/admin/instruments/M2K/commands/set-trade-mode`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${world.people.staffKey}`,
          "idempotency-key": clientId,
        },
        signal: AbortSignal.timeout(15_000),
        body: JSON.stringify({ tradeMode: number % 2 === 0 ? "full" : "close-only", reason: clientId }),
      });
      return { status: response.status, body: await response.json() };
    };
    await persist(entry, send, { node: number % 2, deadline: world.clock });
  });
}

/** How long it took until nothing was due any more; null: not in the time given. */
async function drained(world: World): Promise<number | null> {
  const beganMs = world.clock.nowMs();
  const url = world.foundation.ownerUrl();
  const db = connectDatabase({ url, applicationName: "looking", poolMax: 2, statementTimeoutMs: 30_000 });
  try {
    while (world.clock.nowMs() - beganMs < drainPatienceMs) {
      const [row] = await world.look<{ due: number; promised: number }>(
        `SELECT (SELECT count(*) FROM orders WHERE state IN ('accepted', 'working') AND due_seq IS NOT NULL)::int AS due,
           (SELECT count(*) FROM outbox)::int AS promised`,
      );
      if (row?.due === 0 && row.promised === 0 && (await untriggered(db)) === 0)
        return Math.round(world.clock.nowMs() - beganMs);
      await sleep(200);
    }
    return null;
  } finally {
    await db.destroy();
  }
}

/** Gives the clients the time an event may take; those that still do not know then have been left behind. */
async function shownToAll(world: World): Promise<void> {
  const beganMs = world.clock.nowMs();
  while (world.clock.nowMs() - beganMs < showPatienceMs) {
    const rows = await world.look<{ id: string; account_id: string }>(
      "SELECT id, account_id, state FROM orders WHERE state = ANY ($1::text[])",
      [[...ends]],
    );
    const behind = rows.filter(({ id, account_id: account }) => {
      const at = world.people.traders.findIndex(({ accountId }) => accountId === account);
      return at >= 0 && !ends.includes(world.sessions[at]?.shown.states.get(id) ?? "");
    });
    if (behind.length === 0) return;
    await sleep(200);
  }
}
