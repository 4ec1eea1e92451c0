import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { outsideMoney } from "./check-money.ts";
import type { Verdict } from "./invariants.ts";
import { outcomeOf } from "./journal.ts";
import { firstTrigger, type ModelFill, type ModelOrder, type ModelQuote, type ModelTerms, recompute } from "./model.ts";
import { orderStory } from "./order-story.ts";
import type { World } from "./world.ts";

interface Stored {
  readonly orders: ReadonlyMap<string, ModelOrder>;
  readonly quotes: ReadonlyMap<string, readonly ModelQuote[]>;
  readonly fills: ReadonlyMap<string, readonly ModelFill[]>;
  readonly terms: ReadonlyMap<string, ModelTerms>;
}

/** Invariant E: every account's balance and position is what the model makes of its deposits, its orders and the stored quotes. */
export async function checkModel(world: World, db: Knex): Promise<Verdict> {
  const stored = await read(db);
  const broken: string[] = [];
  const people = [...world.people.traders, ...world.people.extras];
  for (const { accountId, tether } of people)
    for (const id of [accountId, ...(tether === null ? [] : [tether.accountId])])
      broken.push(...(await accountFaults(world, db, stored, id)));
  for (const order of stored.orders.values()) {
    const faults = orderFaults(stored, order);
    if (faults.length > 0) broken.push(...faults, await orderStory(db, order.id));
  }
  const says =
    "Balance = money in - money out + results of the fills, recomputed from orders and stored quotes by the test's own model.";
  const looked = [...stored.fills.values()].reduce((sum, fills) => sum + fills.length, 0);
  return { invariant: "E", says, looked, broken };
}

/** Orders that wait though a stored quote meets their price. */
export async function untriggered(db: Knex): Promise<number> {
  const stored = await read(db);
  return [...stored.orders.values()].filter(
    (order) =>
      order.state === "working" &&
      order.trigger_quote_seq === null &&
      firstTrigger(order, stored.quotes.get(order.instrument_id) ?? []) !== null,
  ).length;
}

async function read(db: Knex): Promise<Stored> {
  const orders: ModelOrder[] = await db("orders").select("*");
  const quotes: (ModelQuote & { instrument_id: string })[] = await db("quotes")
    .orderBy("seq")
    .select("instrument_id", "seq", "bid_ticks", "ask_ticks", "flag");
  const fills: ModelFill[] = await db("fills").orderBy("id").select("*");
  const terms: (ModelTerms & { instrument_id: string })[] = await db("instrument_terms").select("*");
  return {
    orders: new Map(orders.map((order) => [order.id, order])),
    quotes: groupBy(quotes, (quote) => quote.instrument_id),
    fills: groupBy(fills, (fill) => fill.account_id),
    terms: new Map(terms.map((row) => [row.instrument_id, row])),
  };
}

async function accountFaults(world: World, db: Knex, stored: Stored, accountId: string): Promise<string[]> {
  const fills = stored.fills.get(accountId) ?? [];
  const bySeq = new Map(
    [...stored.quotes].map(([id, quotes]) => [id, new Map(quotes.map((quote) => [quote.seq, quote]))]),
  );
  const made = recompute(
    fills,
    (id) => stored.orders.get(id),
    (instrument, seq) => bySeq.get(instrument)?.get(seq),
    (instrument) => {
      const terms = stored.terms.get(instrument);
      if (terms === undefined) throw new Error(`no terms of ${instrument}`);
      return terms;
    },
  );
  const [row] = await db("balances as b")
    .join("accounts as a", "a.ledger_account_id", "b.ledger_account_id")
    .where("a.id", accountId)
    .select("b.posted");
  const [{ added }] = await db("transfers as t")
    .join("accounts as a", "a.ledger_account_id", "t.credit_account")
    .where({ "a.id": accountId, "t.code": 13 })
    .select(db.raw("coalesce(sum(t.amount), 0)::bigint AS added"));
  const paid = await moneyMoved(world, db, accountId);
  const balance = paid.sum + (await outsideMoney(world, db, accountId)) + made.result + BigInt(added);
  const wrong = [...made.wrong, ...paid.wrong];
  if (balance !== row.posted) wrong.push(`account ${accountId} has ${row.posted}, the model says ${balance}`);
  const positions = await db("positions").where({ account_id: accountId }).select("instrument_id", "lots");
  for (const { instrument_id: instrument, lots } of positions)
    if (lots !== (made.lots.get(instrument) ?? 0n))
      wrong.push(`account ${accountId} holds ${lots} ${instrument}, the model says ${made.lots.get(instrument) ?? 0n}`);
  return wrong;
}

