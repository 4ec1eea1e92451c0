import type { ExposureGrouping, WorstOrder } from "#contracts/exposure-names.ts";
import type { AssetClass, Book } from "#contracts/names.ts";
import type { BookAccount, BookHolding } from "./book-account.ts";
import { absolute, unrealizedPnl } from "./position.ts";
import type { Quote } from "./quote.ts";
import { type WorstAccount, worstAccounts } from "./worst-accounts.ts";

/** Which part of the book is looked at, and how it is added up. What is undefined does not narrow it. */
export interface ExposureQuestion {
  readonly book: Book;
  readonly by: ExposureGrouping;
  readonly worst: WorstOrder;
  readonly tenantId?: number | undefined;
  /** The agent and all below. */
  readonly agentId?: string | undefined;
  /** Only the traders right below that agent, or of the partner without an agent. */
  readonly direct?: boolean | undefined;
  readonly assetClass?: AssetClass | undefined;
  readonly instrumentId?: string | undefined;
}

export type Mark = Pick<Quote, "bid" | "ask" | "last">;

/** Sums over positions in one currency. Lots of different instruments are added as they are; money is exact. */
export interface ExposureSums {
  readonly currency: string;
  readonly scale: number;
  long: bigint;
  short: bigint;
  /** Signed, and both sides together; lots x price x tick value. Positions without a price are left out and counted. */
  notional: bigint;
  gross: bigint;
  unrealized: bigint;
  required: bigint;
  accounts: number;
  working: number;
  unpriced: number;
}

export interface ExposureRow extends ExposureSums {
  /** Instrument, class, partner's number, agent or trader; of agents "" is who is right below the one that is asked about. */
  readonly group: string;
}

export interface BookExposure {
  /** The largest gross notional first. */
  readonly rows: readonly ExposureRow[];
  /** How many there are beyond those. */
  readonly more: number;
  readonly totals: readonly ExposureSums[];
  readonly worst: readonly WorstAccount[];
}

/** Adds up the accounts of a question one by one. Only the first `rows` groups and the first `worst` accounts are told. */
export function bookExposure(
  question: ExposureQuestion,
  markOf: (instrumentId: string) => Mark | undefined,
  most: { readonly rows: number; readonly worst: number },
): { readonly add: (account: BookAccount) => void; readonly result: () => BookExposure } {
  const currencies = new Map<string, InCurrency>();
  const worst = worstAccounts(question.worst, most.worst);
  const add = (account: BookAccount): void => {
    if (!isAsked(question, account)) return;
    let isIn = false;
    let gross = 0n;
    let unrealized = 0n;
    let required = 0n;
    for (const holding of account.holdings) {
      const worth = worthOf(holding, markOf(holding.instrumentId));
      gross += worth.gross;
      unrealized += worth.unrealized;
      required += holding.required;
      if (!isHoldingAsked(question, holding)) continue;
      isIn = true;
      const { rows, total } = inCurrency(currencies, account);
      const group = groupOf(question, account, holding);
      let row = rows.get(group);
      if (row === undefined) {
        row = { sums: { group, ...noSums(account) }, last: "" };
        rows.set(group, row);
      }
      count(row, account, holding, worth);
      count(total, account, holding, worth);
    }
    if (!isIn) return;
    const money = { equity: account.balance + unrealized, required, unrealized, gross };
    worst.add(account, money);
  };
  return {
    add,
    result: () => ({
      ...largest(
        [...currencies.values()].map(({ rows }) => rows),
        most.rows,
      ),
      totals: [...currencies.values()]
        .map(({ total }) => total.sums)
        .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
      worst: worst.result(),
    }),
  };
}

/** Lots x this = what a position is worth in ticks: the last trade, or else the middle (half a tick is cut off). */
export const notionalPrice = ({ bid, ask, last }: Mark): bigint => last ?? (bid + ask) / 2n;

function isAsked({ book, tenantId, agentId, direct }: ExposureQuestion, account: BookAccount): boolean {
  if (account.book !== book) return false;
  if (tenantId !== undefined && account.tenantId !== tenantId) return false;
  if (direct === true) return account.line.at(-1) === agentId;
  return agentId === undefined || account.line.includes(agentId);
}

