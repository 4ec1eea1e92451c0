import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { onPath } from "./redis-binaries.ts";
import { StartError } from "./start-error.ts";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge"];
const macOs = ["/Applications/Google Chrome.app/Contents/MacOS", "/Applications/Chromium.app/Contents/MacOS"];
const installPatienceMs = 300_000;

/**
 * A Chromium for the browser tests: CHROMIUM_PATH, an installed Chromium or Chrome, else (root, with apt-get) the
 * distribution's package is installed. Null: there is none, and the caller says so loudly.
 */
export function findChromium(given: string | null, say: (line: string) => void): string | null {
  if (given !== null) {
    if (existsSync(given)) return given;
    throw new StartError(`CHROMIUM_PATH names ${given}, which is not there.`);
  }
  const installed = installedChromium();
  if (installed !== null) return installed;
  const aptGet = onPath(["apt-get"], ["/usr/bin"]);
  if (process.getuid?.() !== 0 || aptGet === null) return null;
  say("no Chromium on this machine: apt-get install chromium (about 110 MB) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["-qq", "update"],
    ["-qq", "install", "-y", "--no-install-recommends", "chromium"],
  ])
    spawnSync(aptGet, args, { env, stdio: "ignore", timeout: installPatienceMs });
  return installedChromium();
}

const installedChromium = (): string | null =>
  onPath(["Google Chrome", "Chromium", ...names], [...(process.env.PATH ?? "").split(":"), "/usr/bin", ...macOs]);
