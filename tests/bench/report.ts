import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Row } from "./row.ts";

const columns: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ["row", (row) => row.name],
  ["value", (row) => (row.value === null ? "-" : `${figure(row.value)} ${row.unit}`)],
  ["baseline", (row) => (row.baseline === null ? "-" : figure(row.baseline))],
  ["ratio", (row) => (row.ratio === null ? "-" : `${row.ratio.toFixed(2)}x`)],
  ["target", (row) => row.target || "-"],
  ["stretch", (row) => row.stretch || "-"],
  ["met", (row) => (row.met === null ? "-" : row.met ? "yes" : "no")],
  ["spread", (row) => (row.spread === null ? "-" : `${figure(row.spread[0])}..${figure(row.spread[1])}`)],
  ["note", (row) => row.note],
];

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

/** The table as text, one line a row. */
export function table(rows: readonly Row[]): string {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** DATA_DIR/bench.json: the machine, the versions, the seed and every row. */
export function writeReport(
  dataDir: string,
  seed: number,
  rows: readonly Row[],
  versions: Record<string, string>,
): string {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, "bench.json");
  writeFileSync(file, `${JSON.stringify({ machine: machine(), versions, seed, rows }, null, 2)}\n`);
  return file;
}

export function machine(): Record<string, string | number> {
  const cpus = os.cpus();
  return {
    cores: cpus.length,
    cpu: cpus[0]?.model ?? "unknown",
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    commit: commit(),
  };
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}
