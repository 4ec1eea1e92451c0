import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { formatDecimal, minorUnits } from "#core/units.ts";
import { openAccount } from "../../../server/capabilities/accounts/index.ts";
import { collectDebt } from "../../../server/capabilities/deposits/index.ts";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { anOrderRequest, brokenBooks } from "../../support/trading.ts";
import { type TestClient, testClient } from "./client-support.ts";
import { person } from "./support.ts";

const ann = person("Ann");
let of: TestClient;

beforeAll(async () => {
  of = await testClient();
});
afterAll(() => of?.cashier.close());
beforeEach(() => of.renew());
afterEach(async () => expect(await brokenBooks(of.house.db)).toEqual([]));

const stateOf = async (): Promise<string> =>
  (await of.house.db.app("accounts").where({ id: of.client.account.accountId }).first()).state;

describe("an account that owes for a deposit that was taken back", () => {
  test("is paid nothing, whatever money came since, and is told what it owes", async () => {
    const row = await of.indebted();
    expect(row).toMatchObject({ state: "reversed", owed_minor: 60_000n, collected_minor: 0n });
    await of.fund(500_000n);
    const refused = await of.withdraw("20.00");
    expect(refused).toMatchObject({ ok: false, refusal: { code: "DEBT_OWED" } });
    const checks = refused.ok ? [] : refused.refusal.checks;
    expect(checks).toContainEqual({ code: "DEBT_OWED", passed: false, value: "600.00 USD", limit: null });
    expect(await of.terms()).toMatchObject({
      ...{ room: { largest: 0n }, debts: [{ amount: 60_000n, currency: "USD", currencyScale: 2 }] },
    });
  });

  test("is paid nothing on the trader's other account either", async () => {
    await of.indebted();
    const { db } = of.house;
    await db
      .app("payment_channels")
      .insert({ channel: "bank", currency: "EUR", min_minor: 1_000 })
      .onConflict()
      .ignore();
    const accounts = { ...of.deps, hashPassword: () => Promise.resolve("") };
    const euros = { traderId: of.client.account.trader.traderId, book: "live", currency: "EUR" } as const;
    const opened = await openAccount(accounts)(systemActor, euros);
    if (!opened.ok) throw new Error(opened.refusal);
    await of.house.fund({ ...of.client.account, accountId: opened.value.id }, 100_000n);
    expect(await of.withdraw("20.00", opened.value.id)).toMatchObject({ refusal: { code: "DEBT_OWED" } });
  });

  test("does not get a withdrawal that was approved before the chargeback", async () => {
    const row = await of.credited("1000.00");
    const withdrawalId = await of.approved("600.00");
    await of.chargedBack(row);
    expect(await of.send(withdrawalId)).toMatchObject({ refusal: "DEBT_OWED" });
    expect(await of.reject(withdrawalId)).toMatchObject({ ok: true });
    expect(await of.collect(row.id)).toMatchObject({ ok: true });
    expect(await of.cashier.row(row.id)).toMatchObject({ owed_minor: 60_000n, collected_minor: 60_000n });
    expect(await of.balance()).toBe(0n);
  });
});

