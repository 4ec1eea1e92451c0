import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import { fundAccount } from "../../server/capabilities/accounts/index.ts";
import type { OrderDesk } from "../../server/capabilities/trading/index.ts";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { anOrderRequest, brokenBooks, type TestAccount, type TestDesk, testDesk } from "../support/trading.ts";

/** What two apis do to one account at once (F17, F18, F20). */
let house: TestDesk;
let desks: readonly [OrderDesk, OrderDesk];
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  desks = [house.desk, house.anotherDesk()];
}, 60_000);
afterAll(() => house.close());

const deskOf = (number: number): OrderDesk => desks[number % 2 === 0 ? 0 : 1];

test("F17: one clientOrderId sent 100 times in parallel to two apis: one is created, 99 answers are equal to it", async () => {
  const account = await house.openAccount(1_000_000n);
  const request = anOrderRequest(account);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, number) => deskOf(number).place(account.trader, request)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 202]);
  const ids = new Set(answers.map((answer) => ("order" in answer ? answer.order.id : null)));
  expect(ids.size).toBe(1);
});

test("F18: one clientOrderId with two bodies, sent to two apis at once: one is taken, the other is 409 without effect", async () => {
  const account = await house.openAccount(1_000_000n);
  const request = anOrderRequest(account);
  const answers = await Promise.all([
    deskOf(0).place(account.trader, request),
    deskOf(1).place(account.trader, { ...request, lots: "2" }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  const rows = await house.db.owner("orders").where({ account_id: account.accountId }).select("client_order_id");
  expect(rows).toEqual([{ client_order_id: request.clientOrderId }]);
});

test("F20: orders and adjustments race on one account: never below zero, and no client hears of a deadlock", async () => {
  const account = await house.openAccount(300_000n);
  const settle = house.settler();
  const fund = fundAccount({ transact: transactor(house.db.app), announce: () => {}, hashPassword: async () => "" });
  const move = (cents: bigint) =>
    fund(systemActor, { accountId: account.accountId, amount: minorUnits(cents), reason: "a race" });
  const told = new Map<string, number>();
  const count = (outcome: string): void => void told.set(outcome, (told.get(outcome) ?? 0) + 1);
  const rounds = 300;
  for (let from = 0; from < rounds; from += 10)
    await Promise.all(Array.from({ length: 10 }, (_, at) => round(account, from + at)));

  async function round({ trader }: TestAccount, number: number): Promise<void> {
    const side = number % 2 === 0 ? "buy" : "sell";
    const placing = deskOf(number).place(trader, anOrderRequest(account, { side, clientOrderId: randomUUID() }));
    const [answer, out, back] = await Promise.all([placing, move(-(60_000n + BigInt(number))), move(50_000n)]);
    if ("order" in answer) await settle([answer.order.id]);
    count("order" in answer ? "order" : answer.code);
    count(out.ok ? "out" : out.refusal);
    count(back.ok ? "in" : back.refusal);
    const below = await house.db
      .owner("balances as b")
      .join("ledger_accounts as a", "a.id", "b.ledger_account_id")
      .where("a.kind", "trader.cash")
      .whereRaw("b.posted - b.held < 0")
      .select("a.id");
    expect(below).toEqual([]);
  }

  // Nothing else may have been said; an error would have been thrown.
  const known = ["INSUFFICIENT_FUNDS", "in", "order", "out"];
  expect([...told.keys()].filter((outcome) => !known.includes(outcome))).toEqual([]);
  expect(told.get("in")).toBe(rounds);
  expect(await brokenBooks(house.db)).toEqual([]);
}, 120_000);
