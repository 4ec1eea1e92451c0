import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type LossDesk, lossDesk } from "../../support/loss-desk.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";

const start = { bid: 20_000n, ask: 20_001n };
const touched = { bid: 19_981n, ask: 19_982n };

let desk: LossDesk;
beforeAll(async () => {
  desk = await lossDesk();
});
beforeEach(() => desk.stream.quote(start));
afterEach(async () => {
  await desk.stopAll();
  expect(await brokenBooks(desk.house.db)).toEqual([]);
});
afterAll(() => desk.house.close());

const cursorAtEnd = () =>
  until(
    () => desk.house.db.owner("trigger_cursors").where({ seq: desk.stream.seq().toString() }),
    (rows) => rows.length === 1,
  );
const watched = async (rule: Parameters<LossDesk["ruled"]>[0]): Promise<TestAccount> => {
  const account = await desk.ruled(rule);
  await desk.trade(account, 2n);
  await until(
    () => desk.house.db.owner("loss_states").where({ account_id: account.accountId }),
    (states) => states.length > 0,
  );
  return account;
};
const closedOnce = async (account: TestAccount): Promise<void> => {
  await until(
    () => desk.closingsOf(account),
    (orders) => orders.length > 0,
  );
  expect(await desk.closingsOf(account)).toHaveLength(1);
  expect(await desk.breachesOf(account)).toHaveLength(1);
};

test("a breach while nobody watched is acted upon at its own quote by the next who does", async () => {
  const engine = await desk.watch();
  const account = await watched({ dailyLoss: { amount: "50.00" } });
  await desk.stream.quote(start);
  await cursorAtEnd();
  await engine.stop();
  const [breach] = await desk.stream.lose(touched, start);
  await desk.watch();
  await closedOnce(account);
  expect((await desk.closingsOf(account))[0]?.quote_seq).toBe(breach?.seq);
});

test("a watch that dies between the breach and its action loses nothing and doubles nothing", async () => {
  let deaths = 0;
  const engine = await desk.watch({
    around: (apply) => async (ids, weighing) => {
      if (weighing.marks.get("MES")?.bid !== touched.bid) return apply(ids, weighing);
      deaths += 1;
      throw new Error("killed");
    },
  });
  const account = await watched({ dailyLoss: { amount: "50.00" } });
  await desk.stream.quote(touched);
  await until(
    () => Promise.resolve(deaths),
    (count) => count > 0,
  );
  await desk.stream.quote(start);
  await engine.stop();
  expect(await desk.breachesOf(account)).toEqual([]);
  await desk.watch();
  await closedOnce(account);
});

test("a watch that dies after its action and before it knows acts no second time", async () => {
  const engine = await desk.watch({
    around: (apply) => async (ids, weighing) => {
      const left = await apply(ids, weighing);
      if (weighing.marks.get("MES")?.bid === touched.bid) throw new Error("the answer was lost");
      return left;
    },
  });
  const account = await watched({ dailyLoss: { amount: "50.00" } });
  await desk.stream.quote(touched);
  await closedOnce(account);
  await engine.stop();
  await desk.watch();
  await desk.stream.quote(start, touched);
  await cursorAtEnd();
  await closedOnce(account);
});

test("a breach in the moment in which the database goes away is acted upon when it is back, once", async () => {
  const { owner } = desk.house.db;
  let cut = false;
  await desk.watch({
    around: (apply) => async (ids, weighing) => {
      if (weighing.marks.get("MES")?.bid === touched.bid && !cut) {
        cut = true;
        // Every session of the application, the one that leads and the one that locks among them.
        await owner.raw(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'truewick_app'",
        );
      }
      return apply(ids, weighing);
    },
  });
  const account = await watched({ dailyLoss: { amount: "50.00" } });
  await desk.stream.quote(touched, start);
  await closedOnce(account);
  expect(cut).toBe(true);
});

test("who lost the lead can't act any more", async () => {
  const failed: unknown[] = [];
  await desk.watch({
    around: (apply) => async (ids, weighing) => {
      await desk.house.db.owner.raw("UPDATE trigger_engine SET epoch = epoch + 1");
      return apply(ids, weighing).catch((error: unknown) => {
        failed.push(error);
        throw error;
      });
    },
  });
  const account = await desk.ruled({ dailyLoss: { amount: "50.00" } });
  await desk.trade(account, 2n);
  await until(
    () => Promise.resolve(failed),
    (errors) => errors.length > 0,
  );
  expect(await desk.house.db.owner("loss_states").where({ account_id: account.accountId })).toEqual([]);
});
