import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endsWithUs } from "./child.ts";
import { StartError } from "./start-error.ts";

const clients = ["admin", "widget"] as const;
/** What a client's bundle is made of, besides its own folder. */
const shared = ["server/contracts", "server/core", "package.json", "package-lock.json"];

/**
 * Builds the back office and the widget with Vite into dist/, each only when its sources changed since its last
 * build (a hash is kept beside it).
 */
export async function buildClients(projectRoot: string, say: (line: string) => void): Promise<void> {
  for (const client of clients) {
    const config = path.join(projectRoot, client, "vite.config.ts");
    if (!existsSync(config)) continue;
    const hash = hashOf([path.join(projectRoot, client), ...shared.map((name) => path.join(projectRoot, name))]);
    const hashFile = path.join(projectRoot, "dist", `${client}.hash`);
    const isFresh = existsSync(hashFile) && readFileSync(hashFile, "utf8") === hash;
    if (isFresh && existsSync(path.join(projectRoot, "dist", client))) continue;
    const began = performance.now();
    say(`building the ${client === "admin" ? "back office" : "widget"} …`);
    await viteBuild(projectRoot, client);
    mkdirSync(path.dirname(hashFile), { recursive: true });
    writeFileSync(hashFile, hash);
    say(`built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
}

/** In a process of its own, so that the bundler's memory is not the server's. */
function viteBuild(projectRoot: string, client: string): Promise<void> {
  const vite = path.join(projectRoot, "node_modules/vite/bin/vite.js");
  const child = spawn(process.execPath, [vite, "build", "--config", `${client}/vite.config.ts`, "--logLevel", "warn"], {
    cwd: projectRoot,
    env: { ...process.env, NODE_ENV: "production", NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endsWithUs(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new StartError(`The ${client} cannot be built:\n${output.trim()}`)),
    );
  });
}

function hashOf(places: readonly string[]): string {
  const hash = createHash("sha256");
  for (const place of places) for (const file of filesUnder(place)) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function filesUnder(place: string): string[] {
  const entries = readdirSync(path.dirname(place), { withFileTypes: true });
  const self = entries.find((entry) => entry.name === path.basename(place));
  if (self === undefined) return [];
  if (!self.isDirectory()) return [place];
  return readdirSync(place)
    .sort()
    .flatMap((name) => filesUnder(path.join(place, name)));
}
