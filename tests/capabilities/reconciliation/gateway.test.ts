import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { incompleteChannels } from "../../../server/capabilities/reconciliation/index.ts";
import type { TestAccount } from "../../support/trading.ts";
import { type TestDeposits, testDeposits } from "../deposits/support.ts";
import { type Compared, compareNow, tasksOf } from "./support.ts";

let cashier: TestDeposits;
let account: TestAccount;
let open: Parameters<typeof testDeposits>[0];

async function begin(options: typeof open): Promise<void> {
  cashier = await testDeposits(options);
  account = await cashier.house.openAccount(0n);
}
beforeEach(() => begin({ hasStatement: true }));
afterEach(() => cashier?.close());

/** A deposit that was paid at the gateway; `isTold`: and the gateway told us, so that it is credited. */
async function paid(amount: string, isTold = true) {
  const deposit = await cashier.requested(account, amount);
  const payment = cashier.peer.pay(deposit.pay_url);
  if (isTold) {
    await cashier.post(cashier.peer.notice(payment));
    await cashier.settle();
  }
  return { id: deposit.id, payment };
}
const compare = (days = {}): Promise<Compared> =>
  compareNow(
    cashier.house.db.app,
    { tenantId: cashier.house.tenantId, channel: "gateway", channels: [cashier.ours], chains: [] },
    days,
  );
const tasks = () => tasksOf(cashier.house.db.app);

test("payments of the gateway's statement and the books are matched, differ, or are on one side", async () => {
  const { peer } = cashier;
  const same = await paid("100.00");
  const less = await paid("200.00");
  const gone = await paid("300.00");
  const silent = await paid("40.00", false);
  peer.settled.rowsOf = ({ tradeNo, orderNo, amount }) => {
    if (tradeNo === gone.payment.tradeNo) return [];
    const said = tradeNo === less.payment.tradeNo ? "199.99" : amount;
    return [`${tradeNo},${orderNo},PAY,${said},USD,${Math.floor(Date.now() / 1_000)}`];
  };
  peer.settled.more.push(`T-99,,PAY,7.00,USD,${Math.floor(Date.now() / 1_000)}`);
  const run = await compare();
  expect(run).toMatchObject({ state: "done", problem: null });
  expect([...run.items].sort()).toEqual(
    [
      `${same.id} matched 10000 10000`,
      `${less.id} differs 20000 19999`,
      `${gone.id} only-ours 30000 0`,
      `${silent.id} only-theirs 0 4000`,
      "line T-99:PAY only-theirs 0 700",
    ].sort(),
  );
  expect(run.totals).toMatchObject([
    {
      ...{ currency: "USD", matched: 1, matched_minor: 10_000n, differs: 1, differs_ours_minor: 20_000n },
      ...{ differs_theirs_minor: 19_999n, only_ours: 1, only_ours_minor: 30_000n, only_theirs: 2 },
      ...{ only_theirs_minor: 4_700n, ours_minor: 60_000n, theirs_minor: null },
    },
  ]);
  expect((await tasks()).sort()).toEqual(
    [
      `${less.id} open 20000 19999`,
      `${gone.id} open 30000 0`,
      `${silent.id} open 0 4000`,
      "line T-99:PAY open 0 700",
    ].sort(),
  );
});

test("a difference is one task however often it is found, and ends by itself when it is gone", async () => {
  const { id, payment } = await paid("40.00", false);
  await compare();
  await compare();
  expect(await tasks()).toEqual([`${id} open 0 4000`]);
  await cashier.post(cashier.peer.notice(payment));
  await cashier.settle();
  const run = await compare();
  expect(run.items).toEqual([`${id} matched 4000 4000`]);
  expect(await tasks()).toEqual([`${id} matched 0 4000`]);
  const row = await cashier.house.db.app("reconciliation_tasks").first();
  expect(row).toMatchObject({ reopened: 0, even_on: expect.any(String) });
  // The gateway takes back what it says it paid, and does not tell us.
  cashier.peer.settled.rowsOf = () => [];
  cashier.peer.settled.more.push(`${payment.tradeNo},,PAY,0,USD,${Math.floor(Date.now() / 1_000)}`);
  await compare();
  expect(await tasks()).toEqual([`${id} open 4000 0`]);
  expect(await cashier.house.db.app("reconciliation_tasks").first()).toMatchObject({ reopened: 1, even_on: null });
});

