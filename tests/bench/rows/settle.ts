import { type TestDesk, testDesk } from "../../support/trading.ts";
import { type BenchContext, type Benchmark, type Row, ratioRow, seeded } from "../row.ts";
import { booksNote, deskLoad, openAccounts } from "./desk-load.ts";
import { naiveOrders } from "./naive-orders.ts";

const accountCount = 1_500;
const rounds = 3;
const secondsARound = 5;
const warmUpMs = 2_000;

/**
 * The real accept and the real settlement on one server: idempotency key, checks, margin, double entry, fill, position. What is
 * counted is settled orders. Measured against TPC-B, and against one transaction per order with a hot house row.
 */
export const settle: Benchmark = {
  rows: ["settle", "settle-hot"],
  run: async (context) => {
    const baseline = await context.tpcB();
    const house = await testDesk();
    try {
      const figures = await settleRounds(house, context);
      const books = await booksNote(house);
      const naive = await naiveOrders(house.db.owner, secondsARound);
      context.say(`one transaction per order with a hot house row: ${naive.toFixed(0)} orders/s`);
      const rows: Row[] = [
        ratioRow({ name: "settle", unit: "orders/s", rounds: figures, baseline, target: 3, stretch: 4, note: books }),
        ratioRow({
          name: "settle-hot",
          unit: "orders/s",
          rounds: figures,
          baseline: naive,
          target: 7,
          stretch: 10,
          note: "against one transaction per order",
        }),
      ];
      return rows;
    } finally {
      await house.close();
    }
  },
};

async function settleRounds(house: TestDesk, context: BenchContext): Promise<number[]> {
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
  const load = {
    accounts: await openAccounts(house, accountCount),
    instruments: ["MES", "MNQ"],
    random: seeded(context.seed),
  };
  await deskLoad(house, { ...load, forMs: warmUpMs });
  await house.db.owner.raw("VACUUM ANALYZE");
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++)
    figures.push(await deskLoad(house, { ...load, forMs: secondsARound * 1_000 }));
  context.say(`accepted and settled: ${figures.map((figure) => figure.toFixed(0)).join(", ")} orders/s`);
  return figures;
}
