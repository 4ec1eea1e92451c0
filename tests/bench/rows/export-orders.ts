import { setTimeout as wait } from "node:timers/promises";
import { absoluteRow, type Benchmark, median } from "../row.ts";
import { askForLedger, fillLongLedger, longLedgerRows } from "./long-ledger.ts";
import { booksOf, type LoadHouse, latencyOf, usdInstruments, withLoadHouse, withUsage } from "./order-load.ts";

const traders = 500;
const perSecond = 200;
const forMs = 20_000;
const rounds = 3;
const targetTimes = 2;
const lookMs = 250;

/**
 * What an export does to whoever trades meanwhile: orders at a steady rate, in turns without and with the scheduler making ledgers of
 * 1,000,000 rows one after the other. Compared is the time until a trader has his fill.
 */
export const exportOrders: Benchmark = {
  rows: ["export-orders"],
  run: (context) =>
    withLoadHouse(context, traders, async (house) => {
      await fillLongLedger(house.installation.database);
      const load = (seed: number) =>
        house.load.run({
          ...{ transport: "socket" as const, seed, instruments: usdInstruments },
          arrivals: { kind: "open", perSecond, forMs },
        });
      await load(context.seed);
      const p99: { alone: number[]; meanwhile: number[] } = { alone: [], meanwhile: [] };
      let [made, unfinished, told] = [0, 0, ""];
      for (let round = 1; round <= rounds; round++) {
        // One seed, and each first in turns: what the machine does meanwhile should meet both.
        const alone = round % 2 === 1 ? await load(context.seed + round) : null;
        const exports = keepExporting(house);
        const { result: meanwhile, usage } = await withUsage(house, () => load(context.seed + round));
        made += await exports.stop();
        const other = alone ?? (await load(context.seed + round));
        p99.alone.push(other.confirmation.p99);
        p99.meanwhile.push(meanwhile.confirmation.p99);
        unfinished += other.unfinished + meanwhile.unfinished;
        told = `alone ${latencyOf(other)}; with exports ${latencyOf(meanwhile)}; ${usage}`;
        context.say(told);
      }
      const times = median(p99.meanwhile.map((ms, round) => ms / (p99.alone[round] ?? Number.NaN)));
      const each = (all: readonly number[]): string => all.map((ms) => ms.toFixed(0)).join(", ");
      return [
        absoluteRow({
          ...{ name: "export-orders", value: times, unit: "x p99", target: `<= ${targetTimes}`, stretch: "" },
          met: times <= targetTimes && unfinished === 0,
          note: `${perSecond} orders/s, confirmed p99 alone ${each(p99.alone)}, with exports ${each(p99.meanwhile)} ms; ${made} exports of ${longLedgerRows} rows; last round: ${told}; ${unfinished} unfinished; ${await booksOf(house)}`,
        }),
      ];
    }),
};

/** Asks for the next as soon as the last is made, until it is stopped; then tells how many were. */
function keepExporting({ installation: { database } }: LoadHouse): { stop: () => Promise<number> } {
  let isWanted = true;
  const all = (async (): Promise<number> => {
    for (let made = 0; ; made += 1) {
      const { id } = await askForLedger(database);
      for (let state = "queued"; state !== "succeeded"; await wait(lookMs)) {
        ({ state } = await database.owner("exports").where({ id }).first("state"));
        if (state === "failed") throw new Error("an export failed");
      }
      if (!isWanted) return made + 1;
    }
  })();
  return {
    stop: () => {
      isWanted = false;
      return all;
    },
  };
}