test("what went back at the gateway and here is nothing on either side", async () => {
  const { id, payment } = await paid("100.00");
  payment.status = "REFUNDED";
  await compare();
  expect(await tasks()).toEqual([`${id} open 10000 0`]);
  await cashier.post(cashier.peer.notice(payment));
  await cashier.settle();
  const run = await compare();
  expect(run.items).toEqual([]);
  expect(await tasks()).toEqual([`${id} matched 10000 0`]);
});

test("what goes back in parts counts with each part, once", async () => {
  const { id, payment } = await paid("100.00");
  const at = Math.floor(Date.now() / 1_000);
  const back = (amount: string, seconds: number) => `${payment.tradeNo},,REFUND,${amount},USD,${seconds}`;
  cashier.peer.settled.more.push(back("10.00", at - 100), back("5.00", at - 50), back("5.00", at - 50));
  expect((await compare()).items).toEqual([`${id} differs 10000 8500`]);
  expect((await compare()).items).toEqual([`${id} differs 10000 8500`]);
});

test.each(["hangs-up", "says-500", "forges"] as const)(
  "a gateway that %s leaves the run incomplete, and tasks as they were",
  async (is) => {
    const { id } = await paid("40.00", false);
    await compare();
    await paid("60.00");
    cashier.peer.behaviour.is = is;
    const run = await compare();
    expect(run).toMatchObject({ state: "incomplete", problem: "NO_ANSWER", items: [], totals: [] });
    expect(await tasks()).toEqual([`${id} open 0 4000`]);
    expect(await incompleteChannels(cashier.house.db.app)).toBe(1);
    cashier.peer.behaviour.is = "up";
    expect(await compare()).toMatchObject({ state: "done", totals: [{ matched: 1, only_theirs: 1 }] });
    expect(await incompleteChannels(cashier.house.db.app)).toBe(0);
  },
);

test("a statement of several pages is read whole, and a row that can't be read makes it none", async () => {
  cashier.peer.settled.perPage = 2;
  for (const amount of ["10.00", "20.00", "30.00", "40.00", "50.00"]) await paid(amount);
  expect((await compare()).totals).toMatchObject([{ matched: 5, only_ours: 0, only_theirs: 0 }]);
  cashier.peer.settled.more.push("T-7,,PAY,1e3,USD,1");
  expect(await compare()).toMatchObject({ state: "incomplete", problem: "NO_ANSWER" });
});

test("an amount finer than the house counts, or in a currency it does not know, is said and compares nothing", async () => {
  const at = Math.floor(Date.now() / 1_000);
  cashier.peer.settled.more.push(`T-7,,PAY,1.001,USD,${at}`);
  expect(await compare()).toMatchObject({ state: "incomplete", problem: "UNREADABLE" });
  cashier.peer.settled.more.splice(0, 1, `T-7,,PAY,1.00,XYZ,${at}`);
  expect(await compare()).toMatchObject({ state: "incomplete", problem: "UNREADABLE" });
});

test("the gateway's fees are shown in sum and are no difference", async () => {
  const { payment } = await paid("100.00");
  cashier.peer.settled.more.push(`${payment.tradeNo},,FEE,2.90,USD,${Math.floor(Date.now() / 1_000)}`);
  expect((await compare()).totals).toMatchObject([{ matched: 1, aside_minor: -290n, explained_minor: 0n }]);
  expect(await tasks()).toEqual([]);
});

test("without a statement each payment is asked about; one that was not told of is found all the same", async () => {
  await cashier.close();
  await begin({ hasStatement: false });
  const same = await paid("100.00");
  const silent = await paid("40.00", false);
  const back = await paid("30.00");
  back.payment.status = "CHARGEBACK";
  const run = await compare();
  expect([...run.items].sort()).toEqual(
    [`${same.id} matched 10000 10000`, `${silent.id} only-theirs 0 4000`, `${back.id} only-ours 3000 0`].sort(),
  );
  cashier.peer.behaviour.is = "says-500";
  expect(await compare()).toMatchObject({ state: "incomplete", problem: "NO_ANSWER" });
});

test("a channel that is not in the settings is not compared, and the run says so", async () => {
  await paid("100.00");
  const of = { tenantId: cashier.house.tenantId, channel: "gateway", channels: [], chains: [] } as const;
  expect(await compareNow(cashier.house.db.app, of)).toMatchObject({ state: "incomplete", problem: "NOT_SET_UP" });
});

test("days ahead are refused, and what a channel said is never changed", async () => {
  await expect(compare({ fromDate: "2100-01-04", toDate: "2100-01-04" })).rejects.toThrow("DATE_AHEAD");
  await paid("100.00");
  await compare();
  await expect(cashier.house.db.owner("channel_lines").update({ amount_minor: "1" })).rejects.toThrow();
});
