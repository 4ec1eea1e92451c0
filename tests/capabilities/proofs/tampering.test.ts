import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type RebuiltBooks, rebuildBooks } from "../../../server/capabilities/proofs/index.ts";
import { memoryBus } from "../../support/market.ts";
import { quoteStored } from "../../support/proofs.ts";
import { settlePromised, tamper } from "../../support/rebuild.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { testEngine, untilTried } from "../../support/triggers.ts";

const firstOf = (rebuilt: RebuiltBooks, account: TestAccount) =>
  rebuilt.differences.find(({ accountId }) => accountId === account.accountId);

describe("tampering", () => {
  let house: TestDesk;
  let account: TestAccount;
  let other: TestAccount;
  beforeAll(async () => {
    house = await testDesk();
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    account = await house.openAccount(5_000_000n);
    other = await house.openAccount(5_000_000n);
    for (const price of [5000, 5010, 4990]) {
      await quoteStored(house, "MES", `${price}.00`, `${price}.25`);
      for (const side of ["buy", "sell"] as const)
        for (const one of [account, other]) {
          const lots = side === "buy" ? "3" : "1";
          const id = acceptedId(await house.desk.place(one.trader, anOrderRequest(one, { side, lots })));
          await house.settler()([id]);
        }
    }
    const before = await rebuildBooks(house.db.owner);
    expect([firstOf(before, account), firstOf(before, other)]).toEqual([undefined, undefined]);
  });

  const fillOf = async (of: TestAccount) =>
    house.db.owner("fills").where({ account_id: of.accountId }).orderBy("id").first();
  const rebuilt = () => rebuildBooks(house.db.owner);

  /** Only the touched account differs. */
  async function expectDifference(row: string | RegExp, what: string): Promise<void> {
    const after = await rebuilt();
    expect(firstOf(after, account)).toMatchObject({ row: expect.stringMatching(row), what });
    expect(firstOf(after, other)).toBeUndefined();
  }

  test("a fill's price, with the quote that it names: the order's quote says otherwise", async () => {
    const fill = await fillOf(account);
    await tamper(house, (trx) =>
      trx("fills").where({ id: fill.id.toString() }).update({ price_ticks: "20003", quote_ask_ticks: "20003" }),
    );
    await expectDifference(`^fill ${fill.id} of order ${fill.order_id}`, "price (ticks)");
  });

  test("the price in fill and order alike: the recorded quote says otherwise", async () => {
    const fill = await fillOf(account);
    await tamper(house, async (trx) => {
      await trx("fills").where({ id: fill.id.toString() }).update({ price_ticks: "20003", quote_ask_ticks: "20003" });
      await trx("orders").where({ id: fill.order_id }).update({ quote_ask_ticks: "20003" });
    });
    await expectDifference(`^quote ${fill.quote_seq} named by order ${fill.order_id}`, "ask (ticks)");
  });

  test("a deleted transfer, with the balance moved to fit", async () => {
    const fill = await fillOf(account);
    await tamper(house, async (trx) => {
      await trx("transfers").where({ group_id: fill.group_id, code: 11 }).delete();
      await trx.raw(
        "UPDATE balances SET posted = posted + ? WHERE ledger_account_id = (SELECT ledger_account_id FROM accounts WHERE id = ?)",
        [fill.fee_minor.toString(), account.accountId],
      );
    });
    await expectDifference(`^fill ${fill.id} `, "transferred fee (minor units)");
  });

  test("a moved balance", async () => {
    await tamper(house, (trx) =>
      trx.raw(
        "UPDATE balances SET posted = posted + 1 WHERE ledger_account_id = (SELECT ledger_account_id FROM accounts WHERE id = ?)",
        [account.accountId],
      ),
    );
    await expectDifference("^balance ", "posted (minor units)");
  });

  test("a realized result, a fee, a position's lots, its cost and its margin line", async () => {
    const of = { account_id: account.accountId };
    const cases: readonly (readonly [table: string, column: string, row: RegExp, what: string])[] = [
      ["fills", "realized_pnl_minor", /^fill \d+ of order/, "realized result (minor units)"],
      ["fills", "fee_minor", /^fill \d+ of order/, "fee (minor units)"],
      ["fills", "position_lots_after", /^fill \d+ of order/, "position after"],
      ["positions", "lots", /^position in MES$/, "lots"],
      ["positions", "cost_ticks", /^position in MES$/, "cost (ticks x lots)"],
      ["positions", "realized_pnl_minor", /^position in MES$/, "realized result (minor units)"],
      ["positions", "margin_minor", /^position in MES$/, "margin line (minor units)"],
    ];
    for (const [table, column, row, what] of cases) {
      const by = (sign: string) =>
        tamper(house, (trx) =>
          trx(table)
            .where(of)
            .update({ [column]: trx.raw(`?? ${sign} 1`, [column]) }),
        );
      await by("+");
      await expectDifference(row, what);
      await by("-");
      expect(firstOf(await rebuilt(), account)).toBeUndefined();
    }
  });

  test("a deleted fill", async () => {
    const fill = await fillOf(account);
    await tamper(house, (trx) => trx("fills").where({ id: fill.id.toString() }).delete());
    await expectDifference(`^fill of order ${fill.order_id}`, "is stored");
  });

  test("a deleted quote that an order names", async () => {
    const fill = await fillOf(account);
    await tamper(house, (trx) =>
      trx("quotes").where({ instrument_id: "MES", seq: fill.quote_seq.toString() }).delete(),
    );
    const after = await rebuilt();
    expect(firstOf(after, account)).toMatchObject({ what: "is stored", stored: "no" });
    await house.db.owner("quotes").insert({
      ...{ instrument_id: "MES", seq: fill.quote_seq.toString(), source: "simulated" },
      ...{ bid_ticks: fill.quote_bid_ticks.toString(), ask_ticks: fill.quote_ask_ticks.toString() },
      ...{ venue_at: fill.quote_venue_at, received_at: fill.quote_received_at },
    });
  });
});

