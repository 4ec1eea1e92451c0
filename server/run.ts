import { seedDemo, seedReferenceData } from "../seeds/index.ts";
import { type App, compose } from "./compose.ts";
import { type Config, ConfigError, projectRoot, readConfig } from "./config.ts";
import { type Foundation, layFoundation } from "./foundation.ts";
import { seedingAlone } from "./platform/db/migrate.ts";
import { buildClients } from "./platform/embedded/build-clients.ts";
import { portProblem } from "./platform/embedded/ports.ts";
import { StartError } from "./platform/embedded/start-error.ts";
import { createLog, type Log } from "./platform/log.ts";
import { untilUsable } from "./roles/health.ts";
import { greet } from "./welcome.ts";

/** Everything must have stopped by then; what has not is killed. */
const stopPatienceMs = 9_500;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Running {
  app: App | null;
  foundation: Foundation | null;
  log: Log | null;
  /** Set by the first signal; a start in progress ends at its next step. */
  stopping: Promise<never> | null;
}

/** `npm start`: says what it does, step by step, and ends with `ready http://localhost:PORT`. */
export async function run(): Promise<void> {
  const running: Running = { app: null, foundation: null, log: null, stopping: null };
  stopOnSignals(running);
  stopOnBugs(running);
  try {
    await start(readConfig(), running);
  } catch (error) {
    if (running.stopping === null) tellWhy(error);
    await stop(running, 1);
  }
}

async function start(config: Config, running: Running): Promise<void> {
  const servesHttp = config.roles.includes("api");
  if (servesHttp) await refuseBusyPort(config);
  running.log = createLog(config.logLevel);
  running.foundation = await layFoundation(config, say);
  const { databaseUrl, redisUrl } = running.foundation;
  if (running.stopping === null && servesHttp) await buildClients(projectRoot, say);
  if (running.stopping === null) await seed(config, databaseUrl);
  if (running.stopping === null) {
    running.app = await compose({ config, databaseUrl, redisUrl, log: running.log }, say);
  }
  if (running.stopping === null && running.app !== null && servesHttp && config.roles.includes("feed"))
    for (const missing of await untilUsable(running.app.shared)) say(`not usable yet: ${missing}`);
  if (running.stopping === null && running.app !== null) await greet(config, running.app, say);
}

async function seed(config: Config, databaseUrl: string): Promise<void> {
  if (config.demo) say("seeding the demo …");
  await seedingAlone(databaseUrl, () =>
    config.demo
      ? seedDemo({ databaseUrl, dataDir: config.dataDir, port: config.port, say })
      : seedReferenceData({ databaseUrl, say }),
  );
}

async function refuseBusyPort(config: Config): Promise<void> {
  const problem = await portProblem(config.host, config.port);
  if (problem === "EADDRINUSE")
    throw new StartError(
      `Port ${config.port} is in use: stop what listens there, or start with another one, such as PORT=${config.port + 1} npm start.`,
    );
  if (problem !== null)
    throw new StartError(`Cannot listen on ${config.host}:${config.port} (${problem}): set HOST and PORT to others.`);
}

/** The first signal drains; a second one does not wait. */
function stopOnSignals(running: Running): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (running.stopping !== null) process.exit(1);
      say(`${signal}: stopping (once more to stop at once)`);
      running.stopping = stop(running, 0);
    });
}

function stopOnBugs(running: Running): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.on(event, (error: unknown) => {
      running.log?.fatal({ err: error }, "a bug: stopping");
      tellWhy(error);
      running.stopping ??= stop(running, 1);
    });
}

/** Roles first, then what they stand on. Whatever still runs when we exit is killed on the way out. */
async function stop(running: Running, code: number): Promise<never> {
  const late = setTimeout(() => process.exit(1), stopPatienceMs);
  try {
    await running.app?.stop();
    await running.foundation?.stop();
  } catch (error) {
    running.log?.error({ err: error }, "stopping failed");
    code = 1;
  }
  clearTimeout(late);
  process.exit(code);
}

/** What the operator can mend is said in plain sentences; the rest is a bug and shows its stack. */
function tellWhy(error: unknown): void {
  const known = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
}
