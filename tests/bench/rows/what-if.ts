import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { assert } from "#core/result.ts";
import type { WrittenSettings } from "#core/risk-settings.ts";
import type { WhatIfResult } from "#core/what-if-tally.ts";
import { readInstruments } from "../../../server/capabilities/market-data/index.ts";
import {
  askRehearsal,
  draftChange,
  loadCast,
  playRehearsals,
  readRecorded,
  setLine,
} from "../../../server/capabilities/risk/index.ts";
import { inSnapshot } from "../../../server/platform/db/copy-out.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type TestDesk, testDesk } from "../../support/trading.ts";
import { absoluteRow, type Benchmark, type Row } from "../row.ts";
import { recordedFrom, recordedTo, recordOrders } from "./recorded-orders.ts";

const orders = Number(process.env.BENCH_WHAT_IF ?? 1_000_000);
const million = 1_000_000;
const targetSeconds = 60;

const lossRule = {
  ...{ amount: "1000.00", unit: "money", base: "balance-at-reset", measure: "equity" },
  ...{ resetTime: "17:00", resetZone: "America/Chicago", action: "flatten-until-reset" },
};

/** Eight limits, each met by some orders. */
const tighter: WrittenSettings = {
  ...{ maxLotsPerOrder: "4", maxPositionLots: "12", maxShortLots: "10", maxGrossLots: "14" },
  ...{ maxTotalLots: "20", maxExposure: "400000.00", maxMarginUsed: "3000.00", maxWorkingOrders: 20 },
};

/** And two loss rules, for which every account is looked at with each of its orders and fills, and each hour. */
const withLosses: WrittenSettings = {
  ...tighter,
  ...{ dailyLoss: lossRule, weeklyLoss: { ...lossRule, amount: "3000.00", resetWeekday: 0 } },
};

/** Plays a draft of the risk table through a million recorded orders, by the job itself. Baseline: the same read by the same cursors, with nothing played. */
export const whatIf: Benchmark = {
  rows: ["what-if", "what-if-losses"],
  run: async ({ say }) => {
    const house = await testDesk();
    try {
      const begun = performance.now();
      await recordOrders(house, orders);
      say(`${orders} orders recorded in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
      const bare = await measured(house, (tell) => readOnly(house, tell));
      const rows: Row[] = [];
      for (const [name, settings] of [
        ["what-if", tighter],
        ["what-if-losses", withLosses],
      ] as const) {
        const id = await ask(house, settings);
        rows.push(
          await rowOf(house, { name, id, bare, played: await measured(house, (tell) => play(house, tell)) }, say),
        );
      }
      return rows;
    } finally {
      await house.close();
    }
  },
};

const ann: Actor = { ...systemActor, kind: "staff", id: randomUUID(), name: "Ann" };

async function ask({ db }: TestDesk, settings: WrittenSettings): Promise<string> {
  const asked = await transactor(db.app)(ann, async (work) => {
    const change = await draftChange(work, ann, { name: "Tighter", reason: "the bench" });
    if (!change.ok) return change;
    const nobody = {
      tenantId: null,
      agentId: null,
      groupId: null,
      traderId: null,
      instrumentId: null,
      assetClass: null,
    };
    const target = { scope: "default", ...nobody } as const;
    const line = await setLine(work, { changeId: change.value.id, target, settings, cleared: [] });
    if (!line.ok) return line;
    const period = { fromAt: recordedFrom.toISOString(), toAt: recordedTo.toISOString() };
    return askRehearsal(work, ann, { changeId: change.value.id, book: "live", ...period });
  });
  assert(asked.ok, "the change of the benchmark was refused");
  return asked.value.id;
}

/** Called between pieces. */
type Tell = () => Promise<void>;

async function readOnly({ db }: TestDesk, tell: Tell): Promise<void> {
  const instruments = await readInstruments(db.reads);
  await inSnapshot(db.reads, async (reader) =>
    readRecorded(
      reader,
      { book: "live", from: recordedFrom, to: recordedTo },
      await loadCast(reader, "live", instruments),
      tell,
    ),
  );
}

async function play({ db }: TestDesk, tell: Tell): Promise<void> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const played = await playRehearsals({
    db: db.app,
    readDb: db.reads,
    yield: tell,
    announceChanged: () => {},
    onError: fail,
  });
  assert(played === 1, `${played} rehearsals were played`);
}

interface Used {
  readonly seconds: number;
  /** CPU seconds of this process, and of the database's that reads; null: it is on another machine. */
  readonly own: number;
  readonly database: number | null;
  readonly residentMiB: number;
}

async function measured(house: TestDesk, run: (tell: Tell) => Promise<void>): Promise<Used> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let [pid, database, resident] = [0, 0 as number | null, 0];
  await run(async () => {
    resident = Math.max(resident, process.memoryUsage.rss());
    if (pid === 0) pid = await readerOf(house);
    database = cpuSecondsOf(pid);
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...{ seconds: (performance.now() - begun) / 1_000, own: (user + system) / 1e6, database },
    residentMiB: resident / 2 ** 20,
  };
}

/** The process of the database that holds the cursor. */
async function readerOf({ db }: TestDesk): Promise<number> {
  const row = await db
    .owner("pg_stat_activity")
    .where("query", "like", "FETCH%")
    .whereRaw("datname = current_database()")
    .first("pid");
  return row?.pid ?? 0;
}

/** Clock ticks a second of /proc/<pid>/stat; 100 on every Linux. */
const ticksPerSecond = 100;

function cpuSecondsOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return null;
  }
}

interface Played {
  readonly name: string;
  readonly id: string;
  readonly bare: Used;
  readonly played: Used;
}

async function rowOf({ db }: TestDesk, { name, id, bare, played }: Played, say: (line: string) => void): Promise<Row> {
  const { result }: { result: WhatIfResult } = await db.app("risk_rehearsals").where({ id }).first("result");
  assert(result.orders === orders, `${result.orders} of ${orders} orders were played`);
  const added = result.byCode.reduce((sum, one) => sum + one.added, 0);
  assert(added > 0, "the limits of the benchmark refuse nothing");
  const seconds = (played.seconds * million) / orders;
  const each = (cpuSeconds: number | null): string =>
    cpuSeconds === null ? "?" : ((cpuSeconds * 1e6) / orders).toFixed(1);
  const note = [
    `${(orders / played.seconds).toFixed(0)} orders/s, of ${orders} with their fills ${added} refused more`,
    `CPU an order: core ${each(played.own - bare.own)} us, reading ${each(bare.own)} us, database ${each(played.database)} us`,
    `${played.residentMiB.toFixed(0)} MiB resident; baseline: the same read with nothing played`,
  ].join("; ");
  say(`${name}: ${note}`);
  return {
    ...absoluteRow({
      ...{ name, value: seconds, unit: "s a million", target: `< ${targetSeconds} s`, stretch: "", note },
      met: seconds < targetSeconds,
    }),
    ...{ baseline: (bare.seconds * million) / orders, ratio: played.seconds / bare.seconds },
  };
}
