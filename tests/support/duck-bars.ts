import { DuckDBInstance } from "@duckdb/node-api";
import type { BarPrice, Interval } from "#contracts/names.ts";

/** One bar as text: start in epoch ms, open, high, low, close and volume with 8 decimals, number of the newest tick in it. */
export type BarText = readonly string[];

export interface DuckBarsOptions {
  readonly file: string;
  readonly barPrice: BarPrice;
  /** Decimals of a price: what a mid is rounded to. */
  readonly decimals: number;
  readonly zone: string;
  /** Hours from the trade date's cut to midnight: 7 for 17:00. */
  readonly hoursToMidnight: number;
  readonly rowsMax: number;
}

export interface DuckBars {
  readonly bars: (interval: Interval) => Promise<BarText[]>;
  readonly close: () => void;
}

const widths: Readonly<Record<Exclude<Interval, "1d">, string>> = {
  ...{ "1m": "1 minute", "5m": "5 minutes", "15m": "15 minutes", "30m": "30 minutes" },
  ...{ "1h": "1 hour", "4h": "4 hours" },
};

/** Bars of a tick file as DuckDB makes them: a second opinion that shares no code with ours. */
export async function duckBars(options: DuckBarsOptions): Promise<DuckBars> {
  const instance = await DuckDBInstance.create(":memory:");
  const db = await instance.connect();
  const { file, barPrice, decimals, zone, hoursToMidnight, rowsMax } = options;
  const exact = (cell: string): string => `CAST(${cell} AS DECIMAL(20, 8))`;
  const price = {
    last: exact("price"),
    bid: exact("bid"),
    mid: exact(`round((CAST(bid AS DECIMAL(18, 9)) + CAST(ask AS DECIMAL(18, 9))) / 2, ${decimals})`),
  }[barPrice];
  await db.run("SET threads = 1; SET TimeZone = 'UTC'");
  await db.run(
    `CREATE TABLE ticks AS SELECT row_number() OVER () AS n, to_timestamp(CAST(ts_ms AS BIGINT) / 1000.0) AS stamp,
       CAST(ts_ms AS BIGINT) AS ms, ${price} AS p, coalesce(${exact("size")}, 0) AS v
     FROM (SELECT * FROM read_csv('${file}', all_varchar = true) LIMIT ${rowsMax})`,
  );
  const day = `CAST(timezone('${zone}', stamp) + INTERVAL ${hoursToMidnight} HOUR AS DATE)`;
  return {
    bars: async (interval) => {
      const bucket =
        interval === "1d"
          ? `CAST(${day} AS TIMESTAMP)`
          : `time_bucket(INTERVAL '${widths[interval]}', timezone('UTC', stamp), TIMESTAMP '1970-01-01')`;
      const read = await db.runAndReadAll(
        `SELECT CAST(epoch_ms(${bucket}) AS VARCHAR) AS start, CAST(first(p ORDER BY ms, n) AS VARCHAR), CAST(max(p) AS VARCHAR),
           CAST(min(p) AS VARCHAR), CAST(last(p ORDER BY ms, n) AS VARCHAR), CAST(CAST(sum(v) AS DECIMAL(30, 8)) AS VARCHAR),
           CAST(max(n) AS VARCHAR)
         FROM ticks GROUP BY start ORDER BY CAST(start AS BIGINT)`,
      );
      return read.getRowsJson() as string[][];
    },
    close: () => {
      db.closeSync();
      instance.closeSync();
    },
  };
}
