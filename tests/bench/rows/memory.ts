import type { Part, Usage } from "../apart.ts";
import { absoluteRow, type BenchContext, type Benchmark, type Row } from "../row.ts";
import { booksOf, usdInstruments, withLoadHouse } from "./order-load.ts";

/** The whole run takes 10 minutes; BENCH_SOAK_SECONDS makes it shorter for a look. */
const forSeconds = Number(process.env.BENCH_SOAK_SECONDS ?? 600);
const traders = 500;
const perSecond = 300;
const targetMiB = 300;
const everyMs = 5_000;

/**
 * Memory of api and worker under a steady load: the most that is resident, and how it moves over the second half, when caches are
 * warm.
 */
export const memory: Benchmark = {
  rows: ["memory"],
  run: (context) =>
    withLoadHouse(context, traders, async (house) => {
      const samples: Record<Part, number[]> = { api: [], worker: [], feed: [] };
      const look = setInterval(() => {
        for (const part of ["api", "worker"] as const) samples[part].push(residentOf(house.installation.usage(part)));
      }, everyMs);
      const report = await house.load
        .run({
          ...{ transport: "socket" as const, seed: context.seed, instruments: usdInstruments },
          arrivals: { kind: "open", perSecond, forMs: forSeconds * 1_000 },
        })
        .finally(() => clearInterval(look));
      const note = `${forSeconds} s at ${perSecond} orders/s, ${report.filled} filled; ${await booksOf(house)}`;
      return [row(context, "api", samples.api, note), row(context, "worker", samples.worker, note)];
    }),
};

const residentOf = ({ residentMiB }: Usage): number => residentMiB;

function row(context: BenchContext, part: string, samples: readonly number[], note: string): Row {
  const half = samples.slice(Math.floor(samples.length / 2));
  const most = Math.max(...samples);
  const told = `${part}: at most ${most.toFixed(0)} MiB, ${slopeOf(half).toFixed(2)} MiB a minute in the second half`;
  context.say(told);
  return absoluteRow({
    name: `memory-${part}`,
    value: most,
    unit: "MiB RSS",
    target: `< ${targetMiB}`,
    stretch: "",
    met: most < targetMiB,
    note: `${told}; ${note}`,
  });
}

/** Least squares, per minute. */
function slopeOf(samples: readonly number[]): number {
  const count = samples.length;
  const meanX = (count - 1) / 2;
  const meanY = samples.reduce((sum, value) => sum + value, 0) / count;
  let [over, under] = [0, 0];
  for (const [x, y] of samples.entries()) {
    over += (x - meanX) * (y - meanY);
    under += (x - meanX) ** 2;
  }
  return under === 0 ? 0 : (over / under) * (60_000 / everyMs);
}
