import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pino } from "pino";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { startOutboxRelay } from "../../server/platform/queue/outbox-relay.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const log = pino({ level: "silent" });
const rowsLeft = async (): Promise<number> => (await db.owner("outbox").select("id")).length;
const promise = (run: ReturnType<typeof transactor>, name: string): Promise<void> =>
  run(systemActor, async (work) => work.outbox("a-job", { name }));

test("a promised job is put in at once after the commit, and its row is deleted", async () => {
  const taken: unknown[] = [];
  const relay = startOutboxRelay({
    db: db.app,
    log,
    enqueue: async (job, payload) => void taken.push([job, payload]),
  });
  await promise(transactor(db.app, relay.hear), "first");
  expect(taken).toEqual([["a-job", { name: "first" }]]);
  await relay.stop();
  expect(await rowsLeft()).toBe(0);
});

test("what a killed process left behind is delivered by another, once between two relays", async () => {
  for (const name of ["a", "b", "c"]) await promise(transactor(db.app), name);
  const taken: unknown[] = [];
  const relays = [0, 1].map(() =>
    startOutboxRelay({ db: db.app, log, enqueue: async (_job, payload) => void taken.push(payload.name) }),
  );
  await until(rowsLeft, (left) => left === 0);
  await Promise.all(relays.map((relay) => relay.stop()));
  expect(taken.sort()).toEqual(["a", "b", "c"]);
});

test("while the queue is away rows stay, and go out when it is back", async () => {
  let isAway = true;
  const taken: unknown[] = [];
  let refusals = 0;
  const relay = startOutboxRelay({
    db: db.app,
    log,
    enqueue: async (_job, payload) => {
      if (isAway) {
        refusals += 1;
        throw new Error("away");
      }
      taken.push(payload.name);
    },
  });
  await promise(transactor(db.app, relay.hear), "late");
  await until(
    async () => refusals,
    (count) => count >= 2,
  );
  expect(await rowsLeft()).toBe(1);
  isAway = false;
  await until(rowsLeft, (left) => left === 0);
  expect(taken).toEqual(["late"]);
  await relay.stop();
});

test("a transaction that is rolled back promises nothing", async () => {
  const heard: unknown[] = [];
  const run = transactor(db.app, (entries) => heard.push(...entries));
  const failing = run(systemActor, async (work) => {
    work.outbox("a-job", {});
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect([heard, await rowsLeft()]).toEqual([[], 0]);
});

/** Rows that no sweep would touch for an hour: only a notice can bring them out. */
const promiseLater = async (names: readonly string[]): Promise<void> => {
  await db.owner.raw("ALTER TABLE outbox ALTER COLUMN created_at SET DEFAULT clock_timestamp() + interval '1 hour'");
  try {
    for (const name of names) await promise(transactor(db.app), name);
  } finally {
    await db.owner.raw("ALTER TABLE outbox ALTER COLUMN created_at SET DEFAULT clock_timestamp()");
  }
};

test("rows of a process without a relay are taken at its notice, not at the next sweep", async () => {
  const taken: unknown[] = [];
  const relay = startOutboxRelay({ db: db.app, log, enqueue: async (_job, payload) => void taken.push(payload.name) });
  await until(listeners, (pids) => pids.length === 1);
  await promiseLater(["a", "b"]);
  await until(rowsLeft, (left) => left === 0);
  expect(taken).toEqual(["a", "b"]);
  await relay.stop();
  expect(await listeners()).toEqual([]);
});

test("a relay whose listening connection was cut listens again", async () => {
  const relay = startOutboxRelay({ db: db.app, log, enqueue: async () => {} });
  const [before] = await until(listeners, (pids) => pids.length === 1);
  await db.owner.raw("SELECT pg_terminate_backend(?)", [before ?? 0]);
  await until(listeners, (pids) => pids.length === 1 && pids[0] !== before);
  await promiseLater(["after"]);
  await until(rowsLeft, (left) => left === 0);
  await relay.stop();
});

async function listeners(): Promise<number[]> {
  const { rows } = await db.owner.raw<{ rows: { pid: number }[] }>(
    "SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN truewick_outbox' AND datname = current_database()",
  );
  return rows.map(({ pid }) => pid);
}

test("a job that no queue takes does not hold up those behind it", async () => {
  for (const name of ["bad", "good", "fine"])
    await promise(
      transactor(db.app, () => {}),
      name,
    );
  await db.owner("outbox").whereRaw("payload ->> 'name' = 'bad'").update({ job: "unknown-job" });
  const taken: unknown[] = [];
  const enqueue = async (job: string, payload: Record<string, unknown>): Promise<void> => {
    if (job === "unknown-job") throw new Error("there is no queue for it");
    taken.push(payload.name);
  };
  const relay = startOutboxRelay({ db: db.app, log, enqueue });
  await until(rowsLeft, (left) => left === 1);
  expect(taken).toEqual(["good", "fine"]);
  await relay.stop();
});