const isHoldingAsked = ({ instrumentId, assetClass }: ExposureQuestion, holding: BookHolding): boolean =>
  (instrumentId === undefined || holding.instrumentId === instrumentId) &&
  (assetClass === undefined || holding.assetClass === assetClass);

function groupOf({ by, agentId }: ExposureQuestion, account: BookAccount, holding: BookHolding): string {
  switch (by) {
    case "instrument":
      return holding.instrumentId;
    case "class":
      return holding.assetClass;
    case "partner":
      return String(account.tenantId);
    case "agent":
      return account.line[agentId === undefined ? 0 : account.line.indexOf(agentId) + 1] ?? "";
    case "trader":
      return account.traderId;
  }
}

interface InCurrency {
  readonly rows: Map<string, Counted<ExposureRow>>;
  readonly total: Counted<ExposureSums>;
}

function inCurrency(currencies: Map<string, InCurrency>, account: BookAccount): InCurrency {
  const known = currencies.get(account.currency);
  if (known !== undefined) return known;
  const made: InCurrency = { rows: new Map(), total: { sums: noSums(account), last: "" } };
  currencies.set(account.currency, made);
  return made;
}

interface Worth {
  readonly net: bigint;
  readonly gross: bigint;
  readonly unrealized: bigint;
  readonly isPriced: boolean;
}

function worthOf({ position, tickValue }: BookHolding, mark: Mark | undefined): Worth {
  if (mark === undefined || position.lots === 0n) return { ...noWorth, isPriced: position.lots === 0n };
  const net = position.lots * notionalPrice(mark) * tickValue;
  const unrealized = unrealizedPnl(position, mark, { tickValue });
  return { net, gross: net < 0n ? -net : net, unrealized, isPriced: true };
}

const noWorth = { net: 0n, gross: 0n, unrealized: 0n };

/** `last`: the account that was counted last, so that it counts once whatever it holds. */
interface Counted<Sums extends ExposureSums> {
  readonly sums: Sums;
  last: string;
}

function count(
  counted: Counted<ExposureSums>,
  { accountId }: BookAccount,
  holding: BookHolding,
  { net, gross, unrealized, isPriced }: Worth,
): void {
  const { sums } = counted;
  const { lots } = holding.position;
  if (lots > 0n) sums.long += lots;
  else sums.short += absolute(lots);
  sums.notional += net;
  sums.gross += gross;
  sums.unrealized += unrealized;
  sums.required += holding.required;
  sums.working += holding.working;
  if (!isPriced) sums.unpriced += 1;
  if (counted.last === accountId) return;
  counted.last = accountId;
  sums.accounts += 1;
}

const noSums = ({ currency, currencyScale: scale }: BookAccount): ExposureSums => ({
  ...{ currency, scale, long: 0n, short: 0n, notional: 0n, gross: 0n, unrealized: 0n, required: 0n },
  ...{ accounts: 0, working: 0, unpriced: 0 },
});

/** There may be as many rows as traders: only those that come in question are sorted. */
function largest(
  found: readonly ReadonlyMap<string, Counted<ExposureRow>>[],
  max: number,
): Pick<BookExposure, "rows" | "more"> {
  let kept: ExposureRow[] = [];
  let least: bigint | null = null;
  let all = 0;
  for (const rows of found)
    for (const { sums } of rows.values()) {
      all += 1;
      if (least !== null && sums.gross < least) continue;
      kept.push(sums);
      if (kept.length < 4 * max) continue;
      kept = kept.sort(largestFirst).slice(0, max);
      least = kept.at(-1)?.gross ?? null;
    }
  const rows = kept.sort(largestFirst).slice(0, max);
  return { rows, more: all - rows.length };
}

const largestFirst = (a: ExposureRow, b: ExposureRow): number =>
  a.gross > b.gross ? -1 : a.gross < b.gross ? 1 : a.group < b.group ? -1 : 1;
