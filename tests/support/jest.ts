import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { projectRoot } from "../../server/config.ts";

export interface JestRun {
  readonly done: Promise<number>;
  /** Stops Jest and all it started. */
  readonly kill: () => void;
}

/** Many suites wait, for a timer or for what they have killed: a third keeps two cores busy meanwhile. */
const workers = 3;

const require = createRequire(import.meta.url);

/** Jest in a process group of its own, so that nothing a test started outlives the run. */
export function startJest(environment: NodeJS.ProcessEnv, args: readonly string[]): JestRun {
  const options = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const child = spawn(
    process.execPath,
    [require.resolve("jest/bin/jest"), "--json", `--maxWorkers=${workers}`, ...args],
    {
      cwd: projectRoot,
      env: { ...environment, NODE_OPTIONS: [environment.NODE_OPTIONS ?? "", ...options].join(" ").trim() },
      detached: true,
      stdio: "inherit",
    },
  );
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // the whole group has gone
    }
  };
  const done = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      signal("SIGKILL");
      resolve(code ?? 1);
    });
  });
  return { done, kill: () => signal("SIGTERM") };
}
