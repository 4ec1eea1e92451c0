import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { decideAdjustment, requestAdjustment } from "../../../server/capabilities/funding/index.ts";
import type { JournalRequest } from "../../../server/capabilities/reports/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { hledger } from "../../support/hledger.ts";
import { balancesByName, balancesOf, journalText } from "../../support/journal.ts";
import { anOrderRequest, type TestAccount } from "../../support/trading.ts";
import { person, type TestCashier, testCashier } from "../withdrawals/support.ts";

const program = process.env.HLEDGER_PATH ?? null;
if (program === null) process.stderr.write("HLEDGER_PATH is not set: hledger does not recompute the books\n");
const withHledger = program === null ? test.skip : test;

let cashier: TestCashier;
beforeAll(async () => {
  cashier = await testCashier();
  const { house } = cashier;
  const account = await house.openAccount(1_000_000n);
  await tradeADay(account);
  await payOut(account);
  await adjust(account, "it's 10 % off; | \n and a second line");
});
afterAll(() => cashier?.house.close());

/** Profits, losses and fees of some round trips, and a loss that the house protects. */
async function tradeADay(account: TestAccount): Promise<void> {
  const { house } = cashier;
  const settle = house.settler();
  const poor = await house.openAccount(12_000n);
  const trade = async (of: TestAccount, side: "buy" | "sell"): Promise<void> => {
    const placed = await house.desk.place(of.trader, anOrderRequest(of, { side, lots: "1" }));
    if (!("order" in placed)) throw new Error(`${placed.code} ${placed.message}`);
    await settle([placed.order.id]);
  };
  for (const points of [5_000, 5_003, 4_999]) {
    house.market.quote("MES", `${points}.00`, `${points}.25`);
    await trade(account, "buy");
    house.market.quote("MES", `${points + (points % 2 === 0 ? 2 : -3)}.50`, `${points + 3}.75`);
    await trade(account, "sell");
  }
  house.market.quote("MES", "5000.00", "5000.25");
  await trade(poor, "buy");
  house.market.quote("MES", "4900.00", "4900.25");
  await trade(poor, "sell");
}

async function payOut(account: TestAccount): Promise<void> {
  const target = await cashier.oldTarget(account);
  for (const amount of ["50.00", "75.00", "20.00"]) {
    const { id, state } = await cashier.asked(account, target, amount);
    if (state === "in-review") await cashier.approve(id, person("Ann"));
    await cashier.send(id);
    await (amount === "75.00" ? cashier.giveBack(id) : cashier.confirm(id));
  }
}

async function adjust({ accountId }: TestAccount, note: string): Promise<void> {
  const transact = transactor(cashier.house.db.app);
  const [ann, ben] = [person("Ann"), person("Ben")];
  const asked = await transact(ann, (work) =>
    requestAdjustment(work, ann, { accountId, amount: "-12.34", reasonCode: "correction", note }),
  );
  if (!asked.ok) throw new Error(asked.refusal.code);
  const { id } = asked.value;
  await transact(ben, (work) => decideAdjustment(work, () => {}, ben, { id, to: "posted", note: "yes" }));
}

const journal = (more: Partial<JournalRequest> = {}): Promise<string> => {
  const { db, tenantId } = cashier.house;
  return journalText(db.reads, { tenantId, from: null, to: null, ...more });
};
const balances = (): Promise<Record<string, string>> => balancesByName(cashier.house.db.owner);

test("a journal has each transfer once, oldest first, in one spelling", async () => {
  const text = await journal();
  const [counted] = await cashier.house.db.owner("transfers").count();
  expect(text.match(/^\d{4}-\d\d-\d\d \(\d+\) /gm)).toHaveLength(Number(counted?.count));
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \(\d+\) adjustment: correction: it's 10 % off and a second line$/m);
  expect(await journal()).toBe(text);
});

test("a part of the books is what lies between two dates, both included", async () => {
  const text = await journal();
  const [day = ""] = text.slice(0, 10).split(" ");
  expect(await journal({ from: day, to: day })).toBe(text);
  expect(await journal({ from: "2001-01-01", to: "2001-12-31" })).toBe("");
});

test("another partner's books are not in it", async () => {
  expect(await journal({ tenantId: cashier.house.tenantId + 1 })).toBe("");
});

withHledger("hledger reads it, finds it balanced, and comes to every balance to the cent", async () => {
  const text = await journal();
  if (program === null) return;
  expect(hledger(program, text, ["check"])).toBe("");
  const theirs = balancesOf(program, text);
  expect(theirs).toEqual(await balances());
  expect(Object.keys(theirs).length).toBeGreaterThan(5);
});

withHledger("hledger refuses it when one amount is changed", async () => {
  const text = (await journal()).replace(/-(\d+)\.(\d\d) USD/, "-9$1.$2 USD");
  if (program === null) return;
  expect(() => hledger(program, text, ["check"])).toThrow(/unbalanced|not balance/);
});
