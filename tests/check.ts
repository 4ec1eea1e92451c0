import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { projectRoot } from "../server/config.ts";

/** `npm run check`: types, lint and format, architecture, fast tests. Says nothing when all is well. */
const require = createRequire(import.meta.url);
const fastTests = ["tests/architecture", "tests/core", "tests/contracts"];

const results = await Promise.all([
  run("types", ["node_modules/typescript/bin/tsc", "-p", "."]),
  run("lint and format (npm run format mends most)", [
    "node_modules/@biomejs/biome/bin/biome",
    "check",
    "--error-on-warnings",
  ]),
  run(
    "fast tests",
    [require.resolve("jest/bin/jest"), "--silent", "--passWithNoTests", ...fastTests],
    "--experimental-vm-modules",
  ),
]);
process.exitCode = results.every((isFine) => isFine) ? 0 : 1;

function run(name: string, args: readonly string[], nodeOptions = ""): Promise<boolean> {
  const [program = "", ...rest] = args;
  const child = spawn(process.execPath, [path.resolve(projectRoot, program), ...rest], {
    cwd: projectRoot,
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${nodeOptions}`.trim() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code !== 0) process.stderr.write(`\n${name}:\n${output.trim()}\n`);
      resolve(code === 0);
    });
  });
}
