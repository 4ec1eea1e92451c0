import type { Transport } from "../load/messages.ts";
import { type BenchContext, type Benchmark, type Row, ratioRow } from "../row.ts";
import { booksOf, type LoadHouse, latencyOf, usdInstruments, withLoadHouse, withUsage } from "./order-load.ts";

const traders = 600;
const inFlight = 300;
const rounds = 3;
const roundMs = 5_000;
const warmUpMs = 3_000;

/**
 * Orders end to end through the real server in processes of its own: authenticated, checked, durable, through the queue, filled, and
 * confirmed on the trader's socket. Submitted over that socket, or by POST. What is counted is confirmations.
 */
export const e2eOrders: Benchmark = {
  rows: ["e2e-socket", "e2e-rest"],
  run: async (context) => {
    const baseline = await context.tpcB();
    return withLoadHouse(context, traders, async (house) => [
      await throughput(context, house, { transport: "socket", name: "e2e-socket", target: 1, stretch: 2, baseline }),
      await throughput(context, house, { transport: "rest", name: "e2e-rest", target: 0.5, stretch: 1, baseline }),
    ]);
  },
};

async function throughput(
  context: BenchContext,
  house: LoadHouse,
  row: { transport: Transport; name: string; target: number; stretch: number; baseline: number | null },
): Promise<Row> {
  const { transport } = row;
  const load = (forMs: number, seed: number) =>
    house.load.run({ transport, seed, instruments: usdInstruments, arrivals: { kind: "closed", inFlight, forMs } });
  await load(warmUpMs, context.seed);
  const { result: reports, usage } = await withUsage(house, async () => {
    const made = [];
    for (let round = 1; round <= rounds; round++) made.push(await load(roundMs, context.seed + round));
    return made;
  });
  const figures = reports.map((report) => report.filled / report.seconds);
  const [last] = reports.slice(-1);
  const refused = JSON.stringify(Object.assign({}, ...reports.map((report) => report.refused)));
  const books = await booksOf(house);
  context.say(`${row.name}: ${figures.map((figure) => figure.toFixed(0)).join(", ")} orders/s; ${usage}`);
  const latency = last === undefined ? "" : latencyOf(last);
  const note = `${inFlight} in flight; ${latency}; ${usage}; refused ${refused}; ${books}`;
  return ratioRow({ ...row, unit: "orders/s", rounds: figures, note });
}
