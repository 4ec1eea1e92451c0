import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { foldOpenLots, loadTogether } from "../../../server/capabilities/risk/index.ts";
import { seeded } from "../../bench/row.ts";
import {
  acceptedId,
  anOrderRequest,
  brokenBooks,
  type TestAccount,
  type TestDesk,
  testDesk,
} from "../../support/trading.ts";

/** What caps are measured by is what the positions come to, whatever is traded and whenever its parts are put together. */
let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
});
afterAll(() => house.close());

async function trade(account: TestAccount, instrument: string, side: "buy" | "sell", lots: number): Promise<void> {
  const request = anOrderRequest(account, { instrument, side, lots: `${lots}` });
  await house.settler()([acceptedId(await house.desk.place(account.trader, request))]);
}

const sums = async (instrument: string) => {
  const together = await house.db.app.transaction((db) => loadTogether(db, "demo", [instrument]));
  return together.house(instrument);
};
const heldOf = async (instrument: string) => {
  const rows = await house.db.owner("positions").where({ instrument_id: instrument, book: "demo" }).select("lots");
  const sum = (of: (lots: bigint) => bigint): bigint => rows.reduce((total, row) => total + of(row.lots), 0n);
  return { long: sum((lots) => (lots > 0n ? lots : 0n)), short: sum((lots) => (lots < 0n ? -lots : 0n)) };
};

test("opened, turned around and closed positions, with the parts put together meanwhile", async () => {
  const random = seeded(7);
  const accounts = await Promise.all(Array.from({ length: 6 }, () => house.openAccount(10n ** 9n, { book: "demo" })));
  for (let step = 0; step < 8; step++) {
    const trades = accounts.map((account) =>
      trade(account, random() < 0.5 ? "MES" : "MNQ", random() < 0.5 ? "buy" : "sell", 1 + Math.floor(random() * 9)),
    );
    await Promise.all([...trades, foldOpenLots(house.db.app)]);
    for (const instrument of ["MES", "MNQ"]) expect(await sums(instrument)).toEqual(await heldOf(instrument));
  }
  expect((await heldOf("MES")).long).toBeGreaterThan(0n);
  expect(await brokenBooks(house.db)).toEqual([]);
});

test("many parts become one for each partner and instrument, and sum to the same; two at once double nothing", async () => {
  const { owner } = house.db;
  const before = [await sums("MES"), await sums("MNQ")];
  for (const sign of [1, -1])
    await owner.raw(
      `INSERT INTO open_lots (book, tenant_id, instrument_id, long, short)
       SELECT 'demo', ?, CASE n % 2 WHEN 0 THEN 'MES' ELSE 'MNQ' END, ? * n, ? * n FROM generate_series(1, 300) n`,
      [house.tenantId, sign, sign],
    );
  await Promise.all([foldOpenLots(house.db.app), foldOpenLots(house.db.app)]);
  expect([await sums("MES"), await sums("MNQ")]).toEqual(before);
  expect(await owner("open_lots").where({ book: "demo" })).toHaveLength(2);
  expect(await brokenBooks(house.db)).toEqual([]);
});

test("a part that is missing is seen by the check of the books", async () => {
  await house.db.owner("open_lots").where({ instrument_id: "MES" }).delete();
  expect((await brokenBooks(house.db)).map(({ invariant }) => invariant)).toEqual(["I24 open lots are the positions"]);
});
