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

test("the widget without its chart is at most 60 kB gzip", () => {
  expect(gzipped("truewick.js")).toBeLessThanOrEqual(60 * kB);
});

test("the proof of a fill and the chart are lazy chunks of at most 10 and 205 kB gzip, and share only the entry", () => {
  const chunks = readdirSync(path.join(built, "chunks")).sort();
  expect(chunks).toEqual([
    expect.stringMatching(/^fill-proof-.+\.js$/),
    expect.stringMatching(/^highcharts-chart-.+\.js$/),
  ]);
  expect(gzipped(`chunks/${chunks[0]}`)).toBeLessThanOrEqual(10 * kB);
  expect(gzipped(`chunks/${chunks[1]}`)).toBeLessThanOrEqual(205 * kB);
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