describe("triggers", () => {
  test("one that is not the first quote that met the order is named with the one that was", async () => {
    const house = await testDesk();
    try {
      const bus = memoryBus();
      const engine = testEngine(house, bus);
      const account = await house.openAccount(5_000_000n);
      const told = async (bid: string, ask: string) => {
        const quote = await quoteStored(house, "MES", bid, ask);
        bus.publish({ kind: "quotes", quotes: [quote] });
        return quote;
      };
      await told("5000.00", "5000.25");
      const request = anOrderRequest(account, { type: "limit", side: "buy", limitPrice: "4998.00" });
      const id = acceptedId(await house.desk.place(account.trader, request));
      bus.publish({ kind: "working", orderIds: [id] });
      await told("4999.00", "4999.25");
      const first = await told("4997.00", "4997.25");
      const later = await told("4996.00", "4996.25");
      await untilTried(house, later.seq);
      await engine.stop();
      await settlePromised(house);
      expect(await rebuildBooks(house.db.owner)).toMatchObject({ triggersChecked: 1, differences: [] });
      const named = { quote_seq: later.seq, quote_bid_ticks: later.bid, quote_ask_ticks: later.ask };
      const texts = Object.fromEntries(Object.entries(named).map(([key, value]) => [key, value.toString()]));
      await tamper(house, async (trx) => {
        await trx("fills")
          .where({ order_id: id })
          .update({ ...texts, price_ticks: later.ask.toString() });
        await trx("orders").where({ id }).update({
          trigger_quote_seq: texts.quote_seq,
          trigger_bid_ticks: texts.quote_bid_ticks,
          trigger_ask_ticks: texts.quote_ask_ticks,
        });
      });
      const { differences } = await rebuildBooks(house.db.owner);
      expect(differences).toMatchObject([
        { row: `order ${id}`, what: "trigger", stored: `quote ${later.seq}`, recomputed: `quote ${first.seq}` },
      ]);
      await house.db
        .owner("quotes")
        .where({ seq: (first.seq - 1n).toString() })
        .delete();
      expect(await rebuildBooks(house.db.owner)).toMatchObject({ triggersSwept: 1 });
    } finally {
      await house.close();
    }
  });
});
