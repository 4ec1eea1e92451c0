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
  readonly say: (line: string) => void;
}

export interface Benchmark {
  /** The rows it measures, and what it is asked for by. */
  readonly rows: readonly string[];
  readonly run: (context: BenchContext) => Promise<readonly Row[]>;
}

/** A row whose figure is compared with a baseline of the same run; `target` is the least ratio wished for. */
export function ratioRow(row: {
  readonly name: string;
  readonly unit: string;
  readonly rounds: readonly number[];
  readonly baseline: number | null;
  readonly target: number;
  readonly stretch: number;
  readonly note: string;
}): Row {
  const value = median(row.rounds);
  const ratio = row.baseline === null ? null : value / row.baseline;
  return {
    name: row.name,
    value,
    unit: row.unit,
    baseline: row.baseline,
    ratio,
    target: `>= ${row.target}x`,
    stretch: `${row.stretch}x`,
    met: ratio === null ? null : ratio >= row.target,
    spread: [Math.min(...row.rounds), Math.max(...row.rounds)],
    note: row.note,
  };
}

/** A row that is its own yardstick: a time, a size. */
export const absoluteRow = (
  row: Pick<Row, "name" | "unit" | "target" | "stretch" | "note"> & { readonly value: number; readonly met: boolean },
): Row => ({ ...row, baseline: null, ratio: null, spread: null });

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
