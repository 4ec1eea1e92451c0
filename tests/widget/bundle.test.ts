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

test("the cashier, lists and lines, the proof of a fill and the chart are lazy chunks of at most 16, 15, 10 and 205 kB gzip", () => {
  const shared = neededBy("truewick.js").map((chunk) => chunk.replace("chunks/", ""));
  const chunks = readdirSync(path.join(built, "chunks"))
    .filter((chunk) => !shared.includes(chunk))
    .sort();
  expect(chunks).toEqual([
    expect.stringMatching(/^cashier-.+\.js$/),
    expect.stringMatching(/^desk-parts-.+\.js$/),
    expect.stringMatching(/^fill-proof-.+\.js$/),
    expect.stringMatching(/^highcharts-chart-.+\.js$/),
  ]);
  expect(gzipped(`chunks/${chunks[0]}`)).toBeLessThanOrEqual(16 * kB);
  expect(gzipped(`chunks/${chunks[1]}`)).toBeLessThanOrEqual(15 * kB);
  expect(gzipped(`chunks/${chunks[2]}`)).toBeLessThanOrEqual(10 * kB);
  expect(gzipped(`chunks/${chunks[3]}`)).toBeLessThanOrEqual(205 * kB);
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
