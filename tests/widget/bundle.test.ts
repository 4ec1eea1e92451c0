import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "@jest/globals";
import { projectRoot } from "../../server/config.ts";
import { buildClients } from "../../server/platform/embedded/build-clients.ts";

const built = path.join(projectRoot, "dist/widget");
const kB = 1000;
const gzipped = (file: string): number => gzipSync(readFileSync(path.join(built, file)), { level: 9 }).length;

beforeAll(() => buildClients(projectRoot, () => {}), 120_000);

/** The chunks that a file can't do without: it imports them before it runs. */
const neededBy = (file: string): readonly string[] =>
  [...readFileSync(path.join(built, file), "utf8").matchAll(/from"\.\/(chunks\/[^"]+)"/g)].map(
    ([, chunk]) => chunk ?? "",
  );

test("the widget without its chart is at most 60 kB gzip, with all that it needs to begin", () => {
  const parts = ["truewick.js", ...neededBy("truewick.js")];
  expect(parts.map(gzipped).reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60 * kB);
});

/** Most of each lazy chunk, in bytes of gzip. */
const chunkMost = {
  "account-limits": 4 * kB,
  "account-part.styles": 1 * kB,
  cashier: 16 * kB,
  "cashier-client": 1 * kB,
  "cashier-statements": 5 * kB,
  "desk-parts": 15 * kB,
  device: 1 * kB,
  "device-consent": 4 * kB,
  "directive-helpers": 1 * kB,
  "fill-proof": 10 * kB,
  "fp.esm": 20 * kB,
  "highcharts-chart": 205 * kB,
  "own-limits": 5 * kB,
  qr: 6 * kB,
};

test("what is asked for later is in lazy chunks, each within its bound", () => {
  const shared = neededBy("truewick.js").map((chunk) => chunk.replace("chunks/", ""));
  const chunks = readdirSync(path.join(built, "chunks")).filter((chunk) => !shared.includes(chunk));
  const sizes = new Map(chunks.map((chunk) => [chunk.replace(/-.{8}\.js$/, ""), gzipped(`chunks/${chunk}`)]));
  expect([...sizes.keys()].sort()).toEqual(Object.keys(chunkMost));
  for (const [name, most] of Object.entries(chunkMost)) expect(sizes.get(name)).toBeLessThanOrEqual(most);
});

test("the chart is found from where the script lies, on any origin", () => {
  const entry = readFileSync(path.join(built, "truewick.js"), "utf8");
  expect(/import\([`"']\.\/chunks\/highcharts-chart-/.test(entry)).toBe(true);
  expect(/sourceMappingURL|localhost:\d/.exec(entry)).toBeNull();
});

test("the widget carries no zod and no server code", () => {
  const entry = readFileSync(path.join(built, "truewick.js"), "utf8");
  expect(/ZodError|knex|must be a plain decimal/.exec(entry)).toBeNull();
});
