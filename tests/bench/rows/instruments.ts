import type { Instrument } from "#core/instrument.ts";
import { mes } from "../../core/trading-builders.ts";
import { testDesk } from "../../support/trading.ts";
import { absoluteRow, type Benchmark, median, seeded } from "../row.ts";
import { booksNote, deskLoad, openAccounts } from "./desk-load.ts";

const accountCount = 1_500;
const instrumentCount = 50;
const rounds = 3;
const forMs = 4_000;
const warmUpMs = 2_000;
const differenceMax = 20;

const instruments: readonly Instrument[] = Array.from({ length: instrumentCount }, (_, number) => ({
  ...mes,
  id: `M${String(number).padStart(2, "0")}`,
}));

/** Everybody in one instrument against fifty: what a crowded instrument costs. One house account either way; rounds take turns. */
export const instrumentsRow: Benchmark = {
  rows: ["instruments-50-vs-1"],
  run: async (context) => {
    const house = await testDesk(instruments);
    try {
      const all = instruments.map(({ id }) => id);
      for (const id of all) house.market.quote(id, "5000.00", "5000.25");
      const load = { accounts: await openAccounts(house, accountCount), random: seeded(context.seed) };
      await deskLoad(house, { ...load, instruments: all, forMs: warmUpMs });
      await house.db.owner.raw("VACUUM ANALYZE");
      const [one, fifty]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        one.push(await deskLoad(house, { ...load, instruments: all.slice(0, 1), forMs }));
        fifty.push(await deskLoad(house, { ...load, instruments: all, forMs }));
      }
      const told = `one instrument ${one.map(Math.round).join(", ")}; fifty ${fifty.map(Math.round).join(", ")} orders/s`;
      context.say(told);
      const [few, many] = [median(one), median(fifty)];
      const value = (Math.abs(many - few) / Math.max(many, few)) * 100;
      const note = `${told}; ${await booksNote(house)}`;
      return [
        absoluteRow({
          ...{ name: "instruments-50-vs-1", value, unit: "% apart", note },
          ...{ target: `< ${differenceMax} %`, stretch: "", met: value < differenceMax },
        }),
      ];
    } finally {
      await house.close();
    }
  },
};
