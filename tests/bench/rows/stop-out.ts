import { randomUUID } from "node:crypto";
import { assert } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import { houseAccounts, postTransfers } from "../../../server/capabilities/ledger/index.ts";
import { applyLadder, marginWatch } from "../../../server/capabilities/margin/index.ts";
import { openCancelling, openSettlement } from "../../../server/capabilities/trading/index.ts";
import { transferCodes } from "../../../server/contracts/names.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { memoryBus, silentLog } from "../../support/market.ts";
import { brokenBooks, type TestDesk, testDesk } from "../../support/trading.ts";
import { testEngine, testStream } from "../../support/triggers.ts";
import { absoluteRow, type Benchmark, type Row } from "../row.ts";

const accounts = Number(process.env.BENCH_STOP_OUTS ?? 50_000);
const targetSeconds = 10;
const settledAtOnce = 1_000;
/** One lot of MES bought at 20,001 ticks needs 100.00: 199.38 after the fee is 199 %, and 48 % at a bid of 19,880. */
const money = minorUnits(20_000n);

/** As many accounts with one position each, all stopped out by one jump of the price: from the quote to the last closed position. */
export const stopOut: Benchmark = {
  rows: ["stop-out"],
  run: async ({ say }) => {
    const house = await testDesk();
    try {
      await openPositions(house, accounts, say);
      return [await measure(house, say)];
    } finally {
      await house.close();
    }
  },
};

async function measure(house: TestDesk, say: (line: string) => void): Promise<Row> {
  const bus = memoryBus();
  const stream = testStream(house, bus);
  await stream.quote({ bid: 20_000n, ask: 20_001n });
  const spent = { settleMs: 0, applyMs: 0, transactions: 0, closed: 0 };
  const settle = openSettlement({ announce: bus.publish, maxQueueMs: 600_000, shard: 0 });
  const apply = applyLadder({
    transact: transactor(house.db.app, () => {}),
    announce: bus.publish,
    settle: timed(settle, (ms) => {
      spent.settleMs += ms;
    }),
    cancelWorking: openCancelling({ announce: bus.publish }).cancelWorking,
    trades: () => true,
    onClosed: (positions) => {
      spent.closed += positions;
    },
  });
  const watch = marginWatch({
    ...{ db: house.db.app, bus, clock: systemClock, log: silentLog },
    apply: timed(apply, (ms) => {
      spent.applyMs += ms;
      spent.transactions += 1;
    }),
  });
  const engine = testEngine(house, bus, { watchers: watch.watchers });
  try {
    await waitFor(() => watch.accounts() === accounts);
    say(`${accounts} accounts are watched; the price jumps`);
    const begun = performance.now();
    await stream.quote({ bid: 19_880n, ask: 19_881n });
    await waitFor(() => spent.closed >= accounts);
    const seconds = (performance.now() - begun) / 1_000;
    assert((await openLeft(house)) === 0, "a position is left open");
    const inTransactions = (spent.applyMs / 1_000).toFixed(1);
    const time = `${inTransactions} s in ${spent.transactions} transactions, of it settlement ${(spent.settleMs / 1_000).toFixed(1)} s`;
    say(`${accounts} positions closed in ${seconds.toFixed(1)} s: ${time}`);
    const broken = await brokenBooks(house.db);
    const books = broken.length === 0 ? "books balance" : `BOOKS BROKEN: ${broken.map((one) => one.invariant)}`;
    say(books);
    return absoluteRow({
      ...{ name: "stop-out", value: seconds, unit: "s", target: `< ${targetSeconds} s`, stretch: "" },
      met: seconds < targetSeconds && broken.length === 0,
      note: `${accounts} positions, one an account; ${time}; ${books}`,
    });
  } finally {
    await engine.stop();
    await watch.stop();
  }
}

const waitMaxMs = 600_000;

export async function waitFor(isSo: () => boolean): Promise<void> {
  const begun = performance.now();
  while (!isSo()) {
    if (performance.now() - begun > waitMaxMs) throw new Error(`not in ${waitMaxMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const openLeft = async (house: TestDesk): Promise<number> => {
  const { rows } = await house.db.owner.raw("SELECT count(*)::int AS left FROM positions WHERE lots <> 0");
  return rows[0].left;
};

/** The same function, whose time is told. */
const timed =
  <Args extends unknown[], Value>(run: (...args: Args) => Promise<Value>, tell: (ms: number) => void) =>
  async (...args: Args): Promise<Value> => {
    const begun = performance.now();
    try {
      return await run(...args);
    } finally {
      tell(performance.now() - begun);
    }
  };

/** Accounts in bulk, since opening them is not what is measured; their positions by the real settlement. */
export async function openPositions(house: TestDesk, accounts: number, say: (line: string) => void): Promise<void> {
  const { owner, app } = house.db;
  const { tenantId } = house;
  const { rows } = await owner.raw<{ rows: { id: string; ledger_account_id: bigint }[] }>(
    `WITH t AS (
       INSERT INTO traders (tenant_id, name) SELECT ?, 'Trader ' || n FROM generate_series(1, ?) n RETURNING id, tenant_id),
     l AS (
       INSERT INTO ledger_accounts (tenant_id, book, owner_id, kind, currency, floor)
       SELECT tenant_id, 'live', id, 'trader.cash', 'USD', 0 FROM t RETURNING id, owner_id, tenant_id)
     INSERT INTO accounts (tenant_id, trader_id, book, currency, currency_scale, ledger_account_id)
     SELECT tenant_id, owner_id, 'live', 'USD', 2, id FROM l RETURNING id, ledger_account_id`,
    [tenantId, accounts],
  );
  const ledger = await app.transaction((trx) =>
    houseAccounts(trx, { tenantId, book: "live", currency: "USD", shard: 0 }),
  );
  const settle = house.settler();
  for (let from = 0; from < rows.length; from += settledAtOnce) {
    const some = rows.slice(from, from + settledAtOnce);
    await app.transaction((trx) =>
      postTransfers(
        trx,
        some.map((row) => ({
          ...{
            tenantId,
            book: "live" as const,
            currency: "USD",
            debit: ledger.clearing,
            credit: row.ledger_account_id,
          },
          ...{ amount: money, code: transferCodes.deposit, groupId: randomUUID(), leg: 0 },
        })),
      ),
    );
    const orders = await owner.raw<{ rows: { id: string }[] }>(
      `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side,
         type, lots, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, state)
       SELECT gen_random_uuid(), tenant_id, trader_id, id, book, id::text, '\\x', 'MES', 1, 'buy', 'market', 1, 1, 20000, 20001,
         now(), now(), 'accepted' FROM accounts WHERE id = ANY (?::uuid[]) RETURNING id`,
      [some.map(({ id }) => id)],
    );
    await settle(orders.rows.map(({ id }) => id));
  }
  await owner.raw("VACUUM ANALYZE");
  say(`${accounts} accounts with one position each`);
}
