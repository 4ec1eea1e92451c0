import type { Knex } from "knex";
import type { BookAccount, BookHolding } from "#core/book-account.ts";
import type { Instrument } from "#core/instrument.ts";
import { marginLine } from "#core/margin.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { accountsOfOrders } from "../margin/index.ts";
import { accountsWithRisk, loadRiskAccounts, type RiskAccount } from "./accounts.store.ts";

export interface AccountBookPorts {
  readonly db: Knex;
  readonly bus: Pick<Bus, "subscribe">;
  readonly instrument: (id: string) => Pick<Instrument, "assetClass"> | undefined;
  readonly log: { readonly warn: (about: object, text: string) => void };
  /** Within so many refreshes every account was compared with the database, told of or not. */
  readonly refreshesPerRound?: number;
}

/** All accounts with something at risk, in memory: as the database had them at the last `refresh`, prices left out. */
export interface AccountBook {
  /** Reads again whom it was told of since the last time, and a part of all others. */
  readonly refresh: () => Promise<void>;
  readonly accounts: () => Iterable<BookAccount>;
  readonly size: () => number;
  readonly close: () => void;
}

const batchMax = 1_000;

/** Listens first and reads after, so that nothing falls between. */
export async function openAccountBook(ports: AccountBookPorts): Promise<AccountBook> {
  const { db, bus, log, refreshesPerRound = 300 } = ports;
  const book = new Map<string, BookAccount>();
  const lineOf = sharedLines();
  const told = new Set<string>();
  const orders = new Set<string>();
  /** How far the present round of comparing has come, and what it has come across. */
  let comparedUpTo: string | null = null;
  const compared = new Set<string>();
  const unsubscribe = bus.subscribe((announcement) => {
    if (announcement.kind === "settled") told.add(announcement.accountId);
    else if (announcement.kind === "working") for (const id of announcement.orderIds) orders.add(id);
    else if (announcement.kind === "changed")
      for (const account of book.values()) if (concerns(announcement, account)) told.add(account.accountId);
  });

  const read = async (ids: readonly string[], keep: (id: string, now: BookAccount | undefined) => void) => {
    for (let from = 0; from < ids.length; from += batchMax) {
      const some = ids.slice(from, from + batchMax);
      const accounts = (await loadRiskAccounts(db, some)).map((one) =>
        bookAccount({ ...one, line: lineOf(one) }, ports),
      );
      const found = new Map(accounts.map((one) => [one.accountId, one]));
      for (const id of some) keep(id, found.get(id));
    }
  };
  const put = (id: string, now: BookAccount | undefined): void => {
    if (now === undefined || now.holdings.length === 0) book.delete(id);
    else book.set(id, now);
  };
  const readTold = async (): Promise<void> => {
    const [orderIds, ids] = [[...orders], [...told]];
    orders.clear();
    told.clear();
    try {
      const theirs = orderIds.length === 0 ? [] : await accountsOfOrders(db, orderIds);
      await read([...new Set([...ids, ...theirs])], put);
    } catch (error) {
      for (const id of orderIds) orders.add(id);
      for (const id of ids) told.add(id);
      throw error;
    }
  };
  /** The next accounts in the order of their ids; beyond the last those follow that the round has not come across, and it begins again. */
  const compareSome = async (limit: number): Promise<void> => {
    const ids = await accountsWithRisk(db, { after: comparedUpTo, tenantId: null, book: null }, limit);
    comparedUpTo = ids.length < limit ? null : (ids.at(-1) ?? null);
    for (const id of ids) compared.add(id);
    const gone = comparedUpTo === null ? [...book.keys()].filter((id) => !compared.has(id)) : [];
    if (comparedUpTo === null) compared.clear();
    let surprises = 0;
    await read([...ids, ...gone], (id, now) => {
      if (!told.has(id) && holdingsText(book.get(id)) !== holdingsText(now)) surprises += 1;
      put(id, now);
    });
    if (surprises > 0) log.warn({ accounts: surprises }, "positions changed without the exposure desk being told");
  };
  const readAll = async (): Promise<void> => {
    for (let after: string | null = null, more = true; more; ) {
      const ids = await accountsWithRisk(db, { after, tenantId: null, book: null }, batchMax);
      await read(ids, put);
      after = ids.at(-1) ?? null;
      more = ids.length === batchMax;
    }
  };
  try {
    await readAll();
  } catch (error) {
    unsubscribe();
    throw error;
  }
  return {
    refresh: async () => {
      await readTold();
      await compareSome(Math.max(100, Math.ceil(book.size / refreshesPerRound)));
    },
    accounts: () => book.values(),
    size: () => book.size,
    close: unsubscribe,
  };
}

/** Traders of one agent share his line in memory: text by text the lines would be half of an account's weight. */
function sharedLines(): (account: RiskAccount) => readonly string[] {
  const lines = new Map<string, readonly string[]>();
  return ({ line }) => {
    const key = line.join();
    const known = lines.get(key) ?? line;
    lines.set(key, known);
    return known;
  };
}

/** A move in the tree concerns all below, a trader's own change him, a group's levels whoever is in it: that is not known here. */
function concerns({ resource, id }: { resource: string; id: string | null }, account: BookAccount): boolean {
  if (resource === "trader-groups") return true;
  if (resource === "traders") return id === null || account.traderId === id;
  return resource === "agents" && (id === null || account.line.includes(id));
}

function bookAccount(account: RiskAccount, { instrument }: Pick<AccountBookPorts, "instrument">): BookAccount {
  const { accountId, traderId, tenantId, line, book, currency, currencyScale, stage, balance, thresholds } = account;
  const holdings = account.holdings.flatMap(({ instrumentId, position, resting, terms }): BookHolding[] => {
    const assetClass = instrument(instrumentId)?.assetClass;
    if (assetClass === undefined) return [];
    const load = { position: position.lots, pendingBuy: resting.buy, pendingSell: resting.sell };
    const working = account.working.get(instrumentId) ?? 0;
    return [
      { instrumentId, assetClass, position, tickValue: terms.tickValue, required: marginLine(load, terms), working },
    ];
  });
  return {
    ...{ accountId, traderId, tenantId, line, book, currency, currencyScale, stage, balance, holdings },
    stopOut: thresholds.stopOut,
  };
}

/** Money comes and goes without an announcement: only what is held is compared. */
const holdingsText = (account: BookAccount | undefined): string =>
  JSON.stringify(account?.holdings ?? [], (_name, value) => (typeof value === "bigint" ? value.toString() : value));
