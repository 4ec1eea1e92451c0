import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { endsWithUs, type Service, startService } from "./child.ts";
import { postgresUser, type SystemUser } from "./identity.ts";
import { postgresDataPlace } from "./places.ts";
import { freePort } from "./ports.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";
import { stopStalePostgres } from "./stale-postgres.ts";
import { StartError } from "./start-error.ts";

export interface EmbeddedPostgres {
  readonly pid: number;
  readonly port: number;
  /** The superuser `postgres`, database `postgres`. */
  readonly ownerUrl: string;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  readonly stop: () => Promise<void>;
}

export interface PostgresSettings {
  readonly dataDir: string;
  readonly ownerPassword: string;
  /** Further server settings, name -> value. */
  readonly settings: Readonly<Record<string, string>>;
}

const portsTried = 5;
const startPatienceMs = 60_000;
const stopPatienceMs = 6_000;

/** Starts the private PostgreSQL of `dataDir` on a free loopback port; makes or mends its data directory first. */
export async function startPostgres(wanted: PostgresSettings): Promise<EmbeddedPostgres> {
  mkdirSync(wanted.dataDir, { recursive: true });
  const existing = path.join(wanted.dataDir, "postgres");
  const user = postgresUser(existsSync(existing) ? existing : null);
  const binaries = await postgresBinaries(user);
  const place = postgresDataPlace(wanted.dataDir, user);
  if (existsSync(place)) await stopStalePostgres(place);
  else await initialise(binaries, place, user, wanted.ownerPassword);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const service = await run(binaries, place, user, port, wanted.settings);
    const ownerUrl = `postgres://postgres:${wanted.ownerPassword}@127.0.0.1:${port}/postgres`;
    const isUp = await answers(service, ownerUrl).catch(async (error: unknown) => {
      await service.stop("SIGQUIT", stopPatienceMs);
      throw error;
    });
    if (isUp)
      return {
        pid: service.pid,
        port,
        ownerUrl,
        stop: () => service.stop("SIGINT", stopPatienceMs),
      };
    await service.stop("SIGQUIT", stopPatienceMs);
    const portWasTaken = /could not bind|Address already in use/.test(service.output());
    if (!portWasTaken || attempt === portsTried)
      throw new StartError(`The private PostgreSQL in ${place} does not start: ${lastLine(service.output())}`);
  }
}

/** initdb into a neighbour folder that is renamed when it is whole, so that a kill in the middle leaves nothing half-made. */
async function initialise(
  binaries: PostgresBinaries,
  place: string,
  user: SystemUser | null,
  password: string,
): Promise<void> {
  const unfinished = `${place}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const passwordFile = `${place}.password`;
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user !== null) for (const file of [unfinished, passwordFile]) chownSync(file, user.uid, user.gid);
    await initdb(binaries.initdb, unfinished, passwordFile, user);
    renameSync(unfinished, place);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** UTF-8 and the built-in C.UTF-8 locale are said outright: without them initdb takes whatever the environment has. */
function initdb(program: string, dir: string, passwordFile: string, user: SystemUser | null): Promise<void> {
  const args = `--username=postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin
    --builtin-locale=C.UTF-8 --no-instructions --pwfile=${passwordFile} --pgdata=${dir}`.split(/\s+(?=--)/);
  const child = endsWithUs(spawn(program, args, { cwd: "/", stdio: ["ignore", "ignore", "pipe"], ...(user ?? {}) }));
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new StartError(`PostgreSQL cannot make its data in ${dir}: ${lastLine(output)}`)),
    );
  });
}

function run(
  binaries: PostgresBinaries,
  place: string,
  user: SystemUser | null,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Service> {
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(port), ...settings };
  const args = ["-D", place, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  return startService({ command: binaries.postgres, args, cwd: "/", user });
}

/** True once it takes queries; false when it died first. */
async function answers(service: Service, url: string): Promise<boolean> {
  const deadline = Date.now() + startPatienceMs;
  while (service.isRunning() && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {}); // a server that dies while we look: the next round sees it
    try {
      await client.connect();
      await client.query("SELECT 1");
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code ?? "";
      if (code === "28P01")
        throw new StartError(
          "The private PostgreSQL refuses the password in secrets.json: restore that file from a backup.",
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1) ?? "it said nothing";