/** What the clients' journal says was paid in and out, cents; an unknown outcome is looked up by its memo. */
async function moneyMoved(world: World, db: Knex, accountId: string): Promise<{ sum: bigint; wrong: string[] }> {
  const own = world.journal.entries.filter((entry) => entry.kind === "funding" && entry.accountId === accountId);
  const first = [...world.people.traders, ...world.people.extras].find((one) => one.accountId === accountId);
  let sum = first?.cents ?? 0n;
  const wrong: string[] = [];
  for (const entry of own) {
    const outcome = outcomeOf(entry);
    const [{ count }] =
      outcome === "ok" ? [{ count: 1n }] : await db("transfers").where({ memo: entry.clientId }).count();
    if (BigInt(count) > 1n) wrong.push(`funding ${entry.clientId} was posted ${count} times`);
    if (BigInt(count) > 0n) sum += BigInt(entry.cents);
    if (outcome === "refused" && BigInt(count) > 0n) wrong.push(`funding ${entry.clientId} was refused and posted`);
  }
  return { sum, wrong };
}

/** An amendment to a price that the market meets fills at once, at the quote in force then, as a new order would. */
function wasAmendedToMarket(order: ModelOrder, quotes: readonly ModelQuote[]): boolean {
  const { active_from_seq: from, trigger_quote_seq: trigger } = order;
  if (from === null || from !== trigger) return false;
  return firstTrigger({ ...order, active_from_seq: from - 1n }, quotes)?.seq === from;
}

const seenOf = (order: ModelOrder, quotes: readonly ModelQuote[]): string => {
  const { side, type, origin, state, limit_ticks: limit, stop_ticks: stop, active_from_seq: from } = order;
  const trigger = quotes.find(({ seq }) => seq === order.trigger_quote_seq);
  return `${origin} ${side} ${type} ${state}, limit ${limit}, stop ${stop}, stop reached at ${order.stop_quote_seq}, active from ${from}, trigger ${trigger?.bid_ticks}/${trigger?.ask_ticks} ${trigger?.flag}`;
};

/** What must hold of one order whatever its account: its fills, its price guard, and its trigger. */
function orderFaults(stored: Stored, order: ModelOrder): string[] {
  const quotes = stored.quotes.get(order.instrument_id) ?? [];
  const wrong: string[] = [];
  if (order.state === "filled" && !order.reduce_only && order.filled_lots !== order.lots)
    wrong.push(`order ${order.id} is filled with ${order.filled_lots} of ${order.lots} lots`);
  if (order.trigger_quote_seq !== null) {
    const first = firstTrigger(order, quotes);
    if (first?.seq !== order.trigger_quote_seq && !wasAmendedToMarket(order, quotes))
      wrong.push(
        `order ${order.id} was triggered by quote ${order.trigger_quote_seq}, the first that meets it is ${first?.seq} (${seenOf(order, quotes)})`,
      );
  } else if (order.state === "working") {
    const first = firstTrigger(order, quotes);
    if (first !== null) wrong.push(`order ${order.id} waits, though quote ${first.seq} meets its price`);
  }
  return wrong;
}
