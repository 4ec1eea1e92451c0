import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { projectRoot } from "../../server/config.ts";
import { canReach } from "../../server/platform/embedded/identity.ts";
import { freePort } from "../../server/platform/embedded/ports.ts";
import { isAlive } from "../../server/platform/embedded/stale-postgres.ts";
import { aDataDir, cleanUp, serversOf, startInstallation } from "./installation.ts";

const patienceMs = 90_000;
const email = "first@operator.example";

afterAll(cleanUp);

async function logsIn(url: string, login: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/admin/session`, { method: "POST", headers, body: JSON.stringify(login) });
  return answer.status;
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) throw new Error(`still running: ${pids.filter(isAlive).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test(
  "a busy port is one sentence with the remedy, exit 1, and nothing was started",
  async () => {
    const holder = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as net.AddressInfo;
    const dataDir = aDataDir();
    const started = startInstallation({ PORT: String(port), DATA_DIR: dataDir });
    const { code } = await started.exited;
    holder.close();
    expect(code).toBe(1);
    expect(started.errors()).toBe(
      `Port ${port} is in use: stop what listens there, or start with another one, such as PORT=${port + 1} npm start.\n`,
    );
    expect(existsSync(path.join(dataDir, "postgres"))).toBe(false);
  },
  patienceMs,
);

test(
  "broken settings are all listed, exit 1",
  async () => {
    const started = startInstallation({ PORT: "x", FEED: "oanda", DATA_DIR: aDataDir() });
    expect((await started.exited).code).toBe(1);
    expect(started.errors().trim().split("\n")).toHaveLength(2);
  },
  patienceMs,
);

test(
  "starts, stops within 10 s leaving nothing, and goes on with the same data",
  async () => {
    const env = { PORT: String(await freePort()), DATA_DIR: aDataDir() };
    // What a kill in the middle of making the database leaves behind.
    mkdirSync(path.join(env.DATA_DIR, "postgres.new/base"), { recursive: true });
    writeFileSync(path.join(env.DATA_DIR, "postgres.new/PG_VERSION"), "18\n");

    const first = startInstallation({ ...env, FIRST_OPERATOR_EMAIL: email });
    await first.said(`ready ${first.url}\n`);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${first.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { database: { usable: true }, queue: { usable: true }, feed: { usable: true } },
    ]);
    expect(await (await fetch(`${first.url}/metrics`)).text()).toContain("truewick_http_request_seconds_bucket");

    for (const name of ["secrets.json", "first-operator.json"])
      expect(statSync(path.join(env.DATA_DIR, name)).mode & 0o777).toBe(0o600);
    const login = JSON.parse(readFileSync(path.join(env.DATA_DIR, "first-operator.json"), "utf8"));
    expect(await logsIn(first.url, login)).toBe(200);

    const twin = startInstallation({ ...env, PORT: String(await freePort()) });
    expect((await twin.exited).code).toBe(1);
    expect(twin.errors()).toContain(`Truewick already runs on ${env.DATA_DIR} (process ${first.child.pid})`);
    expect(await logsIn(first.url, login)).toBe(200);

    const servers = serversOf(env.DATA_DIR);
    const stopping = performance.now();
    first.child.kill("SIGTERM");
    expect((await first.exited).code).toBe(0);
    expect(performance.now() - stopping).toBeLessThan(10_000);
    expect(servers.filter(isAlive)).toEqual([]);

    const second = startInstallation(env);
    await second.said(`ready ${second.url}\n`);
    expect(await logsIn(second.url, login)).toBe(200);
    second.child.kill("SIGINT");
    expect((await second.exited).code).toBe(0);
  },
  patienceMs,
);

test(
  "after kill -9 its servers stop by themselves, and the next start goes on",
  async () => {
    const env = { PORT: String(await freePort()), DATA_DIR: aDataDir() };
    const killed = startInstallation({ ...env, FIRST_OPERATOR_EMAIL: email });
    await killed.said("ready ");
    const servers = serversOf(env.DATA_DIR);
    const login = JSON.parse(readFileSync(path.join(env.DATA_DIR, "first-operator.json"), "utf8"));
    killed.child.kill("SIGKILL");
    await killed.exited;

    const next = startInstallation(env);
    await next.said("ready ");
    expect(await logsIn(next.url, login)).toBe(200);
    await untilGone(servers);
    next.child.kill("SIGTERM");
    expect((await next.exited).code).toBe(0);
  },
  patienceMs,
);

const nobody = { uid: 65_534, gid: 65_534 };
const canBecomeNobody = process.getuid?.() === 0 && existsSync("/usr/bin/setpriv") && canReach(projectRoot, nobody);
if (!canBecomeNobody)
  process.stdout.write("the test as another user needs root, setpriv and a reachable checkout: skipped\n");

(canBecomeNobody ? test : test.skip)(
  "runs as an ordinary user without a home",
  async () => {
    const dataDir = aDataDir();
    spawnSync("chown", ["65534:65534", dataDir]);
    const env = { PORT: String(await freePort()), DATA_DIR: dataDir, HOME: "/nonexistent", TMPDIR: dataDir };
    const started = startInstallation(env, (program, args) => [
      "/usr/bin/setpriv",
      ["--reuid=65534", "--regid=65534", "--clear-groups", program, ...args],
    ]);
    await started.said("ready ");
    expect(statSync(path.join(dataDir, "postgres")).uid).toBe(65_534);
    started.child.kill("SIGTERM");
    expect((await started.exited).code).toBe(0);
  },
  patienceMs,
);
