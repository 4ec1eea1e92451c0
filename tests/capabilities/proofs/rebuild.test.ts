import { describe, expect, test } from "@jest/globals";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import { type MarkPorts, markDates } from "../../../server/capabilities/contracts/index.ts";
import { rebuildBooks } from "../../../server/capabilities/proofs/index.ts";
import { openMarking } from "../../../server/capabilities/trading/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { seededRandom } from "../../../server/platform/feeds/random.ts";
import { mes } from "../../core/trading-builders.ts";
import { memoryBus } from "../../support/market.ts";
import { quoteStored } from "../../support/proofs.ts";
import { settlePromised, tamper } from "../../support/rebuild.ts";
import {
  acceptedId,
  anOrderRequest,
  brokenBooks,
  type TestAccount,
  type TestDesk,
  testDesk,
} from "../../support/trading.ts";
import { testEngine, untilTried } from "../../support/triggers.ts";

/** A day of one instrument: quotes that walk and jump, orders of every type, deposits; all by a seed. */
async function tradeADay(house: TestDesk, seed: number, steps: number): Promise<readonly TestAccount[]> {
  const { uniform: random } = seededRandom(`day ${seed}`);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const bus = memoryBus();
  const engine = testEngine(house, bus);
  const accounts = [];
  for (let at = 0; at < 4; at++) accounts.push(await house.openAccount(BigInt(60_000 + at * 150_000)));
  let price = 20_000;
  let seq = 0n;
  const text = (ticks: number): string => (ticks / 4).toFixed(2);
  const move = async (): Promise<void> => {
    price += random() < 0.05 ? pick([-60, 60]) : pick([-4, -2, -1, 0, 1, 2, 4]);
    const quote = await quoteStored(house, "MES", text(price), text(price + pick([1, 1, 2])));
    seq = quote.seq;
    bus.publish({ kind: "quotes", quotes: [quote] });
  };
  const bracketOf = (side: "buy" | "sell"): Partial<PlaceOrderRequest> => {
    const up = side === "buy" ? 1 : -1;
    return { takeProfitPrice: text(price + up * 30), stopLossPrice: text(price - up * 30) };
  };
  const request = (account: TestAccount): PlaceOrderRequest => {
    const type = pick(["market", "market", "limit", "stop", "stop-limit"] as const);
    const side = pick(["buy", "sell"] as const);
    const away = pick([3, 8, 15]) * (side === "buy" ? 1 : -1);
    return anOrderRequest(account, {
      type,
      side,
      lots: pick(["1", "2", "3"]),
      ...(type === "limit" ? { limitPrice: text(price - away) } : {}),
      ...(type === "stop" ? { stopPrice: text(price + away) } : {}),
      ...(type === "stop-limit" ? { stopPrice: text(price + away), limitPrice: text(price + away) } : {}),
      ...pick([{}, {}, { reduceOnly: true }, bracketOf(side)]),
    });
  };
  await move();
  for (let step = 0; step < steps; step++) {
    if (random() < 0.6) await move();
    if (random() < 0.04) await house.fund(pick(accounts), 25_000n);
    const account = pick(accounts);
    const answer = await house.desk.place(account.trader, request(account));
    if (!("order" in answer)) continue;
    if (answer.order.state === "working") bus.publish({ kind: "working", orderIds: [answer.order.id] });
    if (random() < 0.4) await settlePromised(house);
  }
  await untilTried(house, seq);
  await engine.stop();
  await settlePromised(house);
  return accounts;
}

describe("a random trading day", () => {
  test.each([11, 12, 13])(
    "of seed %i is rebuilt equal, row by row",
    async (seed) => {
      const house = await testDesk();
      try {
        const accounts = await tradeADay(house, seed, 160);
        const rebuilt = await rebuildBooks(house.db.owner);
        expect(rebuilt.differences).toEqual([]);
        expect(rebuilt).toMatchObject({ accounts: accounts.length, triggersSwept: 0, accountsDiffering: 0 });
        expect(rebuilt.orders).toBeGreaterThan(40);
        expect(rebuilt.triggersChecked).toBeGreaterThan(5);
        expect(await brokenBooks(house.db)).toEqual([]);
      } finally {
        await house.close();
      }
    },
    60_000,
  );
});

test("what the house added to keep a balance from going below zero is recomputed too", async () => {
  const house = await testDesk();
  try {
    const account = await house.openAccount(12_000n);
    const trade = async (side: "buy" | "sell"): Promise<void> => {
      const id = acceptedId(await house.desk.place(account.trader, anOrderRequest(account, { side })));
      await house.settler()([id]);
    };
    await quoteStored(house, "MES", "5000.00", "5000.25");
    await trade("buy");
    await quoteStored(house, "MES", "4900.00", "4900.25");
    await trade("sell");
    await house.fund(account, 50_000n);
    await trade("sell");
    expect(await house.db.owner("transfers").where({ code: 13 })).toMatchObject([{ amount: 38_249n }]);
    expect(await rebuildBooks(house.db.owner)).toMatchObject({ orders: 3, differences: [] });
  } finally {
    await house.close();
  }
});

test("daily settlements are paid once more, between the fills before and after them; a changed one is named", async () => {
  const everyDay = [
    {
      validFrom: "2020-01-01",
      validTo: null,
      open: { weekday: 0, time: "00:00" },
      close: { weekday: 0, time: "00:00" },
    },
  ] as const;
  const daily = { ...mes, calendar: { ...mes.calendar, sessions: everyDay } };
  const house = await testDesk();
  try {
    const announce: MarkPorts["announce"] = () => {};
    const account = await house.openAccount(1_000_000n);
    const trade = async (side: "buy" | "sell", lots: string): Promise<void> => {
      const id = acceptedId(await house.desk.place(account.trader, anOrderRequest(account, { side, lots })));
      await house.settler()([id]);
    };
    await house.db.owner("instruments").where({ id: "MES" }).update({ daily_settlement: "cash" });
    await quoteStored(house, "MES", "5000.00", "5000.25");
    await trade("buy", "3");
    await quoteStored(house, "MES", "5010.00", "5010.25");
    const afterCut = new Date(Math.ceil((Date.now() + 1) / 86_400_000) * 86_400_000 + 10_000);
    await markDates({
      db: house.db.app,
      transact: transactor(house.db.app),
      instruments: () => [daily],
      mark: openMarking({ announce, shard: 0 }),
      announce,
      now: () => Promise.resolve(afterCut),
    });
    await quoteStored(house, "MES", "5004.00", "5004.25");
    await trade("sell", "2");
    const paid = await house.db.owner("position_marks").select("id", "amount_minor");
    expect(paid).toMatchObject([{ amount_minor: 15_000n }]);
    expect(await rebuildBooks(house.db.owner)).toMatchObject({ orders: 2, differences: [] });
    await tamper(house, (trx) => trx("position_marks").update({ amount_minor: "15001" }));
    expect((await rebuildBooks(house.db.owner)).differences).toMatchObject([
      { row: `daily settlement ${paid[0].id} in MES`, what: "difference paid (minor units)", recomputed: "15000" },
    ]);
  } finally {
    await house.close();
  }
});
