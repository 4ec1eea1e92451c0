import { absoluteRow, type Benchmark } from "../row.ts";
import { booksOf, latencyOf, usdInstruments, withLoadHouse, withUsage } from "./order-load.ts";

const traders = 1_000;
const perSecond = 10_000;
const forMs = 2_000;
const answeredWithin = 5;
const drainedWithin = 15;

/** 20,000 orders within 2 s: each is answered, taken or told to come back; what was taken is filled soon after. */
export const burst: Benchmark = {
  rows: ["burst"],
  run: (context) =>
    withLoadHouse(context, traders, async (house) => {
      const common = { transport: "socket" as const, instruments: usdInstruments };
      await house.load.run({
        ...common,
        seed: context.seed,
        arrivals: { kind: "closed", inFlight: 100, forMs: 3_000 },
      });
      const { result: report, usage } = await withUsage(house, () =>
        house.load.run({ ...common, seed: context.seed + 1, arrivals: { kind: "open", perSecond, forMs } }),
      );
      const others = Object.keys(report.refused).filter((reason) => !/^(429|503) /.test(reason));
      const books = await booksOf(house);
      const told =
        `${report.sent} sent, ${report.filled} filled, refused ${JSON.stringify(report.refused)}; ` +
        `answered in ${report.answeredSeconds.toFixed(1)} s, drained in ${report.seconds.toFixed(1)} s`;
      context.say(told);
      return [
        absoluteRow({
          name: "burst",
          value: report.seconds,
          unit: "s to drain",
          target: `< ${drainedWithin}, answers < ${answeredWithin}`,
          stretch: "",
          met:
            report.answeredSeconds < answeredWithin &&
            report.seconds < drainedWithin &&
            report.unfinished === 0 &&
            others.length === 0,
          note: `${told}; ${latencyOf(report)}; ${usage}; ${books}`,
        }),
      ];
    }),
};
