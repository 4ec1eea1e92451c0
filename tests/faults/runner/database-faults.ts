import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAccepting } from "./moments.ts";
import type { Fault } from "./nemesis.ts";
import { atMoment } from "./process-faults.ts";
import type { World } from "./world.ts";

const terminateEveryMs = 100;
const kills = 3;

/** As the superuser, over a connection that may write when others may not. */
async function asOwner(world: World, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const connectionString = world.foundation.ownerUrl();
  const client = new pg.Client({ connectionString, options: "-c default_transaction_read_only=off" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

/** Ends that nobody asked for, of processes that were ready, since `counts` was taken. */
const endsOf = (world: World): string[] => world.all.flatMap(({ process }) => process.unexpected);

const killThrice: Fault = async ({ foundation, clock }, { lastsMs }) => {
  const notes: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    await foundation.postgres.killHard();
    const downMs = clock.nowMs();
    await foundation.postgres.start();
    notes.push(`PostgreSQL was back after ${((clock.nowMs() - downMs) / 1000).toFixed(1)} s`);
    await sleep(lastsMs);
  }
  return { notes, violations: [] };
};

const restartFast: Fault = async (world, { lastsMs }) => {
  const before = endsOf(world).length;
  await world.foundation.postgres.stop();
  await world.foundation.postgres.start();
  await sleep(lastsMs);
  const ended = endsOf(world).slice(before);
  return { notes: [], violations: ended.map((end) => `F12: ${end}`) };
};

const terminate: Fault = async (world, { lastsMs }) => {
  let terminated = 0;
  await asOwner(world, async (client) => {
    const untilMs = world.clock.nowMs() + lastsMs;
    while (world.clock.nowMs() < untilMs) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name NOT IN ('looking', 'storm')
         ORDER BY random() LIMIT 1`,
      );
      terminated += rowCount ?? 0;
      await sleep(terminateEveryMs);
    }
  });
  return { notes: [`${terminated} sessions were terminated`], violations: [] };
};

const readOnly: Fault = async (world, { lastsMs }) => {
  const fromMs = world.clock.nowMs();
  await asOwner(world, async (client) => {
    await client.query("ALTER SYSTEM SET default_transaction_read_only = on");
    await client.query("SELECT pg_reload_conf()");
  });
  await sleep(lastsMs);
  const toMs = world.clock.nowMs();
  await asOwner(world, async (client) => {
    await client.query("ALTER SYSTEM RESET default_transaction_read_only");
    await client.query("SELECT pg_reload_conf()");
  });
  const during = world.journal.entries
    .flatMap(({ attempts }) => attempts)
    .filter(({ sentMs, answeredMs }) => sentMs > fromMs && answeredMs < toMs);
  const bugs = during.filter(({ says }) => /^5/.test(says) && !says.startsWith("503"));
  return {
    notes: [`${during.filter(({ says }) => says.startsWith("503")).length} requests were answered 503`],
    violations: bugs.length > 0 ? [`F14: ${bugs.length} answers like ${bugs[0]?.says}, not 503`] : [],
  };
};

const cutAtCommit: Fault = async (world, { target, lastsMs }) => {
  const { wires } = world.apis[target];
  await world.apis[target].process.ready();
  const came = await atMoment(world.apis[target], afterAccepting, () => wires.postgres.cut());
  await sleep(lastsMs);
  wires.postgres.mend();
  return { notes: came ? [] : ["the moment did not come"], violations: [] };
};

const badWires: Fault = async (world, { target, lastsMs }) => {
  const { wires } = world.workers[target];
  for (const wire of [wires.postgres, wires.redis]) wire.weather({ latencyMs: 200, resetChance: 0.01 });
  await sleep(lastsMs);
  for (const wire of [wires.postgres, wires.redis]) wire.mend();
  return { notes: [], violations: [] };
};

export const databaseFaults = {
  F11: killThrice,
  F12: restartFast,
  F13: terminate,
  F14: readOnly,
  F15: cutAtCommit,
  F16: badWires,
};
