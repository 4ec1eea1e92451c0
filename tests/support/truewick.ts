import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "../../server/platform/embedded/ports.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export interface DemoCredentials {
  readonly staff: Readonly<
    Record<"admin" | "risk" | "finance" | "support" | "agent", { email: string; password: string }>
  >;
  readonly traders: readonly { email: string; password: string; accountId: string; demoAccountId: string }[];
  readonly partners: readonly { id: number; origin: string; keyId: string; privateKeyPem: string }[];
}

export interface RunningTruewick {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly database: TestDatabase;
  readonly credentials: DemoCredentials;
  /** Everything it has printed so far. */
  readonly output: () => string;
  readonly process: ChildProcess;
  /** SIGTERM, then the exit code; the database is dropped and the folder removed. */
  readonly stop: () => Promise<number | null>;
}

const root = path.resolve(import.meta.dirname, "../..");
const startTimeoutMs = 90_000;

/**
 * The real server, all roles, as `npm start` runs it: its own database on the test cluster, a private Redis (announcements of
 * two installations must not meet), the demo seeded, or copied from one that was. `settings` are further environment variables. `before`: one that was
 * killed, to be started again with its data.
 */
export async function startTruewick(
  settings: Record<string, string> = {},
  before?: RunningTruewick,
): Promise<RunningTruewick> {
  const { TEST_DEMO: demo, TEST_DEMO_LOGINS: logins } = process.env;
  const isCopy = before === undefined && settings.DEMO === undefined && demo !== undefined && logins !== undefined;
  const database = before?.database ?? (await testDatabase(isCopy ? demo : undefined));
  const port = before?.port ?? Number(settings.PORT ?? (await freePort()));
  const dataDir = before?.dataDir ?? mkdtempSync(path.join(os.tmpdir(), "truewick-e2e-"));
  chmodSync(dataDir, 0o711);
  if (isCopy) copyFileSync(logins, path.join(dataDir, "credentials.json"));
  const { NODE_OPTIONS: _jestOnly, REDIS_URL: _shared, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", "server/main.ts"], {
    cwd: root,
    env: {
      ...inherited,
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: database.ownerUrl,
      DEMO: "1",
      LOG_LEVEL: "warn",
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: string[] = [];
  child.stdout.on("data", (chunk) => printed.push(String(chunk)));
  child.stderr.on("data", (chunk) => printed.push(String(chunk)));
  const output = (): string => printed.join("");
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null) child.kill("SIGTERM");
    const code = await exited;
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  try {
    await ready(child, output);
    const credentials = JSON.parse(readFileSync(path.join(dataDir, "credentials.json"), "utf8")) as DemoCredentials;
    return { url: `http://localhost:${port}`, port, dataDir, database, credentials, output, process: child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the server ${why}; it printed:\n${output()}`));
    const timer = setTimeout(() => fail(`was not ready in ${startTimeoutMs} ms`), startTimeoutMs);
    const look = (): void => {
      if (!/^ready http/m.test(output())) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", look);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
