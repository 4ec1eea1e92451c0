import type { Knex } from "knex";

/** One line of the table: a figure, the baseline it was measured against in the same run, and what it should reach. */
export interface Row {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly baseline: number | null;
  /** value / baseline; null where the row is an absolute figure or could not be measured. */
  readonly ratio: number | null;
  readonly target: string;
  readonly stretch: string;
  readonly met: boolean | null;
  /** Least and greatest of the rounds. */
  readonly spread: readonly [number, number] | null;
  /** Why there is no figure, or what else was seen (invariants, p99). */
  readonly note: string;
}

/** What a benchmark gets: a server of its own, with fsync on, and the baseline measured on it. */
export interface BenchContext {
  readonly seed: number;
  /** Owner's URL of the cluster. */
  readonly clusterUrl: string;
  readonly redisUrl: string;
  /** Transactions a second of pgbench TPC-B on this very server; null when pgbench is missing. */
  readonly tpcB: () => Promise<number | null>;
  /** A migrated database with the demo's reference data, dropped after the run. */
  readonly database: () => Promise<{
    app: Knex;
    owner: Knex;
    appUrl: string;
    ownerUrl: string;
    drop: () => Promise<void>;
  }>;
  readonly say: (line: string) => void;
}

export interface Benchmark {
  readonly name: string;
  readonly run: (context: BenchContext) => Promise<readonly Row[]>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
