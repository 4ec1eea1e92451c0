import { absoluteRow, type Benchmark } from "../row.ts";
import { booksOf, latencyOf, usdInstruments, withLoadHouse, withUsage } from "./order-load.ts";

const sockets = 5_000;
const inFlight = 300;
const probeMs = 6_000;
const forMs = 20_000;
const targetMs = 250;
const stretchMs = 100;

/**
 * How long a trader waits for his fill while 5,000 sockets are connected, at half the rate the same installation can carry:
 * orders arrive at a fixed rate and are timed from the moment they were due.
 */
export const confirm5000: Benchmark = {
  rows: ["confirm-5000"],
  run: (context) =>
    withLoadHouse(context, sockets, async (house) => {
      const common = { transport: "socket" as const, instruments: usdInstruments };
      const probe = await house.load.run({
        ...common,
        seed: context.seed,
        arrivals: { kind: "closed", inFlight, forMs: probeMs },
      });
      const perSecond = Math.max(1, Math.floor(probe.filled / probe.seconds / 2));
      const { result: report, usage } = await withUsage(house, () =>
        house.load.run({ ...common, seed: context.seed + 1, arrivals: { kind: "open", perSecond, forMs } }),
      );
      const books = await booksOf(house);
      const told = `${sockets} sockets, ${perSecond} orders/s; ${latencyOf(report)}; ${usage}`;
      context.say(told);
      const lost = `${report.unfinished} unfinished, refused ${JSON.stringify(report.refused)}`;
      return [
        absoluteRow({
          name: "confirm-5000",
          value: report.confirmation.p99,
          unit: "ms p99",
          target: `< ${targetMs}`,
          stretch: `< ${stretchMs}`,
          met: report.confirmation.p99 < targetMs && report.unfinished === 0,
          note: `${told}; ${lost}; ${books}`,
        }),
      ];
    }),
};
