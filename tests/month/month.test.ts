import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { hasAnvil, whyNoAnvil } from "../support/chain/anvil.ts";
import { balancesByName, balancesOf, journalText } from "../support/journal.ts";
import { tamper } from "../support/rebuild.ts";
import { brokenBooks } from "../support/trading.ts";
import { filesOf } from "./closed-files.ts";
import { bookDates, liveDay } from "./days.ts";
import {
  tokensBeyond,
  unbalanced,
  verify,
  wrongAccounts,
  wrongAgents,
  wrongBorders,
  wrongPayments,
  wrongWaterfalls,
  wrongWithdrawals,
} from "./end.ts";
import { type Month, monthHouse } from "./house.ts";

/**
 * A month of a house: every channel, all commission plans and each fault of money, on 23 book dates one after the other. `MONTH_TRADERS`
 * and `MONTH_ROUNDS` (orders of a trader a third of a day) make it larger: 400 and 20 are about 500,000 orders.
 */
const traders = Number(process.env.MONTH_TRADERS ?? 24);
const rounds = Number(process.env.MONTH_ROUNDS ?? 1);
const patienceMs = 600_000 + traders * rounds * 5_000;

if (!hasAnvil) process.stderr.write(`skipped: ${whyNoAnvil}\n`);
const described = hasAnvil ? describe : describe.skip;
const program = process.env.HLEDGER_PATH ?? null;
if (program === null) process.stderr.write("HLEDGER_PATH is not set: hledger does not recompute the month\n");

described("a month of trading with every channel, plan and fault", () => {
  let month: Month;
  const files = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    month = await monthHouse({ traders, seed: process.env.MONTH_SEED ?? "march" });
    for (const [number] of bookDates.entries()) await liveDay(month, { number, rounds, files });
  }, patienceMs);
  afterAll(() => month?.close(), 60_000);

  test("every date is closed, and orders were filled in numbers", async () => {
    const closes = await month.house.db.owner("day_closes").where({ state: "closed" }).orderBy("book_date");
    expect(closes).toHaveLength(bookDates.length);
    const fills = await month.house.db.owner("fills").count("* as n").first();
    expect(Number(fills?.n)).toBeGreaterThan(traders * rounds * bookDates.length);
    expect(month.facts.orders.accepted).toBeGreaterThan(traders * rounds * bookDates.length);
  });

  test("the trial balance is zero in each book and currency, and each balance is its journal", async () => {
    expect(await unbalanced(month)).toEqual([]);
    expect(await brokenBooks(month.house.db)).toEqual([]);
  });

  test("every payment of the world outside is there once, as it came", async () => {
    expect(await wrongPayments(month)).toEqual([]);
    expect(await wrongWithdrawals(month)).toEqual([]);
    expect(month.facts.payments.length).toBeGreaterThan(60);
  });

  test("each account has what was paid in and out, and each border holds what lies beyond it", async () => {
    expect(await wrongAccounts(month)).toEqual([]);
    expect(await wrongBorders(month)).toEqual([]);
    for (const channel of ["usdt-erc20", "usdt-trc20"] as const)
      expect([channel, await tokensBeyond(month, channel)]).toEqual([channel, month.facts.beyond[channel]]);
  });

  test("each fill's commissions add up to its basis, and agents have what they earned", async () => {
    expect(await wrongWaterfalls(month)).toEqual([]);
    expect(await wrongAgents(month)).toEqual([]);
    const models = await month.house.db
      .owner("commissions as c")
      .join("commission_plan_versions as v", "v.id", "c.plan_version_id")
      .join("commission_plans as p", "p.id", "v.plan_id")
      .where("c.amount_minor", ">", 0)
      .distinct("p.model")
      .pluck("p.model");
    expect(models.sort()).toEqual(Object.keys(month.lines.plans).sort());
  });

  test(
    "files of a closed date are the same, byte by byte, at the end of the month",
    async () => {
      expect(files.size).toBe(bookDates.length);
      for (const [day, hashes] of files) expect([day, await filesOf(month, day)]).toEqual([day, hashes]);
    },
    patienceMs,
  );

  (program === null ? test.skip : test)("hledger comes to the same balances", async () => {
    const { db, tenantId } = month.house;
    const text = await journalText(db.reads, { tenantId, from: null, to: null });
    expect(balancesOf(program ?? "", text)).toEqual(await balancesByName(db.owner));
  });

  test(
    "the operator's own command finds nothing wrong, commissions, statements, seals and every fill recomputed",
    () => {
      const { code, text } = verify(month);
      expect([code, text]).toEqual([0, expect.not.stringContaining("BROKEN")]);
      expect(text).toMatch(/commissions: [1-9]\d* fills recomputed/);
      expect(text).toMatch(/statements: [1-9]\d* of accounts recomputed/);
      expect(text).toMatch(/sealed books: [1-9]\d* rows in [1-9]\d* blocks, [1-9]\d* heads kept/);
      expect(text).toMatch(/rebuild: [1-9]\d* filled orders/);
    },
    patienceMs,
  );

  test(
    "one cent moved by a superuser is found by each of these",
    async () => {
      await tamper(month.house, (trx) =>
        trx.raw(`UPDATE transfers SET amount = amount + 1 WHERE code = 1 AND id = (
          SELECT min(t.id) FROM transfers t JOIN ledger_accounts l ON l.id = t.credit_account WHERE t.code = 1 AND l.kind = 'trader.cash' AND l.book = 'live')`),
      );
      expect(await unbalanced(month)).not.toEqual([]);
      expect(await wrongAccounts(month)).toHaveLength(1);
      const [day = "", hashes] = [...files][0] ?? [];
      expect(await filesOf(month, day)).not.toEqual(hashes);
      const { code, text } = verify(month);
      expect([code, text]).toEqual([1, expect.stringMatching(/BROKEN {2}sealed books/)]);
    },
    patienceMs,
  );
});