describe("what is owed is collected", () => {
  test("in parts, each in a transfer of its own, and only a person lifts the account's mode", async () => {
    const receivable = await of.cashier.ofHouse("receivable.trader");
    const row = await of.indebted();
    await of.fund(40_000n);
    expect(await of.collect(row.id, "150.00")).toMatchObject({ ok: true });
    expect(await of.cashier.row(row.id)).toMatchObject({ owed_minor: 60_000n, collected_minor: 15_000n });
    expect(await of.withdraw("20.00")).toMatchObject({ refusal: { code: "DEBT_OWED" } });
    expect(await of.collect(row.id)).toMatchObject({ ok: true });
    expect(await of.balance()).toBe(0n);
    expect(await of.collect(row.id)).toMatchObject({ refusal: "INSUFFICIENT_FUNDS" });
    await of.fund(50_000n);
    expect(await of.collect(row.id)).toMatchObject({ ok: true });
    expect(await of.balance()).toBe(30_000n);
    expect(await of.cashier.ofHouse("receivable.trader")).toBe(receivable);
    expect(await stateOf()).toBe("close-only");
    const { rows } = await of.house.db.app.raw(
      "SELECT amount FROM transfers WHERE group_id = ? AND code = 91 ORDER BY leg",
      [row.id],
    );
    expect(rows.map((one: { amount: bigint }) => one.amount)).toEqual([15_000n, 25_000n, 20_000n]);
    expect(await of.withdraw("100.00")).toMatchObject({ ok: true });
  });

  test("once: asked ten times at once it takes no more than is owed, and then there is nothing", async () => {
    const row = await of.indebted();
    await of.fund(100_000n);
    const answers = await Promise.all(Array.from({ length: 10 }, () => of.collect(row.id)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await of.balance()).toBe(40_000n);
    expect(await of.collect(row.id)).toMatchObject({ refusal: "NOTHING_OWED" });
    const audit = await of.house.db.app("audit_log").where({ object_id: row.id, action: "collect" });
    expect(audit).toHaveLength(1);
    expect(audit[0]).toMatchObject({
      ...{ actor_name: "Ann", reason: "agreed by phone" },
      after: { amount: "600.00", owed: "0.00", currency: "USD" },
    });
  });

  test.each([
    ["600.01", "ABOVE_DEBT"],
    ["500.01", "INSUFFICIENT_FUNDS"],
    ["0.00", "AMOUNT_INVALID"],
    ["-1.00", "AMOUNT_INVALID"],
    ["1.005", "AMOUNT_INVALID"],
  ])("%s of 600.00 owed and 500.00 there is refused: %s", async (amount, refusal) => {
    const row = await of.indebted();
    await of.fund(50_000n);
    expect(await of.collect(row.id, amount)).toMatchObject({ ok: false, refusal });
    expect(await of.balance()).toBe(50_000n);
  });

  test("without what open positions need", async () => {
    const row = await of.indebted();
    await of.fund(60_000n);
    await of.house.db.owner("accounts").where({ id: of.client.account.accountId }).update({ state: "active" });
    const placed = await of.house.desk.place(
      of.client.account.trader,
      anOrderRequest(of.client.account, { lots: "1" }),
    );
    if (!("order" in placed)) throw new Error(placed.code);
    await of.house.settler()([placed.order.id]);
    of.house.market.quote("MES", "4990.00", "4990.25");
    const { available } = await of.terms();
    expect(available).toBeLessThan(60_000n);
    // Nothing holds it, but the open loss needs it.
    const oneCentMore = formatDecimal(available + 1n, 2);
    expect(await of.collect(row.id, oneCentMore)).toMatchObject({ refusal: "INSUFFICIENT_FUNDS" });
    expect(await of.collect(row.id)).toMatchObject({ ok: true });
    expect((await of.cashier.row(row.id)).collected_minor).toBe(available);
    expect((await of.terms()).available).toBe(0n);
  });

  test("not while a position has no price: what it may have lost is not known", async () => {
    const row = await of.indebted();
    await of.fund(60_000n);
    const availableOf = async () => ({ available: minorUnits(60_000n), unmarked: ["MES"] });
    const asked = of.deps.transact(ann, (work) =>
      collectDebt(work, { announce: () => {}, availableOf }, ann, { id: row.id, note: "agreed by phone" }),
    );
    expect(await asked).toMatchObject({ refusal: "PRICE_UNKNOWN" });
    expect(await of.balance()).toBe(60_000n);
  });

  test("by a person alone, and never less than was collected, not even in the database", async () => {
    const row = await of.indebted();
    expect(await of.collect(row.id, undefined, systemActor)).toMatchObject({ refusal: "NO_PERSON" });
    await of.fund(10_000n);
    await of.collect(row.id);
    const write = (columns: object) => of.house.db.owner("deposits").where({ id: row.id }).update(columns);
    await expect(write({ collected_minor: 0 })).rejects.toMatchObject({ constraint: "deposits_debt_fixed" });
    await expect(write({ collected_minor: 60_001 })).rejects.toMatchObject({ constraint: "deposits_collected_within" });
  });
});

test("a debt that is not on the receivable is named by the invariants", async () => {
  const row = await of.indebted();
  await of.house.db.owner.raw("ALTER TABLE deposits DISABLE TRIGGER deposits_debt_kept");
  await of.house.db.owner("deposits").where({ id: row.id }).update({ owed_minor: 59_999 });
  expect((await brokenBooks(of.house.db)).map(({ invariant }) => invariant)).toEqual([
    "I15 outside fact is credited once",
    "I17 what is owed is the receivable",
  ]);
  await of.house.db.owner("deposits").where({ id: row.id }).update({ owed_minor: 60_000 });
  await of.house.db.owner.raw("ALTER TABLE deposits ENABLE ALWAYS TRIGGER deposits_debt_kept");
});
