import { placeOrders, type SettledCount, settleInBatches } from "../../../server/capabilities/trading/index.ts";
import { anOrderRequest, brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { type BenchContext, type Benchmark, type Row, ratioRow, seeded } from "../row.ts";
import { naiveOrders } from "./naive-orders.ts";

const accounts = 1_500;
/** Clients that each send their next order when the last one is settled. */
const clients = 400;
const rounds = 3;
const secondsARound = 5;
const warmUpMs = 2_000;

/**
 * The real accept and the real settlement on one server: idempotency key, checks, holds, double entry, fill, position. What is
 * counted is settled orders. Measured against TPC-B, and against one transaction per order with a hot house row.
 */
export const settle: Benchmark = {
  rows: ["settle", "settle-hot"],
  run: async (context) => {
    const baseline = await context.tpcB();
    const house = await testDesk();
    try {
      const figures = await settleRounds(house, context);
      const broken = await brokenBooks(house.db);
      const books = broken.length === 0 ? "books balance" : `BOOKS BROKEN: ${broken.map((one) => one.invariant)}`;
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
  const traders: TestAccount[] = [];
  while (traders.length < accounts)
    traders.push(...(await Promise.all(Array.from({ length: 6 }, () => house.openAccount(1_000_000_000n)))));
  const random = seeded(context.seed);
  await load(house, traders, random, warmUpMs);
  await house.db.owner.raw("VACUUM ANALYZE");
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) figures.push(await load(house, traders, random, secondsARound * 1_000));
  context.say(`accepted and settled: ${figures.map((figure) => figure.toFixed(0)).join(", ")} orders/s`);
  return figures;
}

/** Runs the clients for a while; settled orders a second. */
async function load(
  house: TestDesk,
  traders: readonly TestAccount[],
  random: () => number,
  forMs: number,
): Promise<number> {
  let settled = 0;
  const desk = placeOrders(house.ports, () => {});
  const worker = settleInBatches({
    settle: house.settler(),
    settleOneByOne: (orderId) => Promise.reject(new Error(`order ${orderId} made a settlement fail`)),
    onSettled: (count: SettledCount) => {
      settled += count.filled;
    },
  });
  const begun = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - begun < forMs) {
      const account = traders[Math.floor(random() * traders.length)];
      if (account === undefined) throw new Error("no account");
      const side = random() < 0.5 ? "buy" : "sell";
      const instrument = random() < 0.5 ? "MES" : "MNQ";
      const answer = await desk.place(account.trader, anOrderRequest(account, { side, instrument }));
      if (!("order" in answer)) throw new Error(`an order was refused: ${answer.code} ${answer.message}`);
      await worker.settle([answer.order.id]);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return settled / ((performance.now() - begun) / 1_000);
}
