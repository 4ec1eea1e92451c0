import { spawn } from "node:child_process";

export interface Guard {
  readonly dismiss: () => void;
}

/**
 * A small shell that outlives us by a moment: its input is a pipe from this process, so when we die without a word
 * (kill -9), it wakes and stops the given servers. SIGINT is PostgreSQL's fast shutdown and Redis' orderly one.
 */
export function guardServers(pids: readonly number[]): Guard {
  const shell = spawn(
    "/bin/sh",
    ["-c", 'read -r word; [ "$word" = dismissed ] || kill -INT "$@"', "guard", ...pids.map(String)],
    {
      cwd: "/",
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  shell.on("error", () => {}); // no shell: the next start finds and stops what was left
  shell.stdin.on("error", () => {});
  shell.unref();
  return { dismiss: () => shell.stdin.end("dismissed\n") };
}
