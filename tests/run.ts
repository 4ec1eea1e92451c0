import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "../server/config.ts";
import { buildClients } from "../server/platform/embedded/build-clients.ts";
import { findChromium } from "../server/platform/embedded/chromium.ts";
import { cacheDirOf } from "../server/platform/embedded/places.ts";
import { loadSecrets } from "../server/platform/embedded/secrets.ts";
import { type Services, startServices } from "../server/platform/embedded/services.ts";
import { StartError } from "../server/platform/embedded/start-error.ts";
import { findHledger } from "./support/hledger.ts";
import { type JestRun, startJest } from "./support/jest.ts";

/**
 * `npm test [-- jest arguments]`: private PostgreSQL and Redis on free ports, the migrated template, the built admin and
 * widget and a Chromium for the browser tests; then Jest; then everything is stopped, whatever happened.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-test-"));
chmodSync(folder, 0o711); // root's PostgreSQL runs as another user, who must walk through
const resultFile = path.join(folder, "result.json");
let services: Services | null = null;
let jest: JestRun | null = null;
let interrupted = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    interrupted = true;
    jest?.kill();
  });

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const environment = await prepare();
    if (interrupted) return 1;
    jest = startJest(environment, [`--outputFile=${resultFile}`, ...process.argv.slice(2)]);
    const code = await jest.done;
    report(environment.CHROMIUM_PATH === undefined);
    return interrupted ? 1 : code;
  } catch (error) {
    process.stderr.write(`${error instanceof StartError ? error.message : (error as Error).stack}\n`);
    return 1;
  } finally {
    await services?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(): Promise<NodeJS.ProcessEnv> {
  const chromium = findChromium(process.env.CHROMIUM_PATH || null, say);
  if (chromium === null && process.env.CI)
    throw new StartError("No Chromium for the browser tests: install chromium, or set CHROMIUM_PATH.");
  const hledger = findHledger(say);
  if (hledger === null && process.env.CI)
    throw new StartError("No hledger for the test of the journal: install hledger.");
  services = await startServices({
    dataDir: folder,
    cacheDir: cacheDirOf(projectRoot, path.join(os.tmpdir(), "truewick-cache")),
    secrets: loadSecrets(folder),
    postgres: true,
    redis: true,
    durable: false,
    maxConnections: 400,
    say,
  });
  await buildClients(projectRoot, say);
  process.env.DATABASE_URL = services.postgres?.ownerUrl;
  const { prepareDemo, prepareTemplate } = await import("./support/prepare.ts"); // reads DATABASE_URL when it is loaded
  const template = await prepareTemplate();
  const demo = path.join(folder, "demo");
  return {
    ...process.env,
    REDIS_URL: services.redis?.url,
    TEST_TEMPLATE: template,
    TEST_DEMO: await prepareDemo(template, demo),
    TEST_DEMO_LOGINS: path.join(demo, "credentials.json"),
    ...(chromium === null ? {} : { CHROMIUM_PATH: chromium }),
    ...(hledger === null ? {} : { HLEDGER_PATH: hledger }),
  };
}

/** The last line is for programs: counts alone. A suite that could not even be loaded counts as a failed test. */
function report(withoutBrowser: boolean): void {
  const result = JSON.parse(readFileSync(resultFile, "utf8"));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (withoutBrowser) say("NO BROWSER TESTS WERE RUN: install chromium, or set CHROMIUM_PATH.");
  say(`${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests + result.numTodoTests} skipped`);
}
