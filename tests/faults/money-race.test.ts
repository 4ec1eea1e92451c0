import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import { fund } from "../../server/capabilities/accounts/index.ts";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { person, type TestCashier, testCashier } from "../capabilities/withdrawals/support.ts";
import { anOrderRequest, brokenBooks, type TestAccount } from "../support/trading.ts";

/** Rounds of the race; `FAULT_ROUNDS=10000` for the long run. */
const rounds = Number(process.env.FAULT_ROUNDS ?? 400);
const atOnce = 8;

let cashier: TestCashier;
let account: TestAccount;
let target: string;
beforeAll(async () => {
  cashier = await testCashier();
  cashier.house.market.quote("MES", "5000.00", "5000.25");
  await cashier.house.db
    .app("payment_channels")
    .update({ day_count: null, auto_up_to_minor: 500_000, four_eyes_above_minor: 500_000 });
  account = await cashier.house.openAccount(300_000n);
  target = await cashier.oldTarget(account);
}, 60_000);
afterAll(() => cashier?.house.close());

test("F20: orders, withdrawals, their ends and adjustments race on one account: never below zero, and nobody hears of a deadlock", async () => {
  const { house } = cashier;
  const [settle, transact] = [house.settler(), transactor(house.db.app)];
  const desks = [house.desk, house.anotherDesk()] as const;
  const told = new Map<string, number>();
  const count = (outcome: string): void => void told.set(outcome, (told.get(outcome) ?? 0) + 1);
  const order = async (number: number): Promise<void> => {
    const side = number % 2 === 0 ? "buy" : "sell";
    const desk = desks[number % 3 === 0 ? 0 : 1];
    const answer = await desk.place(account.trader, anOrderRequest(account, { side, clientOrderId: randomUUID() }));
    if ("order" in answer) await settle([answer.order.id]);
    count("order" in answer ? "order" : answer.code);
  };
  const withdrawal = async (number: number): Promise<void> => {
    const asked = await cashier.ask(account, target, `${100 + (number % 7) * 250}.00`);
    count(asked.ok ? "asked" : asked.refusal.code);
    if (!asked.ok) return;
    const { id } = asked.value;
    const ended = number % 3 === 0 ? await cashier.send(id) : await cashier.cancel(account, id);
    count(ended.ok ? "ended" : ended.refusal);
    if (number % 3 === 0 && ended.ok) await cashier.giveBack(id);
  };
  const adjustment = async (number: number): Promise<void> => {
    const amount = minorUnits(number % 2 === 0 ? -90_000n : 90_000n);
    const done = await transact(person("Fay"), (work) =>
      fund(work, systemActor, { accountId: account.accountId, amount, reason: "a race" }),
    );
    count(done.ok ? "adjusted" : done.refusal);
  };
  let next = 0;
  const racer = async (): Promise<void> => {
    for (let number = next++; number < rounds; number = next++) {
      await Promise.all([order(number), withdrawal(number), adjustment(number)]);
      const { posted, held } = await cashier.balance(account);
      expect(posted - held).toBeGreaterThanOrEqual(0n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, racer));

  // Refusals that may be, with what was done; anything else, and any error, ends the test.
  const refusals = ["INSUFFICIENT_FUNDS", "FUNDS_HELD", "MARGIN_NEEDED"];
  const done = ["order", "asked", "ended", "adjusted"];
  expect([...told.keys()].filter((outcome) => ![...done, ...refusals].includes(outcome))).toEqual([]);
  for (const outcome of done) expect([outcome, (told.get(outcome) ?? 0) > rounds / 20]).toEqual([outcome, true]);
  expect(await brokenBooks(house.db)).toEqual([]);
}, 600_000);
